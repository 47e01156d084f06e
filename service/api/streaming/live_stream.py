"""Follow a narration that is rendering, once for all its listeners.

    committed segments ──► LiveStream ──► their number, the most recent of them
    the job, the archive ──┘        │
                                    └──► each `Subscriber`, at its own pace

The disk is read ten times per second, regardless of the number of listeners; without
listeners nothing is read and nothing is held.
"""

import asyncio
import hashlib
import logging
import threading
import time
from contextlib import suppress
from itertools import accumulate

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
"""Seconds between two reads of the segment log."""

_JOB_POLL_S = 0.5
"""Seconds between two reads of the job's state."""

_LOST_AFTER_S = 60
"""Seconds without a new part after which a job unknown to Redis counts as lost.  A
worker finishes its job even if Redis was flushed."""

_KEEPALIVE_TTL_S = 60
"""TTL of the listeners' claim on the job."""

_RECENT_PARTS = 8
"""Parts held for listeners who are level with the worker: a minute of sound."""

_DIGEST_BYTES = 65_536
"""Bytes of a finished file that are hashed per read."""


class LiveStream:
    """The parts of a narration that are committed, and how its rendering ends.

    A part is the MP3 of one segment.
    """

    def __init__(self, key: NarrationKey, archive: Archive, jobs: Jobs) -> None:
        """Create a stream for a narration; `follow` runs it."""
        self.key = key
        self.archive = archive
        self.listeners = 0
        self.ends: list[int] = []
        """Where each committed part ends, in bytes of the MP3."""

        self.record: NarrationRecord | None = None
        """The stored narration, once it is finished."""

        self.abort_reason = ""
        """Why the stream cannot continue; empty while it can."""

        self._jobs = jobs
        self._claimant = Claimant.new_live_stream()
        self._segment_log: SegmentLog | None = None
        self._last_part = b""
        self._recent: dict[int, asyncio.Future[bytes | None]] = {}
        self._prefix_digests: dict[int, asyncio.Future[bytes]] = {}
        self._changed = asyncio.Condition()
        self._last_progress_at = time.monotonic()
        self._last_keepalive_at = -float(_KEEPALIVE_TTL_S)
        self._released = False
        # A keepalive may be under way when the last listener leaves.
        self._keepalive_lock = threading.Lock()

    @property
    def count(self) -> int:
        """Number of committed parts."""
        return len(self.ends)

    @property
    def length(self) -> int:
        """Bytes of the committed parts."""
        return self.ends[-1] if self.ends else 0

    @property
    def over(self) -> bool:
        """Whether the narration is finished or the stream aborted."""
        return self.record is not None or bool(self.abort_reason)

    async def follow(self) -> None:
        """Follow the narration until it is finished, aborted or cancelled."""
        try:
            await asyncio.gather(self._follow_parts(), self._follow_job())
        except StreamAborted as error:
            self.abort_reason = str(error)
            _LOG.warning("%d listeners were cut off: %s", self.listeners, error)
        except Exception:  # noqa: BLE001 - else every listener would wait for ever
            self.abort_reason = "The service failed; its log says where."
            _LOG.exception("narration %s cannot be followed", self.key)
        finally:
            await asyncio.shield(self._end())

    async def wait_for_part(self, number: int) -> None:
        """Wait until a part is committed or the stream is over."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over or self.count > number)

    async def wait_for_length(self, length: int) -> None:
        """Wait until `length` bytes are committed or the stream is over."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over or self.length >= length)

    async def wait_until_done(self) -> None:
        """Wait until the stream is over."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.over)

    async def part(self, number: int) -> bytes | None:
        """Return a part, read once for all listeners; None if it was removed.

        Raises:
            StorageFailed: The segment log cannot be read.
        """
        segment_log, part = self._segment_log, self._recent.get(number)
        if part is None and segment_log:
            part = asyncio.ensure_future(
                run_blocking(
                    self._read_part, segment_log, number, self.count, self._last_part
                )
            )
            self._remember(number, part)
        if part is None:
            return None
        try:
            # A listener who leaves must not cancel the read for the others.
            return await asyncio.shield(part)
        except StorageFailed:
            self._recent.pop(number, None)  # the next listener tries again
            raise

    async def prefix_matches(self, length: int, digest: bytes) -> bool:
        """Whether the finished file begins with `length` bytes of this SHA-256.

        Raises:
            StorageFailed: The file cannot be read.
        """
        record = self.record
        if record is None or length > record.bytes:
            return False
        if length == record.bytes:
            return digest.hex() == record.sha256
        expected = self._prefix_digests.get(length)
        if expected is None:
            expected = asyncio.ensure_future(run_blocking(self._digest, record, length))
            self._prefix_digests[length] = expected
        return await asyncio.shield(expected) == digest

    @staticmethod
    def _read_part(
        segment_log: SegmentLog, number: int, count: int, last_part: bytes
    ) -> bytes | None:
        """Return a part; None if another rendering has taken the log's number."""
        part = segment_log.mp3(number)
        return part if segment_log.mp3(count - 1) == last_part else None

    async def _follow_parts(self) -> None:
        while not self.over:
            try:
                parts = await run_blocking(self._new_parts)
            except StorageFailed:
                parts = []  # the outage may end; if not, the job fails
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
        self.ends += list(accumulate(map(len, parts), initial=self.length))[1:]
        self._last_part = parts[-1]
        self._last_progress_at = time.monotonic()
        await self._notify()

    def _new_parts(self) -> list[bytes]:
        """Return at most `_RECENT_PARTS` parts committed since the last read."""
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
            # A log that was abandoned and removed may have left its number to another.
            before = segment_log.mp3(self.count - 1)
            if before is None:
                return []
            if before != self._last_part:
                raise StreamAborted(f"Narration {self.key} was started again.")
        return parts

    async def _follow_job(self) -> None:
        while not self.over:
            try:
                self.record = await run_blocking(self._find_finished)
                if self.record is None:
                    await asyncio.to_thread(self._check_job)
            except (QueueUnavailable, StorageFailed):
                pass  # the committed parts show whether the worker continues
            if not self.over:
                await asyncio.sleep(_JOB_POLL_S)

    def _find_finished(self) -> NarrationRecord | None:
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
        for start in range(0, length, _DIGEST_BYTES):
            size = min(_DIGEST_BYTES, length - start)
            digest.update(self.archive.read(record, start, size))
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
        with self._keepalive_lock, suppress(QueueUnavailable):  # the claim expires
            self._released = True
            if self._last_keepalive_at > 0:
                self._jobs.release(self.key, self._claimant)
