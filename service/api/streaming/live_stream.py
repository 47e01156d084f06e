"""A narration is followed while it is made: by one `LiveStream` for all who listen to it.

    committed parts ──► Tail ──► how many there are, the latest of them
    the job, the archive ──┘         │
                                     └──► each Listener, at its own pace

The disk is asked ten times a second, whatever the number of listeners; without one
nothing is asked and nothing is kept.
"""

import asyncio
import hashlib
import logging
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from service.api.streaming.file_chunks import iter_file_from
from service.api.streaming.io_threads import run_blocking
from service.errors import StreamAborted
from workers.errors import QueueUnavailable, StorageFailed
from workers.narration import NarrationKey, NarrationRecord
from workers.queue.jobs import Jobs, State
from workers.rendering.segment_log import SegmentLog, find_segment_log
from workers.storage.archive import Archive

_LOG = logging.getLogger(__name__)

_PARTS = 0.1
"""Seconds between two looks for parts."""

_JOB = 0.5
"""Seconds between two looks at how the job stands."""

_LOST = 60
"""Seconds without a new part after which a job that Redis does not know is taken for
lost; a worker goes on with its job when Redis was emptied."""

_LISTENING = 60
"""Seconds for which a job is told that somebody listens."""

_RECENT = 8
"""Parts that are held for those who come for them together: a minute of sound."""

_PIECE = 65_536
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

        self.recording: NarrationRecord | None = None
        """What was kept, once it is finished."""

        self.broken = ""
        """Why it cannot be gone on with."""

        self._jobs = jobs
        self._who = f"listeners:{secrets.token_hex(8)}"
        self._reel: SegmentLog | None = None
        self._latest = b""
        self._recent: dict[int, asyncio.Future[bytes | None]] = {}
        self._beginnings: dict[int, asyncio.Future[bytes]] = {}
        self._changed = asyncio.Condition()
        self._heard_of = time.monotonic()
        self._told_at = -float(_LISTENING)
        self._left = False
        # One look may be on its way when the last listener leaves.
        self._telling = threading.Lock()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to follow."""
        return self.recording is not None or bool(self.broken)

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

    async def until_there(self, number: int) -> None:
        """Wait until a part is there, or there is nothing more to follow."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over or self.count > number)

    async def until_over(self) -> None:
        """Wait until there is nothing more to follow."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over)

    async def part(self, number: int) -> bytes | None:
        """Return the MP3 of a part, read once for all; None when it was removed.

        Raises StorageFailed.
        """
        reel, found = self._reel, self._recent.get(number)
        if found is None and reel:
            found = asyncio.ensure_future(
                run_blocking(self._same_making, reel, number, self.count, self._latest)
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

    async def begins_with(self, length: int, digest: bytes) -> bool:
        """Whether the finished file begins with `length` bytes of this SHA-256.

        Raises StorageFailed.
        """
        recording = self.recording
        if recording is None or length > recording.bytes:
            return False
        if length == recording.bytes:
            return digest.hex() == recording.sha256
        found = self._beginnings.get(length)
        if found is None:
            found = asyncio.ensure_future(run_blocking(self._digest, recording, length))
            self._beginnings[length] = found
        return await asyncio.shield(found) == digest

    @staticmethod
    def _same_making(
        reel: SegmentLog, number: int, count: int, latest: bytes
    ) -> bytes | None:
        """Return a part; None when another making has taken the reel's number."""
        part = reel.mp3(number)
        return part if reel.mp3(count - 1) == latest else None

    async def _follow_parts(self) -> None:
        while not self.over:
            try:
                parts = await run_blocking(self._new_parts)
            except StorageFailed:
                parts = []  # it may come back; if not, the job fails
            if parts:
                await self._add(parts)
            if len(parts) < _RECENT:
                await asyncio.sleep(_PARTS)

    async def _add(self, parts: list[bytes]) -> None:
        loop = asyncio.get_running_loop()
        for number, part in enumerate(parts, start=self.count):
            held: asyncio.Future[bytes | None] = loop.create_future()
            held.set_result(part)
            self._remember(number, held)
        self.count += len(parts)
        self._latest = parts[-1]
        self._heard_of = time.monotonic()
        await self._tell()

    def _new_parts(self) -> list[bytes]:
        """Return what was committed since the last look, not too much at once."""
        if self._reel is None:
            self._reel = find_segment_log(self.archive.library.parts, self.key)
        reel, parts = self._reel, list[bytes]()
        while reel and len(parts) < _RECENT:
            part = reel.mp3(self.count + len(parts))
            if part is None:
                break
            parts.append(part)
        if parts and reel and self.count:
            # One that was given up and removed may have left its number to another.
            before = reel.mp3(self.count - 1)
            if before is None:
                return []
            if before != self._latest:
                raise StreamAborted(f"Narration {self.key} was begun anew.")
        return parts

    async def _follow_job(self) -> None:
        while not self.over:
            try:
                self.recording = await run_blocking(self._finished)
                if self.recording is None:
                    await asyncio.to_thread(self._look_at_job)
            except (QueueUnavailable, StorageFailed):
                pass  # what is committed tells how it goes on
            if not self.over:
                await asyncio.sleep(_JOB)

    def _finished(self) -> NarrationRecord | None:
        if recording := self.archive.find(self.key):
            return recording
        if self.archive.is_withdrawn(self.key):
            raise StreamAborted(f"Narration {self.key} was withdrawn.")
        latest = find_segment_log(self.archive.library.parts, self.key)
        if latest and self._reel and latest.number > self._reel.number:
            raise StreamAborted(f"Narration {self.key} was begun anew.")
        return None

    def _look_at_job(self) -> None:
        self._listen()
        now, job = time.monotonic(), self._jobs.find(self.key)
        if job and job.state in {State.FAILED, State.CANCELLED}:
            raise StreamAborted(f"Narration {self.key} is {job.state}.")
        if job and job.state is not State.READY:
            self._heard_of = now
        elif now - self._heard_of > _LOST:
            raise StreamAborted(f"Narration {self.key} was lost.")

    def _remember(self, number: int, part: asyncio.Future[bytes | None]) -> None:
        self._recent[number] = part
        if len(self._recent) > _RECENT:
            del self._recent[next(iter(self._recent))]

    def _digest(self, recording: NarrationRecord, length: int) -> bytes:
        digest = hashlib.sha256()
        for start in range(0, length, _PIECE):
            wanted = min(_PIECE, length - start)
            digest.update(self.archive.read(recording, start, wanted))
        return digest.digest()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _end(self) -> None:
        await self._tell()
        if self.recording is None:
            await asyncio.to_thread(self._release)

    def _listen(self) -> None:
        now = time.monotonic()
        with self._telling:
            if not self._left and now - self._told_at > _LISTENING / 4:
                self._told_at = now
                self._jobs.listen(self.key, self._who, _LISTENING)

    def _release(self) -> None:
        with self._telling, suppress(QueueUnavailable):  # it runs out by itself
            self._left = True
            if self._told_at > 0:
                self._jobs.release(self.key, self._who)


class Subscriber:
    """One who listens to a narration that is being made."""

    def __init__(self, tail: LiveStream, leave: Callable[[LiveStream], None]) -> None:
        """Listen to what `tail` follows; `leave` is told when no more."""
        self._tail = tail
        self._leave: Callable[[LiveStream], None] | None = leave

    def leave(self) -> None:
        """Listen no more; may be said again."""
        leave, self._leave = self._leave, None
        if leave:
            leave(self._tail)

    async def begins(self, seconds: float) -> bool:
        """Wait so long for the first sound; False when there is none yet.

        False also when there is nothing more to follow: then ask again how it stands.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._tail.until_there(0)
        except TimeoutError:
            return False
        return not self._tail.over

    @property
    def over(self) -> bool:
        """Whether there is nothing more to follow."""
        return self._tail.over

    async def sound(self) -> AsyncIterator[bytes]:
        """Yield the MP3 from its beginning to its end, as it is made.

        When it is finished the parts go, and it is gone on with in the file, if that
        begins with what was heard.  Raises StreamAborted or StorageFailed when the
        rest cannot follow.
        """
        tail, heard, length, number = self._tail, hashlib.sha256(), 0, 0
        while True:
            await tail.until_there(number)
            part = None if tail.over else await tail.part(number)
            if part is None:
                break
            heard.update(part)
            length += len(part)
            number += 1
            for start in range(0, len(part), _PIECE):
                yield part[start : start + _PIECE]
        await tail.until_over()
        recording = tail.recording
        if recording is None:
            raise StreamAborted(tail.broken)
        if not await tail.begins_with(length, heard.digest()):
            message = f"Narration {tail.key} was kept otherwise than it was heard."
            raise StreamAborted(message)
        async for piece in iter_file_from(tail.archive, recording, length, heard):
            yield piece


class LiveStreams:
    """Every narration that is listened to, in this process, while it is made."""

    def __init__(self, archive: Archive, jobs: Jobs) -> None:
        """Follow what is committed to `archive`, and its job among `jobs`."""
        self._archive = archive
        self._jobs = jobs
        self._tails: dict[NarrationKey, LiveStream] = {}
        self._tasks: dict[LiveStream, asyncio.Task[None]] = {}

    def __contains__(self, key: NarrationKey) -> bool:
        """Whether a narration is followed and not over yet."""
        return key in self._tails and not self._tails[key].over

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(tail.listeners for tail in list(self._tasks))

    def join(self, key: NarrationKey) -> Subscriber:
        """Listen to a narration that is being made; `Subscriber.leave` is to follow."""
        if key not in self:
            tail = self._tails[key] = LiveStream(key, self._archive, self._jobs)
            self._tasks[tail] = asyncio.create_task(tail.follow())
        tail = self._tails[key]
        tail.listeners += 1
        return Subscriber(tail, self._leave)

    def _leave(self, tail: LiveStream) -> None:
        tail.listeners -= 1
        if tail.listeners:
            return
        if self._tails.get(tail.key) is tail:
            del self._tails[tail.key]
        task = self._tasks[tail]
        task.add_done_callback(lambda _: self._tasks.pop(tail, None))
        task.cancel()
