"""Columns: a number for each line of a page, and what can be told from their order.

Several columns at once are a table, (columns, lines); whatever looks along the lines
takes both.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

FeatureColumn = NDArray[np.float64]

FAR = 20
"""Lines beyond which what is far is simply far."""


def flags(indices: Collection[int], count: int) -> FeatureColumn:
    """Return a column of so many lines that is 1 at the indices."""
    column = np.zeros(count)
    column[list(indices)] = 1
    return column


def shifted(column: FeatureColumn, step: int) -> FeatureColumn:
    """Return the value `step` lines further on; 0 beyond the page."""
    moved = np.zeros_like(column)
    if step > 0:
        moved[:-step] = column[step:]
    elif step < 0:
        moved[-step:] = column[:step]
    else:
        moved[:] = column
    return moved


def window(column: FeatureColumn, near: int, far: int) -> FeatureColumn:
    """Return the sum from `near` lines on to before `far` lines on."""
    sums = _sums(column)
    count = column.shape[-1]
    place = np.arange(count)
    low, high = ((place + step).clip(0, count) for step in (near, far))
    total: FeatureColumn = sums.take(high, axis=-1) - sums.take(low, axis=-1)
    return total


def since(column: FeatureColumn, start: int) -> FeatureColumn:
    """Return the sum from the line `start` to before this line; -1 above `start`."""
    sums = _sums(column)
    total: FeatureColumn = sums[..., :-1] - sums[..., start, np.newaxis]
    total[..., :start] = -1
    return total


def gathered(values: FeatureColumn, at: NDArray[np.intp], count: int) -> FeatureColumn:
    """Return, for each of so many places, the sum of the values that are at it."""
    sums: FeatureColumn = np.bincount(at, values, count).astype(np.float64, copy=False)
    return sums


def _sums(column: FeatureColumn) -> FeatureColumn:
    sums = np.zeros((*column.shape[:-1], column.shape[-1] + 1))
    np.cumsum(column, axis=-1, out=sums[..., 1:])
    return sums


def distances(there: NDArray[np.bool_]) -> FeatureColumn:
    """Return the lines since the last that is there, at most `FAR`."""
    column = np.zeros(len(there))
    away = FAR
    for index, one in enumerate(there.tolist()):
        column[index] = away
        away = 0 if one else min(FAR, away + 1)
    return column


def runs(there: NDArray[np.bool_]) -> FeatureColumn:
    """Return, for each line that is there, how many on end are."""
    column = np.zeros(len(there))
    start = 0
    for index, one in enumerate([*there.tolist(), False]):
        if not one:
            column[start:index] = index - start
            start = index + 1
    return column


def signed_log(column: FeatureColumn) -> FeatureColumn:
    """Return the logarithm of 1 and the amount, with the sign that the amount has."""
    signed: FeatureColumn = np.sign(column) * np.log1p(np.abs(column))
    return signed
