"""Read segments from the finished file or from the live stream."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from service.api.hls.layout import HlsLayout, segment_frames
from service.api.streaming.io_threads import run_blocking
from service.api.streaming.playback import find_or_join
from service.api.streaming.subscribers import LiveStreams, Subscriber
from service.errors import NarrationPending, SegmentNotFound
from service.narrations.backend import NarrationBackend
from workers.audio.id3 import TAG_HEADER_BYTES, tag_length
from workers.audio.mp3_frames import HEADER_BYTES, Mp3Frames, rate_of
from workers.narration import NarrationKey, NarrationRecord
from workers.storage.archive import Archive

_HOLD_S = 30
"""Time for which a narration is followed after a request: longer than clients wait
before they ask for the playlist again."""


@dataclass(frozen=True, slots=True)
class HlsSource:
    """Where segments of narrations are read."""

    backend: NarrationBackend
    live_streams: LiveStreams

    timeout_s: float
    """Seconds that a request waits for its segment."""

    async def layout(
        self, key: NarrationKey, is_disconnected: Callable[[], Awaitable[bool]]
    ) -> HlsLayout:
        """Return the segments so far, once there is one.

        Raises:
            OutspokenError: Any error of `find_or_join`.
            StorageFailed: The audio cannot be read.
        """
        return (await self._find(key, 0, is_disconnected, with_content=False))[0]

    async def segment(
        self,
        key: NarrationKey,
        number: int,
        is_disconnected: Callable[[], Awaitable[bool]],
    ) -> tuple[HlsLayout, bytes]:
        """Return a segment, once it is complete, and the layout that it is of.

        Raises:
            SegmentNotFound: The narration is shorter.
            OutspokenError: Any error of `find_or_join`.
            StorageFailed: The audio cannot be read.
        """
        return await self._find(key, number, is_disconnected, with_content=True)

    async def _find(
        self,
        key: NarrationKey,
        number: int,
        is_disconnected: Callable[[], Awaitable[bool]],
        *,
        with_content: bool,
    ) -> tuple[HlsLayout, bytes]:
        deadline = time.monotonic() + self.timeout_s
        while True:
            source = await find_or_join(
                key,
                self.backend,
                self.live_streams,
                deadline - time.monotonic(),
                is_disconnected,
            )
            if isinstance(source, NarrationRecord):
                return await _read_finished(
                    self.backend.archive, source, number, with_content=with_content
                )
            try:
                self.live_streams.hold(key, _HOLD_S)
                found = await _read_live(
                    source, number, deadline, with_content=with_content
                )
            finally:
                source.leave()
            if found:
                return found
            if time.monotonic() >= deadline or await is_disconnected():
                message = "The segment is not rendered yet; ask again in a few seconds."
                raise NarrationPending(message)


async def _read_finished(
    archive: Archive, record: NarrationRecord, number: int, *, with_content: bool
) -> tuple[HlsLayout, bytes]:
    beginning = await run_blocking(archive.read, record, 0, TAG_HEADER_BYTES)
    layout = HlsLayout(
        Mp3Frames(record.rate), tag_length(beginning), record.bytes, is_finished=True
    )
    if not with_content:
        return layout, b""
    if number >= layout.segment_count:
        message = f"Narration {record.key} has {layout.segment_count} segments."
        raise SegmentNotFound(message)
    start, end = layout.byte_range(number)
    content = await run_blocking(archive.read, record, start, end - start)
    return layout, layout.timestamp_tag(number) + content


async def _read_live(
    subscriber: Subscriber, number: int, deadline: float, *, with_content: bool
) -> tuple[HlsLayout, bytes] | None:
    """Return a segment once it is committed; None on timeout or if the stream ends."""

    async def read(start: int, end: int) -> bytes | None:
        if await subscriber.wait_for_length(end, deadline - time.monotonic()):
            content = await subscriber.read(start, end)
            if content is None:
                # Its parts were removed, so the narration is finished.
                await subscriber.wait_until_over()
            return content
        return None

    beginning = await read(0, TAG_HEADER_BYTES)
    if beginning is None:
        return None
    tag = tag_length(beginning)
    header = await read(tag, tag + HEADER_BYTES)
    if header is None:
        return None
    frames = Mp3Frames(rate_of(header))
    end = tag + frames.offset((number + 1) * segment_frames(frames))
    if not await subscriber.wait_for_length(end, deadline - time.monotonic()):
        return None
    layout = HlsLayout(frames, tag, subscriber.length, is_finished=False)
    content = await read(*layout.byte_range(number)) if with_content else b""
    return None if content is None else (layout, layout.timestamp_tag(number) + content)
