"""Follow a narration while it is rendered: one `LiveStream` for all its listeners.

    committed parts ──► LiveStream ──► how many there are, the latest of them
    the job, the archive ──┘         │
                                     └──► each Subscriber, at its own pace

The disk is asked ten times a second, whatever the number of listeners; without one
nothing is asked and nothing is kept.
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from service.api.streaming.file_chunks import iter_file_from
from service.api.streaming.io_threads import run_blocking
from service.errors import StreamAborted
from workers.errors import QueueUnavailable, StorageFailed
from workers.narration import NarrationKey, NarrationRecord
from workers.queue.claimants import Claimant
from workers.queue.jobs import Jobs, State
from workers.rendering.segment_log import SegmentLog, find_segment_log
from workers.storage.archive import Archive

_LOG = logging.getLogger(__name__)

_PARTS_POLL_S = 0.1
"""Seconds between two looks for parts."""

_JOB_POLL_S = 0.5
"""Seconds between two looks at how the job stands."""

_LOST_AFTER_S = 60
"""Seconds without a new part after which a job that Redis does not know is taken for
lost; a worker goes on with its job when Redis was emptied."""

_KEEPALIVE_TTL_S = 60
"""TTL of the listeners' claim on the job."""

_RECENT_PARTS = 8
"""Parts that are held for those who come for them together: a minute of sound."""

_SEND_BYTES = 65_536
"""Bytes that are handed to a connection at once, which holds as many until they go."""


class LiveStream:
    """A narration that is being made, as far as it is committed."""

    def __init__(self, key: NarrationKey, archive: Archive, jobs: Jobs) -> None:
        """Prepare to follow a narration; `follow` does it."""
        self.key = key
        self.archive = archive
        self.listeners = 0
        self.count = 0
        """Parts that are there."""

        self.record: NarrationRecord | None = None
        """What was kept, once it is finished."""

        self.broken = ""
        """Why it cannot be gone on with."""

        self._jobs = jobs
        self._claimant = Claimant.new_live_stream()
        self._segment_log: SegmentLog | None = None
        self._latest = b""
        self._recent: dict[int, asyncio.Future[bytes | None]] = {}
        self._beginnings: dict[int, asyncio.Future[bytes]] = {}
        self._changed = asyncio.Condition()
        self._last_progress_at = time.monotonic()
        self._last_keepalive_at = -float(_KEEPALIVE_TTL_S)
        self._released = False
        # One look may be on its way when the last listener leaves.
        self._keepalive_lock = threading.Lock()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to follow."""
        return self.record is not None or bool(self.broken)

    async def follow(self) -> None:
        """Follow it until it is finished, broken or nobody listens."""
        try:
            await asyncio.gather(self._follow_parts(), self._follow_job())
        except StreamAborted as error:
            self.broken = str(error)
            _LOG.warning("%d listeners were cut off: %s", self.listeners, error)
        except Exception:  # noqa: BLE001 - else all would wait for ever
            self.broken = "The service failed; its log says where."
            _LOG.exception("narration %s cannot be followed", self.key)
        finally:
            await asyncio.shield(self._end())

    async def wait_for_part(self, number: int) -> None:
        """Wait until a part is there, or there is nothing more to follow."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over or self.count > number)

    async def wait_until_done(self) -> None:
        """Wait until there is nothing more to follow."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over)

    async def part(self, number: int) -> bytes | None:
        """Return the MP3 of a part, read once for all; None when it was removed.

        Raises StorageFailed.
        """
        segment_log, found = self._segment_log, self._recent.get(number)
        if found is None and segment_log:
            found = asyncio.ensure_future(
                run_blocking(
                    self._read_part, segment_log, number, self.count, self._latest
                )
            )
            self._remember(number, found)
        if found is None:
            return None
        try:
            # One who leaves does not take it away from the others.
            return await asyncio.shield(found)
        except StorageFailed:
            self._recent.pop(number, None)  # whoever comes next tries again
            raise

    async def prefix_matches(self, length: int, digest: bytes) -> bool:
        """Whether the finished file begins with `length` bytes of this SHA-256.

        Raises StorageFailed.
        """
        record = self.record
        if record is None or length > record.bytes:
            return False
        if length == record.bytes:
            return digest.hex() == record.sha256
        found = self._beginnings.get(length)
        if found is None:
            found = asyncio.ensure_future(run_blocking(self._digest, record, length))
            self._beginnings[length] = found
        return await asyncio.shield(found) == digest

    @staticmethod
    def _read_part(
        segment_log: SegmentLog, number: int, count: int, latest: bytes
    ) -> bytes | None:
        """Return a segment; None if another rendering has taken the log's number."""
        part = segment_log.mp3(number)
        return part if segment_log.mp3(count - 1) == latest else None

    async def _follow_parts(self) -> None:
        while not self.over:
            try:
                parts = await run_blocking(self._new_parts)
            except StorageFailed:
                parts = []  # it may come back; if not, the job fails
            if parts:
                await self._add(parts)
            if len(parts) < _RECENT_PARTS:
                await asyncio.sleep(_PARTS_POLL_S)

    async def _add(self, parts: list[bytes]) -> None:
        loop = asyncio.get_running_loop()
        for number, part in enumerate(parts, start=self.count):
            held: asyncio.Future[bytes | None] = loop.create_future()
            held.set_result(part)
            self._remember(number, held)
        self.count += len(parts)
        self._latest = parts[-1]
        self._last_progress_at = time.monotonic()
        await self._notify()

    def _new_parts(self) -> list[bytes]:
        """Return what was committed since the last look, not too much at once."""
        if self._segment_log is None:
            self._segment_log = find_segment_log(
                self.archive.library.segments, self.key
            )
        segment_log, parts = self._segment_log, list[bytes]()
        while segment_log and len(parts) < _RECENT_PARTS:
            part = segment_log.mp3(self.count + len(parts))
            if part is None:
                break
            parts.append(part)
        if parts and segment_log and self.count:
            # One that was given up and removed may have left its number to another.
            before = segment_log.mp3(self.count - 1)
            if before is None:
                return []
            if before != self._latest:
                raise StreamAborted(f"Narration {self.key} was started again.")
        return parts

    async def _follow_job(self) -> None:
        while not self.over:
            try:
                self.record = await run_blocking(self._finished)
                if self.record is None:
                    await asyncio.to_thread(self._check_job)
            except (QueueUnavailable, StorageFailed):
                pass  # what is committed tells how it goes on
            if not self.over:
                await asyncio.sleep(_JOB_POLL_S)

    def _finished(self) -> NarrationRecord | None:
        if record := self.archive.find(self.key):
            return record
        if self.archive.is_withdrawn(self.key):
            raise StreamAborted(f"Narration {self.key} was withdrawn.")
        latest = find_segment_log(self.archive.library.segments, self.key)
        if latest and self._segment_log and latest.number > self._segment_log.number:
            raise StreamAborted(f"Narration {self.key} was started again.")
        return None

    def _check_job(self) -> None:
        self._send_keepalive()
        now, job = time.monotonic(), self._jobs.find(self.key)
        if job and job.state in {State.FAILED, State.CANCELLED}:
            raise StreamAborted(f"Narration {self.key} is {job.state}.")
        if job and job.state is not State.READY:
            self._last_progress_at = now
        elif now - self._last_progress_at > _LOST_AFTER_S:
            raise StreamAborted(f"Narration {self.key} was lost.")

    def _remember(self, number: int, part: asyncio.Future[bytes | None]) -> None:
        self._recent[number] = part
        if len(self._recent) > _RECENT_PARTS:
            del self._recent[next(iter(self._recent))]

    def _digest(self, record: NarrationRecord, length: int) -> bytes:
        digest = hashlib.sha256()
        for start in range(0, length, _SEND_BYTES):
            wanted = min(_SEND_BYTES, length - start)
            digest.update(self.archive.read(record, start, wanted))
        return digest.digest()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _end(self) -> None:
        await self._notify()
        if self.record is None:
            await asyncio.to_thread(self._release)

    def _send_keepalive(self) -> None:
        now = time.monotonic()
        with self._keepalive_lock:
            if (
                not self._released
                and now - self._last_keepalive_at > _KEEPALIVE_TTL_S / 4
            ):
                self._last_keepalive_at = now
                self._jobs.listen(self.key, self._claimant, _KEEPALIVE_TTL_S)

    def _release(self) -> None:
        with self._keepalive_lock, suppress(QueueUnavailable):  # it runs out by itself
            self._released = True
            if self._last_keepalive_at > 0:
                self._jobs.release(self.key, self._claimant)


class Subscriber:
    """One who listens to a narration that is being made."""

    def __init__(self, stream: LiveStream, leave: Callable[[LiveStream], None]) -> None:
        """Listen to what `stream` follows; `leave` is told when no more."""
        self._stream = stream
        self._leave: Callable[[LiveStream], None] | None = leave

    def leave(self) -> None:
        """Listen no more; may be said again."""
        leave, self._leave = self._leave, None
        if leave:
            leave(self._stream)

    async def wait_for_first_part(self, seconds: float) -> bool:
        """Wait so long for the first sound; False when there is none yet.

        False also when there is nothing more to follow: then ask again how it stands.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._stream.wait_for_part(0)
        except TimeoutError:
            return False
        return not self._stream.over

    @property
    def over(self) -> bool:
        """Whether there is nothing more to follow."""
        return self._stream.over

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """Yield the MP3 from its beginning to its end, as it is made.

        When it is finished the parts go, and it is gone on with in the file, if that
        begins with what was heard.  Raises StreamAborted or StorageFailed when the
        rest cannot follow.
        """
        stream, heard, length, number = self._stream, hashlib.sha256(), 0, 0
        while True:
            await stream.wait_for_part(number)
            part = None if stream.over else await stream.part(number)
            if part is None:
                break
            heard.update(part)
            length += len(part)
            number += 1
            for start in range(0, len(part), _SEND_BYTES):
                yield part[start : start + _SEND_BYTES]
        await stream.wait_until_done()
        record = stream.record
        if record is None:
            raise StreamAborted(stream.broken)
        if not await stream.prefix_matches(length, heard.digest()):
            message = (
                f"The audio of {stream.key} differs from what was streamed; play it"
                " again."
            )
            raise StreamAborted(message)
        async for piece in iter_file_from(stream.archive, record, length, heard):
            yield piece


class LiveStreams:
    """Every narration that is listened to, in this process, while it is made."""

    def __init__(self, archive: Archive, jobs: Jobs) -> None:
        """Follow what is committed to `archive`, and its job among `jobs`."""
        self._archive = archive
        self._jobs = jobs
        self._streams: dict[NarrationKey, LiveStream] = {}
        self._tasks: dict[LiveStream, asyncio.Task[None]] = {}

    def __contains__(self, key: NarrationKey) -> bool:
        """Whether a narration is followed and not over yet."""
        return key in self._streams and not self._streams[key].over

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(stream.listeners for stream in list(self._tasks))

    def join(self, key: NarrationKey) -> Subscriber:
        """Listen to a narration that is being made; `Subscriber.leave` is to follow."""
        if key not in self:
            stream = self._streams[key] = LiveStream(key, self._archive, self._jobs)
            self._tasks[stream] = asyncio.create_task(stream.follow())
        stream = self._streams[key]
        stream.listeners += 1
        return Subscriber(stream, self._leave)

    def _leave(self, stream: LiveStream) -> None:
        stream.listeners -= 1
        if stream.listeners:
            return
        if self._streams.get(stream.key) is stream:
            del self._streams[stream.key]
        task = self._tasks[stream]
        task.add_done_callback(lambda _: self._tasks.pop(stream, None))
        task.cancel()
