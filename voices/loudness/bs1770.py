"""Integrated loudness by ITU-R BS.1770-5."""

import numpy as np
from numpy.typing import NDArray

_BLOCK_S, _STEP_S = 0.4, 0.1
"""Length of a block, and from one to the next (75 % overlap)."""

_ABSOLUTE_GATE_LUFS = -70.0
"""Quieter blocks are ignored."""

_RELATIVE_GATE_LU = -10.0
"""Blocks this far below the mean of the others count as pauses."""

_OFFSET_DB = -0.691
"""Makes a full-scale 997 Hz sine in one channel read -3.01 LUFS."""

_SHELF = (1681.974450955533, 3.999843853973347, 0.7071752369554196)
_HIGH_PASS = (38.13547087602444, 0.5003270373238773)
"""Frequency (Hz), gain (dB) and Q of the two filters: the analogue prototypes of the
coefficients that BS.1770-5 gives for 48 kHz, as its annex 1 asks for other rates."""


def integrated_loudness(sound: NDArray[np.float32], rate: int) -> float:
    """Return the integrated loudness of mono samples in LUFS; -inf for silence.

    Audio shorter than a block is measured as one block.
    """
    weighted = _weighted(np.asarray(sound, dtype=np.float64), rate)
    block, step = round(_BLOCK_S * rate), round(_STEP_S * rate)
    starts = range(0, max(1, len(weighted) - block + 1), step)
    sums = np.concatenate([[0.0], np.cumsum(weighted**2)])
    length = min(block, len(weighted))
    power = np.array(
        [(sums[start + length] - sums[start]) / max(1, length) for start in starts]
    )
    heard = power[_lufs(power) > _ABSOLUTE_GATE_LUFS]
    if not heard.size:
        return float("-inf")
    heard = heard[_lufs(heard) > _lufs(heard.mean()) + _RELATIVE_GATE_LU]
    return float(_lufs(heard.mean()))


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(_OFFSET_DB + 10 * np.log10(np.maximum(power, 1e-12)))


def _weighted(sound: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Apply the K-weighting filters in the frequency domain."""
    # The responses ring for less than 0.1 s; the padding is twice that.
    size = len(sound) + rate // 5
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = _shelf(turn, rate) * _high_pass(turn, rate)
    return np.fft.irfft(np.fft.rfft(sound, size) * response, size)[: len(sound)]


def _shelf(turn: NDArray[np.complex128], rate: int) -> NDArray[np.complex128]:
    frequency, gain, q = _SHELF
    k = np.tan(np.pi * frequency / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    top = [high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]
    return _biquad(top, _poles(k, q), turn)


def _high_pass(turn: NDArray[np.complex128], rate: int) -> NDArray[np.complex128]:
    frequency, q = _HIGH_PASS
    k = np.tan(np.pi * frequency / rate)
    # The standard's numerator is 1, -2, 1, not scaled by the poles.
    scale = 1 + k / q + k * k
    return _biquad([scale, -2 * scale, scale], _poles(k, q), turn)


def _poles(k: float, q: float) -> list[float]:
    return [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]


def _biquad(
    top: list[float], bottom: list[float], turn: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    powers = np.stack([np.ones_like(turn), turn, turn * turn])
    response: NDArray[np.complex128] = (np.array(top) @ powers) / (
        np.array(bottom) @ powers
    )
    return response
