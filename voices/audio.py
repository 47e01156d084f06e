"""Sound as samples: `Audio`."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Mono sound."""

    samples: Samples
    """Shape (n,), 16-bit signed."""

    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate

    @classmethod
    def silence(cls, milliseconds: int, rate: int) -> "Audio":
        """Nothing, for a while; rounded to the nearest sample."""
        length = round(milliseconds * rate / 1000)
        return cls(np.zeros(length, dtype=np.int16), rate)

    @classmethod
    def join(cls, pieces: Iterable["Audio"], rate: int) -> "Audio":
        """Lay pieces of one rate end to end."""
        samples = [piece.samples for piece in pieces]
        return cls(np.concatenate([np.zeros(0, dtype=np.int16), *samples]), rate)
