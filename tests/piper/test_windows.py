"""A sentence's sound is the same in any windows, and without silence at its end."""

import numpy as np
import pytest

from voices.piper.model import Rendering
from voices.piper.windows import SentenceWindows

HOP, RATE = 256, 22050


def takes_of(frames: int, silent: int) -> SentenceWindows:
    """A rendering of noise that ends in so many silent frames."""
    chance = np.random.default_rng(frames)
    sound = chance.uniform(-0.5, 0.5, frames * HOP).astype(np.float32)
    sound[(frames - silent) * HOP :] = 0
    rendering = Rendering(
        np.ones(frames, dtype=np.int64),
        lambda first, last, _ahead: sound[first * HOP : last * HOP],
    )
    return SentenceWindows(rendering, HOP, range(300, frames * HOP - 100))


def whole(takes: SentenceWindows, *, soon: bool) -> np.ndarray:
    return np.concatenate(list(takes.windows(RATE, 1.0, soon=soon)))


@pytest.mark.parametrize("silent", [0, 3, 12, 29])
def test_windows_of_any_size_give_the_same(silent: int) -> None:
    """Also where the last one would hold less than the silence it ends with."""
    for frames in range(34, 460, 3):
        takes = takes_of(frames, silent)
        assert np.array_equal(whole(takes, soon=True), whole(takes, soon=False))


def test_silence_at_the_end_is_left_out() -> None:
    assert len(whole(takes_of(200, 20), soon=False)) < 182 * HOP
    assert len(whole(takes_of(200, 0), soon=False)) > 197 * HOP


def test_sound_comes_and_goes() -> None:
    sound = whole(takes_of(200, 0), soon=True)
    assert sound[0] == 0
    assert abs(sound[-1]) < 0.01
