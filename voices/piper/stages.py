"""Stages of a compiled voice: each computes any range of positions on request.

A range is the same whether it is computed alone or with the rest, because a stage takes
as much context as its receptive field needs.  Positions are along the last axis.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from voices.piper.sessions import run

Rows = NDArray[np.float32]
"""Values by position, shape [1, channels, ..., positions]."""


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """Context that a stage needs to compute a range by itself."""

    upsampling: int
    """Output positions per input position."""

    halo: int
    """Input positions on each side of a range that its output depends on."""

    alignment: int
    """The input must begin at a multiple of this many positions."""


@dataclass(frozen=True, slots=True)
class StageBoundary:
    """Names of a stage's input and output, and its receptive field."""

    input: str
    output: str

    field: ReceptiveField


class FrameSource(Protocol):
    """A row that is computed range by range."""

    def piece(self, first: int, last: int, lookahead: int) -> Rows:
        """Return the positions from `first` to before `last`.

        Positions up to `lookahead` will be asked for next; computing them now may be
        cheaper than computing them later.
        """
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A row that exists in full."""

    row: Rows

    def piece(self, first: int, last: int, lookahead: int) -> Rows:
        """Return a slice."""
        del lookahead
        return self.row[..., first:last]


@dataclass(frozen=True, slots=True)
class Stage:
    """A graph that computes its output from a row, on request and without memory.

    Ranges are given in positions of its input.
    """

    session: InferenceSession
    boundary: StageBoundary
    row: FrameSource
    total: int
    """Input positions."""

    def piece(self, first: int, last: int, lookahead: int) -> Rows:
        """Compute the output of the input positions `first` to before `last`."""
        field = self.boundary.field
        start = max(0, first - field.halo) // field.alignment * field.alignment
        stop = min(self.total, last + field.halo)
        around = self.row.piece(start, stop, min(self.total, lookahead + field.halo))
        values = {self.boundary.input: np.ascontiguousarray(around)}
        (output,) = run(self.session, [self.boundary.output], values)
        piece: Rows = output[
            ..., (first - start) * field.upsampling : (last - start) * field.upsampling
        ]
        return piece


class Memoized:
    """The output of a stage so far, from the beginning; grows on request."""

    def __init__(self, stage: Stage) -> None:
        """Start with an empty output."""
        self._stage = stage
        self._upsampling = stage.boundary.field.upsampling
        self._output: Rows | None = None

    def piece(self, first: int, last: int, lookahead: int) -> Rows:
        """Return a range; compute what is missing, up to `lookahead` in one run."""
        output = self._output
        done = 0 if output is None else output.shape[-1]
        if output is None or done < last:
            stop = -(-max(last, lookahead) // self._upsampling)
            more = self._stage.piece(done // self._upsampling, stop, stop)
            output = more if output is None else np.concatenate([output, more], axis=-1)
            self._output = output
        return output[..., first:last]
