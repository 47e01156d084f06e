"""Render a sentence in windows, without the silence around it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voices.piper.model import Rendering

Samples = NDArray[np.float32]
"""Mono samples from -1 to 1, shape [samples]."""

_FIRST_WINDOW_FRAMES = 32
"""First window of a stream: 0.37 s, computed in a tenth of that."""

_MAX_WINDOW_FRAMES = 64
"""Largest window: 0.7 s.  Larger ones are not faster and take more memory."""

_MIN_LAST_WINDOW_FRAMES = 40
"""Smallest last window, so that it contains the whole silence at the end."""

_LOOKAHEAD_FACTOR = 8
"""The earlier stages run up to this multiple of the frames already streamed."""

_MAX_SILENCE_S = 0.35
"""Longest silence at the end: more was not seen."""

_SILENCE_RMS = 0.01
"""Of full scale (-40 dB, 20 dB below speech); below it are breath and ringing."""

_BLOCK_S = 0.005
"""Block over which the level is measured."""

_RINGING_S = 0.03
"""Sound kept after the last block that is not silent."""

_FADE_S = 0.005
"""Fade-in and fade-out of a sentence, against clicks at joins."""


@dataclass(frozen=True, slots=True)
class SentenceWindows:
    """The audible part of a rendered sentence."""

    rendering: Rendering

    hop: int
    """Samples per frame."""

    audible: range
    """Samples of the rendering to return; the end may be silent."""

    def windows(
        self, rate: int, gain: float, *, low_latency: bool
    ) -> Iterator[Samples]:
        """Render window by window; the sound does not depend on the windows.

        Args:
            rate: samples per second.
            gain: factor applied later, used to find the silence at the end.
            low_latency: whether the first window is small.
        """
        fade = round(_FADE_S * rate)
        for first, last, lookahead in self._bounds(low_latency=low_latency):
            start = max(first * self.hop, self.audible.start)
            rendered = self.rendering.sound(first, last, lookahead)[
                start - first * self.hop :
            ]
            sound = rendered[: self.audible.stop - start]
            if last * self.hop >= self.audible.stop:
                sound = self._trim_end(sound, rate, gain)
                sound[-fade:] *= _fade_out(fade)[-len(sound) :]
            yield self._fade_in(sound, start, fade)

    def _bounds(self, *, low_latency: bool) -> Iterator[tuple[int, int, int]]:
        """Split the frames into (first, last, lookahead); a stream's windows double.

        The lookahead is the end of the sentence; in a stream, it is at most the
        first window, then some windows ahead: running the earlier stages over a long
        sentence might take longer than the sound already streamed lasts.
        """
        size = _FIRST_WINDOW_FRAMES if low_latency else _MAX_WINDOW_FRAMES
        at, end = self.audible.start // self.hop, -(-self.audible.stop // self.hop)
        lookahead = 0 if low_latency else end
        while at < end:
            stop = at + size if at + size + _MIN_LAST_WINDOW_FRAMES < end else end
            yield at, stop, min(max(stop, lookahead), end)
            at, size, lookahead = (
                stop,
                min(2 * size, _MAX_WINDOW_FRAMES),
                _LOOKAHEAD_FACTOR * stop,
            )

    def _fade_in(self, sound: Samples, start: int, fade: int) -> Samples:
        place = np.arange(start, start + len(sound)) - self.audible.start
        rising: Samples = np.minimum(1, place / fade).astype(np.float32)
        return sound * rising

    def _trim_end(self, sound: Samples, rate: int, gain: float) -> Samples:
        """Trim the silence at the end, found by its level."""
        block = round(_BLOCK_S * rate)
        blocks = min(len(sound), round(_MAX_SILENCE_S * rate)) // block
        searched = sound[len(sound) - blocks * block :].reshape(blocks, block)
        level = np.sqrt(np.mean(np.square(searched, dtype=np.float64), axis=1))
        heard = np.flatnonzero(level * gain > _SILENCE_RMS)
        silent = blocks - 1 - int(heard[-1]) if heard.size else blocks
        end = len(sound) - silent * block + round(_RINGING_S * rate)
        return sound[:end].copy()


def _fade_out(fade: int) -> Samples:
    falling: Samples = (np.arange(fade, 0, -1) / fade).astype(np.float32)
    return falling
