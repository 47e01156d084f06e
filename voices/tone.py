"""Test voice: a tone per word, for tests, demonstrations and dry runs.

It plays one beat per word, at a pitch that depends on the word, so that audio can be
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

_BEAT_SAMPLES = 2205
"""Length of a word: 0.1 s."""

_PITCHES_HZ = np.linspace(220.0, 440.0, 12)
"""An octave in twelve even steps."""


class ToneEngine:
    """Engine of the tone voice."""

    voice = TONE
    description = "tone 1"
    repeatable = True

    def speak(self, sentence: Sentence) -> Utterance:
        """Play one beat per spoken word; raises SynthesisFailed."""
        words = sentence.spoken.split()
        if not words:
            raise SynthesisFailed("A sentence without words cannot be spoken.")
        beats = [0, *accumulate(len(token.spoken.split()) for token in sentence.tokens)]
        return Utterance(
            words=tuple(
                TokenTiming(a * _BEAT_SAMPLES, b * _BEAT_SAMPLES)
                for a, b in pairwise(beats)
            ),
            rate=TONE.sample_rate,
            chunks=lambda **_: (Audio(_beat(word), TONE.sample_rate) for word in words),
        )


def _beat(word: str) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    pitch = _PITCHES_HZ[zlib.crc32(word.encode()) % len(_PITCHES_HZ)]
    time = np.arange(_BEAT_SAMPLES) / TONE.sample_rate
    swell = np.sin(np.pi * np.arange(_BEAT_SAMPLES) / _BEAT_SAMPLES)
    hum = 8000 * swell * np.sin(2 * np.pi * pitch * time)
    beat: np.ndarray[tuple[int], np.dtype[np.int16]] = np.rint(hum).astype(np.int16)
    return beat
