"""The parts of a compiled voice, one after another: each makes pieces of what it can.

A piece is the same whether it was made by itself or with all the others, because a part
takes as much around it as its kernels reach.  Positions are along the last axis.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from voices.piper.sessions import run

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What a part must know to make a piece of what it makes by itself."""

    finer: int
    """Positions that one position of what it is given becomes."""

    halo: int
    """Positions, of those it is given, on each side of a piece without which what is
    made of it would differ."""

    step: int
    """Positions of which what it is given must begin at a multiple."""


@dataclass(frozen=True, slots=True)
class StageBoundary:
    """How a part of a voice is joined to the one before it and the one after it."""

    given: str
    made: str
    """Names of the tensors."""

    reach: ReceptiveField


class FrameSource(Protocol):
    """Something made piece by piece."""

    def piece(self, first: int, last: int, ahead: int) -> Floats:
        """Positions from the first to before the last; those up to `ahead` come next.

        To make the next ones with these may be cheaper than to make them later.
        """
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """What there is from the beginning."""

    floats: Floats

    def piece(self, first: int, last: int, ahead: int) -> Floats:
        """Cut it out."""
        del ahead
        return self.floats[..., first:last]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a graph makes of a row; only what is asked is made, and none of it is kept.

    Its pieces are asked in positions of the row that it is given.
    """

    session: InferenceSession
    joint: StageBoundary
    row: FrameSource
    total: int
    """Positions of the row."""

    def piece(self, first: int, last: int, ahead: int) -> Floats:
        """Make what the positions from the first to before the last become."""
        reach = self.joint.reach
        start = max(0, first - reach.halo) // reach.step * reach.step
        stop = min(self.total, last + reach.halo)
        around = self.row.piece(start, stop, min(self.total, ahead + reach.halo))
        values = {self.joint.given: np.ascontiguousarray(around)}
        (made,) = run(self.session, [self.joint.made], values)
        piece: Floats = made[
            ..., (first - start) * reach.finer : (last - start) * reach.finer
        ]
        return piece


class Memoized:
    """What a part has made so far, from the beginning; more is made when asked."""

    def __init__(self, part: Stage) -> None:
        """Begin with nothing."""
        self._part = part
        self._finer = part.joint.reach.finer
        self._made: Floats | None = None

    def piece(self, first: int, last: int, ahead: int) -> Floats:
        """Return it; what of it is missing is made, and up to `ahead` at once."""
        made = self._made
        done = 0 if made is None else made.shape[-1]
        if made is None or done < last:
            to = -(-max(last, ahead) // self._finer)
            more = self._part.piece(done // self._finer, to, to)
            made = more if made is None else np.concatenate([made, more], axis=-1)
            self._made = made
        return made[..., first:last]
