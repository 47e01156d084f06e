"""Classify lines: how likely each belongs to the article.

The likelihood is the mean of two models' likelihoods: logistic regression and gradient
boosting of small decision trees.  Both are plain numbers in line_classifier.json,
written by benchmarks/train_cleaner.py.  They are only used together, because each errs
where the other does not (measured across publishers).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np

from service.cleaning.classifier.feature_arrays import FeatureArray
from service.cleaning.classifier.tree_ensemble import (
    FeatureMatrix,
    FeatureVector,
    NodeIndices,
    NodeValues,
    RowScores,
    TreeEnsemble,
    build_ensemble,
)

MAX_REASONS = 3
"""Features that are named as the reasons of a cut."""


@dataclass(frozen=True, slots=True)
class LineClassifier:
    """The trained models."""

    names: tuple[str, ...]
    """The features, in the order of the numbers below."""

    centre: FeatureVector
    scale: FeatureVector
    weights: FeatureVector
    """Parameters of the regression: the sum of (feature - centre) / scale * weight."""

    bias: float

    feature: NodeIndices
    threshold: NodeValues
    below: NodeIndices
    above: NodeIndices
    value: NodeValues
    """Nodes of the trees: the feature compared, the largest value that leads to the
    node `below`, the two nodes; a leaf leads to itself and has a value."""

    roots: NodeIndices
    """The first node of each tree."""

    baseline: float

    ensemble: TreeEnsemble = field(init=False)
    """The same trees, in the form that is evaluated."""

    def __post_init__(self) -> None:
        """Build the ensemble."""
        children = np.stack([self.below, self.above])
        ensemble = build_ensemble(
            self.roots, self.feature, self.threshold, children, self.value
        )
        object.__setattr__(self, "ensemble", ensemble)

    def feature_matrix(
        self, features: Mapping[str, FeatureArray], lines: Sequence[int]
    ) -> FeatureMatrix:
        """Arrange the features of the given lines, one row per line."""
        table = np.array([features[name] for name in self.names])
        return np.ascontiguousarray(table[:, list(lines)].T)

    def likelihood(self, matrix: FeatureMatrix) -> RowScores:
        """Return how likely each row belongs to the article, from 0 to 1."""
        summed = (matrix - self.centre) / self.scale @ self.weights + self.bias
        boosted = self.ensemble.total(matrix) + self.baseline
        return (_logistic(summed) + _logistic(boosted)) / 2

    def reasons(self, matrix: FeatureMatrix) -> list[tuple[str, ...]]:
        """Name the features that weighed most against each row, strongest first."""
        against = (matrix - self.centre) / self.scale * self.weights
        rows = np.arange(len(matrix))
        reasons: list[list[str]] = [[] for _ in matrix]
        # A row has hundreds of features: three searches for the least beat a sort.
        for _ in range(MAX_REASONS):
            worst = against.argmin(axis=1)
            counts_against = against[rows, worst] < 0
            for row in np.flatnonzero(counts_against):
                reasons[row].append(self.names[worst[row]])
            against[rows, worst] = 0
        return [tuple(names) for names in reasons]


def _logistic(log_odds: RowScores) -> RowScores:
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


@cache
def load_classifier() -> LineClassifier:
    """Load the models that ship with the package."""
    text = (
        files("service.cleaning.classifier")
        .joinpath("line_classifier.json")
        .read_text("utf-8")
    )
    document: dict[str, float | Sequence[float]] = json.loads(text)
    fields = {name: parse_field(name, value) for name, value in document.items()}
    return LineClassifier(**fields)  # type: ignore[arg-type]  # the file has the fields' types


def parse_field(name: str, value: float | Sequence[float]) -> object:
    """Convert a field of line_classifier.json to its type in `LineClassifier`."""
    if name in {"bias", "baseline"}:
        return value
    if name == "names":
        return tuple(value)  # type: ignore[arg-type]  # a list of names
    dtype = np.intp if name in {"feature", "below", "above", "roots"} else np.float64
    return np.array(value, dtype=dtype)
