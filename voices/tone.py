"""A voice that hums: for tests, demonstrations and dry runs.

It hums one beat a word, at a pitch that the word determines, so that sound can be
checked against a script by ear or by counting beats.
"""

import zlib
from itertools import accumulate, pairwise

import numpy as np

from voices.audio import Audio
from voices.engine import TokenTiming, Utterance
from voices.errors import SynthesisFailed
from voices.sentence import Sentence
from voices.voice import Voice

TONE = Voice(
    id="tone",
    language="mul",  # ISO 639-2: many languages
    licence="CC0",
    credit="A sine wave.",
    sample_rate=22050,
    model_sha256="tone-1",
    gain_db=0.0,
)

_BEAT = 2205
"""Samples a word lasts: a tenth of a second."""

_PITCHES = np.linspace(220.0, 440.0, 12)
"""Hertz; an octave in twelve even steps."""


class ToneEngine:
    """Hums sentences."""

    voice = TONE
    description = "tone 1"
    repeatable = True

    def speak(self, sentence: Sentence) -> Utterance:
        """Hum one beat for every spoken word."""
        words = sentence.spoken.split()
        if not words:
            raise SynthesisFailed("A sentence without words cannot be spoken.")
        beats = [0, *accumulate(len(one.spoken.split()) for one in sentence.tokens)]
        return Utterance(
            words=tuple(TokenTiming(a * _BEAT, b * _BEAT) for a, b in pairwise(beats)),
            rate=TONE.sample_rate,
            pieces=lambda _: (Audio(_beat(word), TONE.sample_rate) for word in words),
        )


def _beat(word: str) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    pitch = _PITCHES[zlib.crc32(word.encode()) % len(_PITCHES)]
    time = np.arange(_BEAT) / TONE.sample_rate
    swell = np.sin(np.pi * np.arange(_BEAT) / _BEAT)
    hum = 8000 * swell * np.sin(2 * np.pi * pitch * time)
    beat: np.ndarray[tuple[int], np.dtype[np.int16]] = np.rint(hum).astype(np.int16)
    return beat
