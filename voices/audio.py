"""Audio samples: `Audio`."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Mono audio."""

    samples: Samples
    """Shape (n,), 16-bit signed."""

    rate: int
    """Samples per second."""

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / self.rate

    @classmethod
    def silence(cls, milliseconds: int, rate: int) -> "Audio":
        """Return silence, rounded to the nearest sample."""
        length = round(milliseconds * rate / 1000)
        return cls(np.zeros(length, dtype=np.int16), rate)

    @classmethod
    def join(cls, chunks: Iterable["Audio"], rate: int) -> "Audio":
        """Concatenate chunks of the same rate."""
        samples = [chunk.samples for chunk in chunks]
        return cls(np.concatenate([np.zeros(0, dtype=np.int16), *samples]), rate)
