"""How much louder a voice must be: measured once, when it is added."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voices.audio import Audio
from voices.catalogue import InstalledVoice
from voices.engine import Engine
from voices.errors import InvalidVoice
from voices.install.sample_texts import sample_of
from voices.loudness.bs1770 import integrated_loudness
from voices.loudness.limiter import LOUDNESS, limit_peaks
from voices.open_engine import open_engine
from voices.sentence import Sentence, Token

LOWEST, HIGHEST = -12.0, 24.0
"""Decibels; a voice that would need more is mostly silence or noise.  With the lowest
no voice is so loud that the limiter would act."""

_STEP = 0.1
"""Decibels to which the gain is found."""

_PAUSE = 500
"""Milliseconds between sentences, about as in an article: pauses count a little."""

_FULL_SCALE = 32768

Floats = NDArray[np.float32]


def measure_gain(
    installed: InstalledVoice, cache: Path | None, processor: str = "cpu"
) -> float:
    """Return the decibels that bring a voice to `LOUDNESS`, to a tenth.

    It speaks once, so softly that nothing is limited; that is levelled with one gain
    after the other, because the limiter takes something of each.  Raises InvalidVoice
    when it cannot be opened, cannot speak its own language or says nothing.
    """
    softly = replace(installed, voice=replace(installed.voice, gain_db=LOWEST))
    spoken = _spoken(softly, cache, processor)
    rate = installed.voice.sample_rate
    if not math.isfinite(_loudness(spoken, HIGHEST - LOWEST, rate)):
        message = f"Voice {installed.voice.id} makes no sound; choose another."
        raise InvalidVoice(message)
    low, high = LOWEST, HIGHEST
    while high - low > _STEP:
        middle = (low + high) / 2
        if _loudness(spoken, middle - LOWEST, rate) < LOUDNESS:
            low = middle
        else:
            high = middle
    return round(high, 1)


def _loudness(spoken: list[Floats], gain_db: float, rate: int) -> float:
    """LUFS of sentences as they are heard with a gain."""
    gain = 10 ** (gain_db / 20)
    pause = Audio.silence(_PAUSE, rate)
    heard: list[Audio] = []
    for sound in spoken:
        heard += [
            *(Audio(one, rate) for one in limit_peaks([sound], gain, rate)),
            pause,
        ]
    samples = Audio.join(heard, rate).samples.astype(np.float32)
    return integrated_loudness(samples / np.float32(_FULL_SCALE), rate)


def _spoken(
    installed: InstalledVoice, cache: Path | None, processor: str
) -> list[Floats]:
    """Sentences of its language, -1 to 1."""
    voice = installed.voice
    try:
        engine = open_engine(installed, cache, processor)
        return [_said(engine, text) for text in sample_of(voice.language)]
    except InvalidVoice:
        raise
    # What configurations can hold, what turns text into phonemes and what it lacks has
    # no common error; each is a verdict on the voice.
    except Exception as error:
        raise InvalidVoice(
            f"Voice {voice.id} cannot speak its own language, {voice.language}"
            f" ({_reason(error)}); choose another."
        ) from error


def _said(engine: Engine, text: str) -> Floats:
    tokens = tuple(Token(word, None) for word in text.split())
    sound = engine.speak(Sentence(text, tokens, pause_after=0)).sound()
    return sound.samples.astype(np.float32) / np.float32(_FULL_SCALE)


def _reason(error: Exception) -> str:
    if isinstance(error, ImportError) and error.name:
        return f"the Python package {error.name} is not installed"
    return str(error).rstrip(".") or type(error).__name__
