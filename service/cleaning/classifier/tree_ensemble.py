"""An ensemble of small decision trees, evaluated all at once.

Walking down a tree takes one step per level, and each step waits for the one before.
Here every split of every tree is evaluated first, and each once: many trees share the
same split.  The outcomes of a tree's splits are the bits of a byte, which indexes a
table of leaf values that is built at load time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FeatureVector = NDArray[np.float64]
"""Shape (features,)."""

FeatureMatrix = NDArray[np.float64]
"""Shape (rows, features): one row per line."""

RowScores = NDArray[np.float64]
"""Shape (rows,): one number per row of a feature matrix."""

NodeValues = NDArray[np.float64]
"""Shape (nodes,), or one value per entry of a table built from the nodes."""

NodeIndices = NDArray[np.intp]
"""Shape (nodes,), (trees,) or (2, nodes): indices of nodes, features or splits."""

MAX_SPLITS = 8
"""Splits of the largest tree: the bits of a byte."""

_LEAVES_PER_TREE = 1 << MAX_SPLITS


@dataclass(frozen=True, slots=True)
class TreeEnsemble:
    """The trees as splits and leaf tables."""

    feature: NodeIndices
    threshold: NodeValues
    """For each distinct split, whether its feature is above its threshold."""

    splits: NodeIndices
    """Indices of the splits of the first tree, the second, ...; `MAX_SPLITS` each."""

    leaf_values: NodeValues
    """The first tree's value for each byte of outcomes, then the second's, ..."""

    first_leaf: NodeIndices
    """Index of each tree's first entry in `leaf_values`."""

    def total(self, matrix: FeatureMatrix) -> RowScores:
        """Return the sum of the trees' values for each row of a feature matrix."""
        outcomes = matrix.take(self.feature, axis=1) > self.threshold
        leaf = np.packbits(outcomes.take(self.splits, axis=1), axis=1)
        total: RowScores = self.leaf_values.take(self.first_leaf + leaf).sum(axis=1)
        return total


def build_ensemble(
    roots: NodeIndices,
    feature: NodeIndices,
    threshold: NodeValues,
    children: NodeIndices,
    value: NodeValues,
) -> TreeEnsemble:
    """Build the ensemble from the nodes of its trees, stored tree after tree.

    Args:
        roots: index of the first node of each tree.
        feature: the feature that each node compares.
        threshold: up to it a node leads to its first child, above it to the second.
        children: shape (2, nodes); both children of a leaf are the leaf.
        value: the value of each leaf.

    Raises:
        IndexError: a tree has more than `MAX_SPLITS` splits.
    """
    nodes = np.arange(len(feature))
    is_split = children[0] != nodes
    tree = np.searchsorted(roots, nodes, side="right") - 1
    before = np.cumsum(is_split) - is_split
    number = before - before[roots][tree]
    distinct, which = np.unique(
        np.column_stack([feature, threshold])[is_split], axis=0, return_inverse=True
    )
    splits = np.zeros((len(roots), MAX_SPLITS), dtype=np.intp)
    splits[tree[is_split], number[is_split]] = which.ravel()
    return TreeEnsemble(
        distinct[:, 0].astype(np.intp),
        distinct[:, 1],
        splits.ravel(),
        value[_find_leaves(roots, number, children)].ravel(),
        np.arange(len(roots)) * _LEAVES_PER_TREE,
    )


def _find_leaves(
    roots: NodeIndices, number: NodeIndices, children: NodeIndices
) -> NodeIndices:
    """Return the leaf that each byte of outcomes reaches, shape (trees, bytes)."""
    byte = np.arange(_LEAVES_PER_TREE, dtype=np.uint8)
    bits = np.unpackbits(byte[:, np.newaxis], axis=1)
    node = np.repeat(roots[:, np.newaxis], _LEAVES_PER_TREE, axis=1)
    while True:
        # A leaf leads to itself for any outcome, and its number may be beyond.
        outcome = bits[byte, np.minimum(number[node], MAX_SPLITS - 1)]
        following = children[outcome, node]
        if np.array_equal(following, node):
            return node
        node = following
