"""The sound of a sentence in windows, without the silence around it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voices.piper.model import Rendering

Floats = NDArray[np.float32]

_FIRST_WINDOW = 32
"""Frames of the first window of a stream: 0.37 s, made in a tenth of that."""

_LARGEST_WINDOW = 64
"""Frames of the largest: 0.7 s.  Larger ones make the same sound in the same time and
take more memory."""

_LAST_WINDOW = 40
"""Frames that the last window has at least, so that the silence that it may end with
lies in it."""

_AHEAD = 8
"""Times as far as was heard the parts before the last run in one go."""

_SILENCE = 0.35
"""Seconds before the end that may be silence: more was not seen."""

_QUIET = 0.01
"""Of full scale (-40 dB, 20 under speech): what is under it is breath and ringing."""

_BLOCK = 0.005
"""Seconds over which the level is measured."""

_RINGING = 0.03
"""Seconds that are kept after the last sound that is not quiet."""

_FADE = 0.005
"""Seconds in which a sentence comes and goes, so that no join clicks."""


@dataclass(frozen=True, slots=True)
class SentenceWindows:
    """A rendered sentence, of which some is kept."""

    rendering: Rendering

    hop: int
    """Samples of a frame."""

    kept: range
    """Samples of the rendering that may be heard; the end may be silent."""

    def windows(self, rate: int, gain: float, *, soon: bool) -> Iterator[Floats]:
        """Make the sound window by window; however it is cut, it is the same.

        Args:
            rate: samples a second.
            gain: factor by which the sound will be louder.
            soon: whether the first window is to be small.
        """
        fade = round(_FADE * rate)
        for first, last, ahead in self._bounds(soon=soon):
            start = max(first * self.hop, self.kept.start)
            made = self.rendering.sound(first, last, ahead)[start - first * self.hop :]
            sound = made[: self.kept.stop - start]
            if last * self.hop >= self.kept.stop:
                sound = self._ended(sound, rate, gain)
                sound[-fade:] *= _falling(fade)[-len(sound) :]
            yield self._begun(sound, start, fade)

    def _bounds(self, *, soon: bool) -> Iterator[tuple[int, int, int]]:
        """Cut the frames; those of a stream double from a small first one.

        The third number is how far what comes before the sound may be made: to the end,
        or, before the first window is heard, no further than that; then some windows
        ahead, for to the end of a long sentence might take longer than is heard.
        """
        size = _FIRST_WINDOW if soon else _LARGEST_WINDOW
        at, end = self.kept.start // self.hop, -(-self.kept.stop // self.hop)
        ahead = 0 if soon else end
        while at < end:
            to = at + size if at + size + _LAST_WINDOW < end else end
            yield at, to, min(max(to, ahead), end)
            at, size, ahead = to, min(2 * size, _LARGEST_WINDOW), _AHEAD * to

    def _begun(self, sound: Floats, start: int, fade: int) -> Floats:
        place = np.arange(start, start + len(sound)) - self.kept.start
        rising: Floats = np.minimum(1, place / fade).astype(np.float32)
        return sound * rising

    def _ended(self, sound: Floats, rate: int, gain: float) -> Floats:
        """Leave out the silence at the end, which only the sound itself can tell."""
        block = round(_BLOCK * rate)
        blocks = min(len(sound), round(_SILENCE * rate)) // block
        searched = sound[len(sound) - blocks * block :].reshape(blocks, block)
        level = np.sqrt(np.mean(np.square(searched, dtype=np.float64), axis=1))
        heard = np.flatnonzero(level * gain > _QUIET)
        silent = blocks - 1 - int(heard[-1]) if heard.size else blocks
        end = len(sound) - silent * block + round(_RINGING * rate)
        return sound[:end].copy()


def _falling(fade: int) -> Floats:
    falling: Floats = (np.arange(fade, 0, -1) / fade).astype(np.float32)
    return falling
