"""Speech is even: loud enough, no peak let through, and the same in any windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.loudness.bs1770 import integrated_loudness
from voices.loudness.limiter import CEILING, limit_peaks

RATE = 22050


def speechlike(seconds: float, peak: float, seed: int = 1) -> np.ndarray:
    chance = np.random.default_rng(seed)
    swell = np.abs(np.sin(np.arange(round(seconds * RATE)) / 3000))
    noise = chance.standard_normal(len(swell)) * swell
    return (noise * peak / np.abs(noise).max()).astype(np.float32)


def whole(sound: np.ndarray, gain: float = 1.0) -> np.ndarray:
    return np.concatenate(list(limit_peaks([sound], gain, RATE)))


def test_no_sample_is_above_the_ceiling() -> None:
    samples = whole(speechlike(2.0, 0.9), gain=4.0)
    assert np.abs(samples).max() / 32767 <= CEILING + 1 / 32767


def test_what_is_under_the_ceiling_is_only_made_louder() -> None:
    sound = speechlike(1.0, 0.2)
    assert whole(sound, 3.0) == pytest.approx(sound * 3.0 * 32767, abs=0.51)


def test_a_peak_is_turned_down_before_it_comes_and_not_cut_off() -> None:
    """Beside a lone peak the gain has moved already: a clipper would leave it be."""
    sound = np.full(RATE, 0.5, dtype=np.float32)
    sound[RATE // 2] = 1.0
    samples = whole(sound) / 32767
    assert samples[RATE // 2] == pytest.approx(CEILING, abs=0.001)
    assert samples[RATE // 2 - 40] < 0.45
    assert samples[0] == samples[-1] == pytest.approx(0.5, abs=0.001)
    assert np.abs(np.diff(np.delete(samples, RATE // 2))).max() < 0.005


@given(
    cuts=st.lists(st.integers(0, RATE), max_size=8),
    gain=st.floats(0.1, 20),
    length=st.integers(1, RATE),
)
def test_windows_give_the_same_samples_as_the_whole(
    cuts: list[int], gain: float, length: int
) -> None:
    sound = speechlike(1.0, 0.8)[:length]
    pieces = np.split(sound, sorted(cuts))
    windowed = np.concatenate(list(limit_peaks(pieces, gain, RATE)))
    assert np.array_equal(windowed, whole(sound, gain))


def test_no_sound_gives_no_samples() -> None:
    assert list(limit_peaks([], 1.0, RATE)) == []


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_the_reference_sine_reads_three_decibels_under_full_scale(rate: int) -> None:
    """BS.1770-5: 997 Hz at full scale in one channel is -3.01 LUFS."""
    sine = np.sin(2 * np.pi * 997 * np.arange(5 * rate) / rate).astype(np.float32)
    assert integrated_loudness(sine, rate) == pytest.approx(-3.01, abs=0.06)


def test_half_as_much_is_six_decibels_less() -> None:
    sound = speechlike(3.0, 0.9)
    half = integrated_loudness((sound / 2).astype(np.float32), RATE)
    assert half == pytest.approx(integrated_loudness(sound, RATE) - 6.02, abs=0.01)


def test_pauses_do_not_make_speech_less_loud() -> None:
    sound = speechlike(3.0, 0.9)
    paused = np.concatenate([sound, np.zeros(3 * RATE, dtype=np.float32), sound])
    assert integrated_loudness(paused, RATE) == pytest.approx(
        integrated_loudness(sound, RATE), abs=0.3
    )


def test_silence_has_no_loudness() -> None:
    assert integrated_loudness(np.zeros(RATE, dtype=np.float32), RATE) == float("-inf")
