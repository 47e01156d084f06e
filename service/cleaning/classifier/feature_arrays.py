"""Feature arrays: one number per line of a page, and operations along the lines.

The operations also take several features at once, shape (features, lines).
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

FeatureArray = NDArray[np.float64]
"""Shape (lines,), or (features, lines) for several features at once."""

LineFlags = NDArray[np.bool_]
"""Shape (lines,): whether each line has a property."""

MAX_DISTANCE_LINES = 20
"""Distance at which all farther lines count as equally far."""


def indicator(indices: Collection[int], count: int) -> FeatureArray:
    """Return an array of `count` lines that is 1 at the indices, else 0."""
    values = np.zeros(count)
    values[list(indices)] = 1
    return values


def shift(values: FeatureArray, step: int) -> FeatureArray:
    """Return the value of the line `step` lines below; 0 beyond the page."""
    shifted = np.zeros_like(values)
    if step > 0:
        shifted[:-step] = values[step:]
    elif step < 0:
        shifted[-step:] = values[:step]
    else:
        shifted[:] = values
    return shifted


def window_sum(values: FeatureArray, start: int, stop: int) -> FeatureArray:
    """Sum the values from `start` lines below each line to before `stop` below."""
    sums = _prefix_sums(values)
    count = values.shape[-1]
    index = np.arange(count)
    low, high = ((index + step).clip(0, count) for step in (start, stop))
    total: FeatureArray = sums.take(high, axis=-1) - sums.take(low, axis=-1)
    return total


def sum_since(values: FeatureArray, start: int) -> FeatureArray:
    """Sum the values from the line `start` to before each line; -1 above `start`."""
    sums = _prefix_sums(values)
    total: FeatureArray = sums[..., :-1] - sums[..., start, np.newaxis]
    total[..., :start] = -1
    return total


def sum_by_index(
    values: FeatureArray, index: NDArray[np.intp], count: int
) -> FeatureArray:
    """Sum the values that share an index, for each index below `count`.

    Args:
        values: shape (n,).
        index: shape (n,), the index of each value.
        count: length of the result.
    """
    sums: FeatureArray = np.bincount(index, values, count).astype(
        np.float64, copy=False
    )
    return sums


def _prefix_sums(values: FeatureArray) -> FeatureArray:
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def distances(is_set: LineFlags) -> FeatureArray:
    """Count the lines since the last set one, at most `MAX_DISTANCE_LINES`."""
    counts = np.zeros(len(is_set))
    distance = MAX_DISTANCE_LINES
    for index, line_is_set in enumerate(is_set.tolist()):
        counts[index] = distance
        distance = 0 if line_is_set else min(MAX_DISTANCE_LINES, distance + 1)
    return counts


def run_lengths(is_set: LineFlags) -> FeatureArray:
    """Return, for each set line, the length of its run of set lines; else 0."""
    lengths = np.zeros(len(is_set))
    start = 0
    for index, line_is_set in enumerate([*is_set.tolist(), False]):
        if not line_is_set:
            lengths[start:index] = index - start
            start = index + 1
    return lengths


def signed_log(values: FeatureArray) -> FeatureArray:
    """Return log(1 + |value|) with the sign of the value."""
    signed: FeatureArray = np.sign(values) * np.log1p(np.abs(values))
    return signed
