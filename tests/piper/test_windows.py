"""Rendering in windows: same sound for any windows, no silence at the end."""

import numpy as np
import pytest

from voices.piper.model import Rendering
from voices.piper.windows import SentenceWindows

HOP, RATE = 256, 22050


def takes_of(frames: int, silent: int) -> SentenceWindows:
    """Return a rendering of noise that ends in `silent` silent frames."""
    chance = np.random.default_rng(frames)
    sound = chance.uniform(-0.5, 0.5, frames * HOP).astype(np.float32)
    sound[(frames - silent) * HOP :] = 0
    rendering = Rendering(
        np.ones(frames, dtype=np.int64),
        lambda first, last, _ahead: sound[first * HOP : last * HOP],
    )
    return SentenceWindows(rendering, HOP, range(300, frames * HOP - 100))


def whole(takes: SentenceWindows, *, low_latency: bool) -> np.ndarray:
    return np.concatenate(list(takes.windows(RATE, 1.0, low_latency=low_latency)))


@pytest.mark.parametrize("silent", [0, 3, 12, 29])
def test_windows_of_any_size_give_the_same(silent: int) -> None:
    """Including a last window shorter than the silence at the end."""
    for frames in range(34, 460, 3):
        takes = takes_of(frames, silent)
        assert np.array_equal(
            whole(takes, low_latency=True), whole(takes, low_latency=False)
        )


def test_silence_at_the_end_of_a_sentence_is_trimmed() -> None:
    assert len(whole(takes_of(200, 20), low_latency=False)) < 182 * HOP
    assert len(whole(takes_of(200, 0), low_latency=False)) > 197 * HOP


def test_a_sentence_fades_in_and_out() -> None:
    sound = whole(takes_of(200, 0), low_latency=True)
    assert sound[0] == 0
    assert abs(sound[-1]) < 0.01
