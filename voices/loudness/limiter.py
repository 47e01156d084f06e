"""Speech at an even level: a gain, and a limiter that never lets a peak through.

The limiter looks ahead: the gain begins to fall before a peak and rises after it, so
nothing is cut off and nothing clicks.  It begins and ends within a sentence and counts
in whole numbers, so a sentence in windows is the sentence as a whole, to the bit.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from voices.audio import Samples

Floats = NDArray[np.float32]
Gains = NDArray[np.int64]

LOUDNESS = -19.0
"""LUFS of mono speech: the -16 of stereo that podcast players expect (AES TD1008)."""

CEILING = 0.68
"""The most a sample may be, of full scale (-3.3 dB): with what MP3 at 64 kbit/s adds,
peaks between samples stay under -1.5 dBTP (benchmarks/level.py measures it)."""

_LOOK = 0.02
"""Seconds before and after a peak in which the gain moves: two periods of a low voice,
so that the gain does not follow the wave itself."""

_UNITY = 1 << 16
_FULL_SCALE = 32767


class Limiter:
    """Levels one sentence, window by window."""

    def __init__(self, gain: float, rate: int) -> None:
        """Begin a sentence.

        Args:
            gain: factor that brings the voice to `LOUDNESS`.
            rate: samples a second.
        """
        self._gain = np.float32(gain)
        self._half = round(_LOOK * rate / 2)
        self._reach = 4 * self._half
        self._sound: Floats = np.zeros(0, dtype=np.float32)
        self._needed: Gains = np.full(self._reach, _UNITY, dtype=np.int64)

    def feed(self, sound: Floats) -> Samples:
        """Take a window; returns the samples that nothing to come can change."""
        louder = sound * self._gain
        self._sound = np.concatenate([self._sound, louder])
        self._needed = np.concatenate([self._needed, _needed(louder)])
        return self._release()

    def finish(self) -> Samples:
        """Return what is left."""
        after = np.full(self._reach, _UNITY, dtype=np.int64)
        self._needed = np.concatenate([self._needed, after])
        return self._release()

    def _release(self) -> Samples:
        ready = len(self._needed) - 2 * self._reach
        if ready <= 0:
            return np.zeros(0, dtype=np.int16)
        gains = _smoothed(self._needed, self._half)
        sound, self._sound = self._sound[:ready], self._sound[ready:]
        self._needed = self._needed[ready:]
        levelled = sound.astype(np.float64) * gains * (_FULL_SCALE / _UNITY)
        samples: Samples = np.rint(levelled).astype(np.int16)
        return samples


def limit_peaks(windows: Iterable[Floats], gain: float, rate: int) -> Iterator[Samples]:
    """Level the windows of a sentence; what comes is never empty."""
    leveller = Limiter(gain, rate)
    for window in windows:
        samples = leveller.feed(window)
        if samples.size:
            yield samples
    samples = leveller.finish()
    if samples.size:
        yield samples


def _needed(sound: Floats) -> Gains:
    """The gain that each sample needs by itself, in parts of `_UNITY`."""
    peaks = np.maximum(np.abs(sound, dtype=np.float32), np.float32(CEILING))
    needed: Gains = np.floor(np.float32(CEILING) * _UNITY / peaks).astype(np.int64)
    return needed


def _smoothed(needed: Gains, half: int) -> Gains:
    """Lowest gain around each sample, rounded off by two means of half the reach.

    Every mean is over values that know of the sample itself, so none is above what it
    needs.  A mean of whole numbers is exact, whatever stands around the window.
    """
    lowest = _lowest(needed, 4 * half + 1)
    return _mean(_mean(lowest, 2 * half + 1), 2 * half + 1)


def _lowest(values: Gains, width: int) -> Gains:
    """The lowest of every `width` on end, in steps that double."""
    done = 1
    while done < width:
        step = min(done, width - done)
        values = np.minimum(values[:-step], values[step:])
        done += step
    return values


def _mean(values: Gains, width: int) -> Gains:
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(values)])
    mean: Gains = (sums[width:] - sums[:-width]) // width
    return mean
