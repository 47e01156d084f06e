"""A stand of small decision trees, all asked at once.

To walk down a tree takes a step a level, and each step waits for the one before.  Here
every question of every tree is answered first, and each once: many trees ask the same.
The answers that a tree is given, as the bits of a byte, are the place of its leaf's
value in a table that was made when the stand was read.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]

MOST = 8
"""Questions of the largest tree: the bits of a byte."""

_BYTES = 1 << MOST


@dataclass(frozen=True, slots=True)
class TreeEnsemble:
    """The trees as questions and answers."""

    feature: Indices
    threshold: Numbers
    """Of each question: whether the column `feature` is above the threshold."""

    asked: Indices
    """The questions of the first tree, the second, ...; `MOST` of each."""

    values: Numbers
    """What the first tree says to each byte of answers, then the second, ..."""

    first: Indices
    """Where the values of each tree begin."""

    def total(self, table: Numbers) -> Numbers:
        """Return, for each row of a table of columns, the sum of what the trees say."""
        answers = table.take(self.feature, axis=1) > self.threshold
        told = np.packbits(answers.take(self.asked, axis=1), axis=1)
        total: Numbers = self.values.take(self.first + told).sum(axis=1)
        return total


def build_ensemble(
    roots: Indices,
    feature: Indices,
    threshold: Numbers,
    children: Indices,
    value: Numbers,
) -> TreeEnsemble:
    """Lay out trees that are given by their nodes, tree after tree.

    Args:
        roots: the first node of each tree.
        feature: the column that a node asks for.
        threshold: up to which it sends below; beyond it, above.
        children: (2, nodes), the node below and the node above; a leaf's is itself.
        value: of the leaves.

    Raises:
        IndexError: a tree has more than `MOST` questions.
    """
    nodes = np.arange(len(feature))
    asks = children[0] != nodes
    tree = np.searchsorted(roots, nodes, side="right") - 1
    before = np.cumsum(asks) - asks
    number = before - before[roots][tree]
    questions, which = np.unique(
        np.column_stack([feature, threshold])[asks], axis=0, return_inverse=True
    )
    asked = np.zeros((len(roots), MOST), dtype=np.intp)
    asked[tree[asks], number[asks]] = which.ravel()
    return TreeEnsemble(
        questions[:, 0].astype(np.intp),
        questions[:, 1],
        asked.ravel(),
        value[_leaves(roots, number, children)].ravel(),
        np.arange(len(roots)) * _BYTES,
    )


def _leaves(roots: Indices, number: Indices, children: Indices) -> Indices:
    """Walk down each tree by each byte of answers: (trees, bytes), the leaf reached."""
    each = np.arange(_BYTES, dtype=np.uint8)
    answers = np.unpackbits(each[:, np.newaxis], axis=1)
    node = np.repeat(roots[:, np.newaxis], _BYTES, axis=1)
    while True:
        # A leaf leads to itself whatever the answer, and its number may be beyond.
        answer = answers[each, np.minimum(number[node], MOST - 1)]
        following = children[answer, node]
        if np.array_equal(following, node):
            return node
        node = following
