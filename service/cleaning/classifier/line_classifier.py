"""The evidence is weighed: how likely a line is one of the article's.

Two judges are heard and their likelihoods averaged: a weighted sum (logistic
regression), and a stand of small decision trees (gradient boosting).  Both are plain
numbers in judge.json, written by benchmarks/train_cleaner.py; neither is ever heard
alone, because each errs where the other does not (measured across publishers).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np

from service.cleaning.classifier.tree_ensemble import (
    Indices,
    Numbers,
    TreeEnsemble,
    build_ensemble,
)

REASONS = 3
"""Reasons that are named for a cut."""


@dataclass(frozen=True, slots=True)
class LineClassifier:
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

    stand: TreeEnsemble = field(init=False)
    """The same trees, laid out to be asked all at once."""

    def __post_init__(self) -> None:
        """Lay the trees out."""
        children = np.stack([self.below, self.above])
        stand = build_ensemble(
            self.roots, self.feature, self.threshold_at, children, self.value
        )
        object.__setattr__(self, "stand", stand)

    def evidence(self, columns: Mapping[str, Numbers], lines: Sequence[int]) -> Numbers:
        """Lay out what is weighed: a row for each of the lines, in their order."""
        table = np.array([columns[name] for name in self.names])
        return np.ascontiguousarray(table[:, list(lines)].T)

    def likelihood(self, table: Numbers) -> Numbers:
        """Return, for each row of evidence, how likely it is the article's (0 to 1)."""
        summed = (table - self.centre) / self.scale @ self.weights + self.bias
        grown = self.stand.total(table) + self.baseline
        return (_logistic(summed) + _logistic(grown)) / 2

    def reasons(self, table: Numbers) -> list[tuple[str, ...]]:
        """Name, for each row of evidence, what spoke most against it, in order."""
        against = (table - self.centre) / self.scale * self.weights
        rows = np.arange(len(table))
        named: list[list[str]] = [[] for _ in table]
        # A row has hundreds of columns: to find the least thrice is faster than a sort.
        for _ in range(REASONS):
            worst = against.argmin(axis=1)
            speaks = against[rows, worst] < 0
            for row in np.flatnonzero(speaks):
                named[row].append(self.names[worst[row]])
            against[rows, worst] = 0
        return [tuple(names) for names in named]


def _logistic(odds: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(odds, -30, 30)))


@cache
def load_classifier() -> LineClassifier:
    """Read what was learned and ships with the package."""
    text = (
        files("service.cleaning.classifier")
        .joinpath("line_classifier.json")
        .read_text("utf-8")
    )
    learned: dict[str, float | Sequence[float]] = json.loads(text)
    fields = {name: parse_field(name, value) for name, value in learned.items()}
    return LineClassifier(**fields)  # type: ignore[arg-type]  # the file has the fields' types


def parse_field(name: str, value: float | Sequence[float]) -> object:
    """Convert a field of line_classifier.json to the type that the model holds."""
    if name in {"bias", "baseline"}:
        return value
    if name == "names":
        return tuple(value)  # type: ignore[arg-type]  # a list of names
    kind = np.intp if name in {"feature", "below", "above", "roots"} else np.float64
    return np.array(value, dtype=kind)
