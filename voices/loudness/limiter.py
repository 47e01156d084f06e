"""Gain and look-ahead peak limiter.

The gain starts to fall before a peak and rises after it, so nothing clips or clicks.
The limiter works per sentence and in integers, so limiting a sentence window by window
gives the same samples as limiting it whole.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from voices.audio import Samples

MonoSamples = NDArray[np.float32]
Gains = NDArray[np.int64]

TARGET_LUFS = -19.0
"""For mono speech: the -16 of stereo that podcast players expect (AES TD1008)."""

CEILING = 0.68
"""Peak limit as a share of full scale (-3.3 dB): with what MP3 at 64 kbit/s adds,
peaks between samples stay under -1.5 dBTP (benchmarks/level.py measures it)."""

_LOOKAHEAD_S = 0.02
"""The gain moves this long before and after a peak: two periods of a low voice, so that
the gain does not follow the waveform itself."""

_UNITY = 1 << 16
_FULL_SCALE = 32767


class Limiter:
    """Limiter for one sentence, fed window by window."""

    def __init__(self, gain: float, rate: int) -> None:
        """Start a sentence.

        Args:
            gain: factor that brings the voice to `TARGET_LUFS`.
            rate: samples per second.
        """
        self._gain = np.float32(gain)
        self._half = round(_LOOKAHEAD_S * rate / 2)
        self._reach = 4 * self._half
        self._sound: MonoSamples = np.zeros(0, dtype=np.float32)
        self._needed: Gains = np.full(self._reach, _UNITY, dtype=np.int64)

    def feed(self, sound: MonoSamples) -> Samples:
        """Add a window; return the samples that later windows cannot change."""
        louder = sound * self._gain
        self._sound = np.concatenate([self._sound, louder])
        self._needed = np.concatenate([self._needed, _needed(louder)])
        return self._release()

    def finish(self) -> Samples:
        """Return the remaining samples."""
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


def limit_peaks(
    windows: Iterable[MonoSamples], gain: float, rate: int
) -> Iterator[Samples]:
    """Limit the windows of a sentence; yields no empty arrays."""
    limiter = Limiter(gain, rate)
    for window in windows:
        samples = limiter.feed(window)
        if samples.size:
            yield samples
    samples = limiter.finish()
    if samples.size:
        yield samples


def _needed(sound: MonoSamples) -> Gains:
    """Return the gain that each sample needs by itself, in units of 1/`_UNITY`."""
    peaks = np.maximum(np.abs(sound, dtype=np.float32), np.float32(CEILING))
    needed: Gains = np.floor(np.float32(CEILING) * _UNITY / peaks).astype(np.int64)
    return needed


def _smoothed(needed: Gains, half: int) -> Gains:
    """Smooth the sliding minimum of the gains with two moving averages.

    Each average covers only minima whose window includes the sample, so it is never
    above what the sample needs.  An integer average is exact, independent of windows.
    """
    lowest = _lowest(needed, 4 * half + 1)
    return _mean(_mean(lowest, 2 * half + 1), 2 * half + 1)


def _lowest(values: Gains, width: int) -> Gains:
    """Return the sliding minimum over `width` values, in doubling steps."""
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
