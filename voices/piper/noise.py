"""Reproducible noise for the model.

A counter-based generator (Philox) is seeded by the sentence, so the same sentence
sounds the same in every article, process and order.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

Noise = NDArray[np.float32]


def generator_for(identity: bytes) -> np.random.Generator:
    """Return a sentence's generator, seeded by the first 64 bits of its hash."""
    digest = hashlib.sha256(identity).digest()
    return np.random.Generator(np.random.Philox(int.from_bytes(digest[:8], "big")))


def draw_rhythm(generator: np.random.Generator, phonemes: int) -> Noise:
    """Draw the noise of the durations, shape [1, 2, phonemes]."""
    return generator.standard_normal((1, 2, phonemes), dtype=np.float32)


def draw_sound(generator: np.random.Generator, channels: int, frames: int) -> Noise:
    """Draw the noise of the sound, shape [1, channels, frames].

    Drawn frame by frame, so a frame's numbers do not depend on how many follow.
    """
    drawn = generator.standard_normal((frames, channels), dtype=np.float32)
    return np.ascontiguousarray(drawn.T)[np.newaxis]
