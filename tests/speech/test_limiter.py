"""Loudness measurement and the peak limiter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.loudness.bs1770 import integrated_loudness
from voices.loudness.limiter import CEILING, limit_peaks

RATE = 22050


def speechlike(seconds: float, peak: float, seed: int = 1) -> np.ndarray:
    """Return noise that swells like speech; floats up to `peak`."""
    chance = np.random.default_rng(seed)
    swell = np.abs(np.sin(np.arange(round(seconds * RATE)) / 3000))
    noise = chance.standard_normal(len(swell)) * swell
    return (noise * peak / np.abs(noise).max()).astype(np.float32)


def limited(sound: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """Limit a sound in one window; 16-bit samples."""
    return np.concatenate(list(limit_peaks([sound], gain, RATE)))


def test_no_sample_is_above_the_ceiling() -> None:
    samples = limited(speechlike(2.0, 0.9), gain=4.0)
    assert np.abs(samples).max() / 32767 <= CEILING + 1 / 32767


def test_sound_below_the_ceiling_is_only_scaled() -> None:
    sound = speechlike(1.0, 0.2)
    assert limited(sound, 3.0) == pytest.approx(sound * 3.0 * 32767, abs=0.51)


def test_gain_falls_before_a_peak_and_does_not_clip_it() -> None:
    """Next to a single peak the gain has changed, which a clipper would not do."""
    sound = np.full(RATE, 0.5, dtype=np.float32)
    sound[RATE // 2] = 1.0
    samples = limited(sound) / 32767
    assert samples[RATE // 2] == pytest.approx(CEILING, abs=0.001)
    assert samples[RATE // 2 - 40] < 0.45
    assert samples[0] == samples[-1] == pytest.approx(0.5, abs=0.001)
    assert np.abs(np.diff(np.delete(samples, RATE // 2))).max() < 0.005


@given(
    cuts=st.lists(st.integers(0, RATE), max_size=8),
    gain=st.floats(0.1, 20),
    length=st.integers(1, RATE),
)
def test_windows_give_the_same_samples_as_one_window(
    cuts: list[int], gain: float, length: int
) -> None:
    sound = speechlike(1.0, 0.8)[:length]
    pieces = np.split(sound, sorted(cuts))
    windowed = np.concatenate(list(limit_peaks(pieces, gain, RATE)))
    assert np.array_equal(windowed, limited(sound, gain))


def test_no_sound_gives_no_samples() -> None:
    assert list(limit_peaks([], 1.0, RATE)) == []


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_reference_sine_measures_3_db_below_full_scale(rate: int) -> None:
    """BS.1770-5: 997 Hz at full scale in one channel is -3.01 LUFS."""
    sine = np.sin(2 * np.pi * 997 * np.arange(5 * rate) / rate).astype(np.float32)
    assert integrated_loudness(sine, rate) == pytest.approx(-3.01, abs=0.06)


def test_half_the_amplitude_is_6_db_less() -> None:
    sound = speechlike(3.0, 0.9)
    half = integrated_loudness((sound / 2).astype(np.float32), RATE)
    assert half == pytest.approx(integrated_loudness(sound, RATE) - 6.02, abs=0.01)


def test_pauses_do_not_lower_the_loudness() -> None:
    sound = speechlike(3.0, 0.9)
    paused = np.concatenate([sound, np.zeros(3 * RATE, dtype=np.float32), sound])
    assert integrated_loudness(paused, RATE) == pytest.approx(
        integrated_loudness(sound, RATE), abs=0.3
    )


def test_silence_measures_minus_infinity() -> None:
    assert integrated_loudness(np.zeros(RATE, dtype=np.float32), RATE) == float("-inf")
