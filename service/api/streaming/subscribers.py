"""Share the live streams of this process among their listeners."""

import asyncio
import hashlib
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable

from service.api.streaming.file_chunks import iter_file_from
from service.api.streaming.live_stream import LiveStream
from service.errors import StreamAborted
from workers.narration import NarrationKey
from workers.queue.jobs import Jobs
from workers.storage.archive import Archive

_SEND_BYTES = 65_536
"""Chunk size; bounds what each connection buffers."""


class Subscriber:
    """One listener of a live stream."""

    def __init__(self, stream: LiveStream, leave: Callable[[LiveStream], None]) -> None:
        """Listen to `stream`; `leave` is called once, when the listener leaves."""
        self._stream = stream
        self._leave: Callable[[LiveStream], None] | None = leave

    @property
    def over(self) -> bool:
        """Whether the narration is finished or its stream aborted."""
        return self._stream.over

    @property
    def length(self) -> int:
        """Bytes of the MP3 that are committed."""
        return self._stream.length

    def leave(self) -> None:
        """Stop listening; further calls have no effect."""
        leave, self._leave = self._leave, None
        if leave:
            leave(self._stream)

    async def wait_for_first_part(self, timeout_s: float) -> bool:
        """Wait for the first part; False on timeout or if the stream is over."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._stream.wait_for_part(0)
        except TimeoutError:
            return False
        return not self._stream.over

    async def wait_for_length(self, length: int, timeout_s: float) -> bool:
        """Wait until `length` bytes are committed; False on timeout or at the end."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._stream.wait_for_length(length)
        except TimeoutError:
            return False
        return not self._stream.over

    async def read(self, start: int, end: int) -> bytes | None:
        """Return committed bytes from `start` up to `end`; None if they were removed.

        Raises:
            StorageFailed: The segment log cannot be read.
        """
        ends = self._stream.ends
        number = bisect_right(ends, start)
        first = ends[number - 1] if number else 0
        found = b""
        while number < len(ends) and first + len(found) < end:
            part = await self._stream.part(number)
            if part is None:
                return None
            found += part
            number += 1
        return found[start - first : end - first]

    async def wait_until_over(self) -> None:
        """Wait until the narration is finished or its stream aborted."""
        await self._stream.wait_until_done()

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """Yield the whole MP3, part by part while it is rendered.

        The parts are removed when the narration is finished; the rest is then read from
        the stored file, if that begins with the bytes already sent.

        Raises:
            StreamAborted: The rest cannot follow the bytes already sent.
            StorageFailed: The rest cannot be read.
        """
        stream, sent, length, number = self._stream, hashlib.sha256(), 0, 0
        while True:
            await stream.wait_for_part(number)
            part = None if stream.over else await stream.part(number)
            if part is None:
                break
            sent.update(part)
            length += len(part)
            number += 1
            for start in range(0, len(part), _SEND_BYTES):
                yield part[start : start + _SEND_BYTES]
        await stream.wait_until_done()
        record = stream.record
        if record is None:
            raise StreamAborted(stream.abort_reason)
        if not await stream.prefix_matches(length, sent.digest()):
            message = (
                f"The audio of {stream.key} differs from what was streamed; play it"
                " again."
            )
            raise StreamAborted(message)
        async for chunk in iter_file_from(stream.archive, record, length, sent):
            yield chunk


class LiveStreams:
    """The live streams of this process, by narration."""

    def __init__(self, archive: Archive, jobs: Jobs) -> None:
        """Follow what is committed to `archive` and the state of `jobs`."""
        self._archive = archive
        self._jobs = jobs
        self._streams: dict[NarrationKey, LiveStream] = {}
        self._tasks: dict[LiveStream, asyncio.Task[None]] = {}
        self._held: dict[NarrationKey, tuple[Subscriber, asyncio.TimerHandle]] = {}

    def __contains__(self, key: NarrationKey) -> bool:
        """Whether a narration has a stream that is not over."""
        return key in self._streams and not self._streams[key].over

    @property
    def listeners(self) -> int:
        """Number of listeners of all streams."""
        return sum(stream.listeners for stream in list(self._tasks))

    def join(self, key: NarrationKey) -> Subscriber:
        """Subscribe to a narration; the caller must call `Subscriber.leave`."""
        if key not in self:
            stream = self._streams[key] = LiveStream(key, self._archive, self._jobs)
            self._tasks[stream] = asyncio.create_task(stream.follow())
        stream = self._streams[key]
        stream.listeners += 1
        return Subscriber(stream, self._leave)

    def hold(self, key: NarrationKey, seconds: float) -> None:
        """Follow a narration for some seconds more, for clients that ask by and by."""
        subscriber, timer = self._held.pop(key, (None, None))
        if timer:
            timer.cancel()
        joined = self.join(key)
        if subscriber:
            subscriber.leave()
        loop = asyncio.get_running_loop()
        self._held[key] = joined, loop.call_later(seconds, self._let_go, key)

    def _let_go(self, key: NarrationKey) -> None:
        self._held.pop(key)[0].leave()

    def _leave(self, stream: LiveStream) -> None:
        stream.listeners -= 1
        if stream.listeners:
            return
        if self._streams.get(stream.key) is stream:
            del self._streams[stream.key]
        task = self._tasks[stream]
        task.add_done_callback(lambda _: self._tasks.pop(stream, None))
        task.cancel()
