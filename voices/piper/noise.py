"""The chance in a voice: numbers that look drawn and are the same every time.

They come from a counter-based generator (Philox) that is seeded by what is said, so the
same sentence sounds the same in every article, process and order.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

Noise = NDArray[np.float32]


def generator_for(identity: bytes) -> np.random.Generator:
    """Return a sentence's generator: the first 64 bits of its hash are the seed."""
    digest = hashlib.sha256(identity).digest()
    return np.random.Generator(np.random.Philox(int.from_bytes(digest[:8], "big")))


def draw_rhythm(generator: np.random.Generator, phonemes: int) -> Noise:
    """Draw the noise of the durations, shape [1, 2, phonemes]."""
    return generator.standard_normal((1, 2, phonemes), dtype=np.float32)


def draw_sound(generator: np.random.Generator, channels: int, frames: int) -> Noise:
    """Draw the noise of the sound, shape [1, channels, frames].

    Frame after frame, so that a frame has the same numbers however many follow it.
    """
    drawn = generator.standard_normal((frames, channels), dtype=np.float32)
    return np.ascontiguousarray(drawn.T)[np.newaxis]
