"""The evidence is weighed: how likely a line is one of the article's.

Two judges are heard and their likelihoods averaged: a weighted sum (logistic
regression), and a stand of small decision trees (gradient boosting).  Both are plain
numbers in judge.json, written by benchmarks/train_cleaner.py; neither is ever heard
alone, because each errs where the other does not (measured across publishers).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]

REASONS = 3
"""Reasons that are named for a cut."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What was learned."""

    names: tuple[str, ...]
    """The columns that are weighed, in order."""

    centre: Numbers
    scale: Numbers
    weights: Numbers
    """Of the weighted sum: (column - centre) / scale * weight, one for each name."""

    bias: float

    feature: Indices
    threshold_at: Numbers
    below: Indices
    above: Indices
    value: Numbers
    """Of the trees' nodes: the column asked, the value up to which to go `below`, the
    nodes to go to; a leaf leads to itself and has its value."""

    roots: Indices
    """The first node of each tree."""

    baseline: float

    def evidence(self, columns: Mapping[str, Numbers], lines: Sequence[int]) -> Numbers:
        """Lay out what is weighed: a row for each of the lines, in their order."""
        asked = np.array(lines, dtype=np.intp)
        return np.column_stack([columns[name][asked] for name in self.names])

    def likelihood(self, table: Numbers) -> Numbers:
        """Return, for each row of evidence, how likely it is the article's (0 to 1)."""
        summed = (table - self.centre) / self.scale @ self.weights + self.bias
        return (_logistic(summed) + _logistic(self._grown(table))) / 2

    def reasons(self, table: Numbers) -> list[tuple[str, ...]]:
        """Name, for each row of evidence, what spoke most against it, in order."""
        against = (table - self.centre) / self.scale * self.weights
        # Only the few strongest are sorted: a row has hundreds.
        few = np.argpartition(against, REASONS, axis=1)[:, :REASONS]
        return [
            tuple(
                self.names[at]
                for at in sorted(places, key=row.__getitem__)
                if row[at] < 0
            )
            for row, places in zip(against, few, strict=True)
        ]

    def _grown(self, table: Numbers) -> Numbers:
        cells = table.ravel()
        row = np.arange(len(table))[:, np.newaxis] * table.shape[1]
        node = np.broadcast_to(self.roots, (len(table), len(self.roots)))
        while True:
            asked = cells.take(row + self.feature.take(node))
            up = asked > self.threshold_at.take(node)
            following = np.where(up, self.above.take(node), self.below.take(node))
            if np.array_equal(following, node):
                total: Numbers = self.value.take(node).sum(axis=1) + self.baseline
                return total
            node = following


def _logistic(odds: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


@cache
def packaged_judge() -> Judge:
    """Read what was learned and ships with the package."""
    text = files("service.cleaning").joinpath("judge.json").read_text("utf-8")
    learned: dict[str, float | Sequence[float]] = json.loads(text)
    fields = {name: _field(name, value) for name, value in learned.items()}
    return Judge(**fields)  # type: ignore[arg-type]  # the file has the fields' types


def _field(name: str, value: float | Sequence[float]) -> object:
    if name in {"bias", "baseline"}:
        return value
    if name == "names":
        return tuple(value)  # type: ignore[arg-type]  # a list of names
    kind = np.intp if name in {"feature", "below", "above", "roots"} else np.float64
    return np.array(value, dtype=kind)
