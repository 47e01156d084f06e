"""Divide an MP3 into the segments of a playlist."""

import math
from dataclasses import dataclass

from workers.audio.id3 import write_timestamp
from workers.audio.mp3_frames import Mp3Frames

TARGET_S = 4
"""Longest segment: listeners hear the first when this much is rendered."""

_CLOCK_HZ = 90_000


def segment_frames(frames: Mp3Frames) -> int:
    """Return the number of frames of a segment."""
    return TARGET_S * frames.rate // frames.samples_per_frame


@dataclass(frozen=True, slots=True)
class HlsLayout:
    """The segments of an MP3, so far as it is rendered."""

    frames: Mp3Frames

    tag_bytes: int
    """Length of the tag at the beginning of the file, which no segment contains."""

    length: int
    """Bytes of the file so far, with the tag."""

    is_finished: bool

    @property
    def segment_count(self) -> int:
        """Number of segments; the last one is shorter, once the file is finished."""
        if self.is_finished:
            return math.ceil(self._frame_count / segment_frames(self.frames))
        return self._frame_count // segment_frames(self.frames)

    def byte_range(self, number: int) -> tuple[int, int]:
        """Return the first byte of a segment in the file and one past the last."""
        first, last = self._frame_range(number)
        start, end = (
            self.tag_bytes + self.frames.offset(count) for count in (first, last)
        )
        is_last = self.is_finished and last == self._frame_count
        return start, self.length if is_last else end

    def seconds(self, number: int) -> float:
        """Return the duration of a segment."""
        first, last = self._frame_range(number)
        return self.frames.seconds(last - first)

    def timestamp_tag(self, number: int) -> bytes:
        """Return the tag that a segment begins with."""
        start = self.frames.seconds(self._frame_range(number)[0])
        return write_timestamp(round(start * _CLOCK_HZ))

    @property
    def _frame_count(self) -> int:
        return self.frames.count(max(0, self.length - self.tag_bytes))

    def _frame_range(self, number: int) -> tuple[int, int]:
        first = number * segment_frames(self.frames)
        return first, min(first + segment_frames(self.frames), self._frame_count)
