"""Measure the gain of a voice when it is installed."""

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
from voices.loudness.limiter import TARGET_LUFS, limit_peaks
from voices.open_engine import open_engine
from voices.sentence import Sentence, Token

LOWEST_GAIN_DB, HIGHEST_GAIN_DB = -12.0, 24.0
"""A voice that needs more is mostly silence or noise.  At the lowest no voice is loud
enough for the limiter to act."""

_PRECISION_DB = 0.1

_PAUSE_MS = 500
"""Between sentences, as in an article: pauses affect the loudness a little."""

_FULL_SCALE = 32768

MonoSamples = NDArray[np.float32]


def measure_gain(
    installed: InstalledVoice,
    cache: Path | None,
    device: str = "cpu",
    *,
    compile_graph: bool = True,
) -> float:
    """Return the gain in dB that brings a voice to `TARGET_LUFS`, to a tenth.

    The samples are rendered once, below the limiter's threshold; then the gain is found
    by bisection through the limiter, which lowers the loudness by itself.

    Raises:
        InvalidVoice: the voice cannot be opened, fails on its own language, or is
            silent.
    """
    quiet = replace(installed, voice=replace(installed.voice, gain_db=LOWEST_GAIN_DB))
    spoken = _spoken(quiet, cache, device, compile_graph=compile_graph)
    rate = installed.voice.sample_rate
    if not math.isfinite(_loudness(spoken, HIGHEST_GAIN_DB - LOWEST_GAIN_DB, rate)):
        message = f"Voice {installed.voice.id} makes no sound; choose another."
        raise InvalidVoice(message)
    low, high = LOWEST_GAIN_DB, HIGHEST_GAIN_DB
    while high - low > _PRECISION_DB:
        middle = (low + high) / 2
        if _loudness(spoken, middle - LOWEST_GAIN_DB, rate) < TARGET_LUFS:
            low = middle
        else:
            high = middle
    return round(high, 1)


def _loudness(spoken: list[MonoSamples], gain_db: float, rate: int) -> float:
    """Return the LUFS of sentences after gain and limiter."""
    gain = 10 ** (gain_db / 20)
    pause = Audio.silence(_PAUSE_MS, rate)
    heard: list[Audio] = []
    for sound in spoken:
        heard += [
            *(Audio(samples, rate) for samples in limit_peaks([sound], gain, rate)),
            pause,
        ]
    joined = Audio.join(heard, rate).samples.astype(np.float32)
    return integrated_loudness(joined / np.float32(_FULL_SCALE), rate)


def _spoken(
    installed: InstalledVoice, cache: Path | None, device: str, *, compile_graph: bool
) -> list[MonoSamples]:
    """Render the sample sentences of its language; floats from -1 to 1."""
    voice = installed.voice
    try:
        engine = open_engine(installed, cache, device, compile_graph=compile_graph)
        return [_speak(engine, text) for text in sample_of(voice.language)]
    except InvalidVoice:
        raise
    # Bad configurations, the phonemizer and its missing packages raise unrelated
    # errors; each makes the voice unusable.
    except Exception as error:
        raise InvalidVoice(
            f"Voice {voice.id} cannot speak its own language, {voice.language}"
            f" ({_reason(error)}); choose another."
        ) from error


def _speak(engine: Engine, text: str) -> MonoSamples:
    tokens = tuple(Token(word, None) for word in text.split())
    sound = engine.speak(Sentence(text, tokens, pause_after=0)).sound()
    return sound.samples.astype(np.float32) / np.float32(_FULL_SCALE)


def _reason(error: Exception) -> str:
    if isinstance(error, ImportError) and error.name:
        return f"the Python package {error.name} is not installed"
    return str(error).rstrip(".") or type(error).__name__
