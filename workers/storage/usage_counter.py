"""How full a room is: a figure that processes share, held by one of them at a time."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from redis import Redis
from redis.exceptions import LockNotOwnedError
from redis.lock import Lock

from workers.storage.atomic_files import translating_os_errors
from workers.storage.redis_storage import translating_storage_errors

_LINE = "%020d %020d\n"

_FIELDS = ["bytes", "counted"]

_EXPIRES = 20
"""Seconds after which a holder in Redis is taken for dead; it holds for milliseconds,
and for a second or two where there is much to be counted."""

_WAIT = 0.02
"""Seconds between two tries to be the holder in Redis."""


@dataclass(slots=True)
class Usage:
    """What is remembered of a count.  Never too low for longer than it is trusted."""

    bytes: int = 0

    counted: int = 0
    """When everything was counted, in seconds since the epoch."""


class UsageCounter(Protocol):
    """A figure of which one holder at a time may read and write."""

    def held(self) -> AbstractContextManager[Usage]:
        """Wait for one's turn; what the figure is when it ends is remembered.

        Raises StorageFailed.
        """
        ...


class MemoryUsageCounter:
    """One that lives as long as the process."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._lock = threading.Lock()
        self._figure = Usage()

    @contextmanager
    def held(self) -> Iterator[Usage]:
        """Wait for one's turn."""
        with self._lock:
            yield self._figure


class DiskUsageCounter:
    """A file that is locked while it is held; a holder that dies lets go of it."""

    def __init__(self, path: Path) -> None:
        """Use the file of this path; it is made when it is wanted."""
        self._path = path

    @contextmanager
    def held(self) -> Iterator[Usage]:
        """Wait for one's turn."""
        with translating_os_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            file = self._path.open("r+b", buffering=0)
        with file:
            with translating_os_errors(self._path):
                fcntl.flock(file, fcntl.LOCK_EX)
                figure = _read(cast("BinaryIO", file))
            try:
                yield figure
            finally:
                # All of it in one write of one length, so that no half is ever read.
                # A full disk may refuse: then the old figure is trusted until it ages.
                with suppress(OSError):
                    file.seek(0)
                    file.write((_LINE % (figure.bytes, figure.counted)).encode())


def _read(file: BinaryIO) -> Usage:
    try:
        size, counted = map(int, file.read().split())
    except ValueError:
        return Usage()
    return Usage(size, counted)


class RedisUsageCounter:
    """A hash, and a lock beside it that expires should its holder die."""

    def __init__(self, redis: Redis, name: str) -> None:
        """Use the keys of this name."""
        self._redis = redis
        self._name = name

    @contextmanager
    def held(self) -> Iterator[Usage]:
        """Wait for one's turn."""
        lock = Lock(self._redis, f"{self._name}:lock", timeout=_EXPIRES, sleep=_WAIT)
        with translating_storage_errors():
            lock.acquire()
            values = cast("list[bytes | None]", self._redis.hmget(self._name, _FIELDS))
        figure = Usage(*(int(value or 0) for value in values))
        try:
            yield figure
        finally:
            with translating_storage_errors(), suppress(LockNotOwnedError):
                counts = (figure.bytes, figure.counted)
                self._redis.hset(
                    self._name, mapping=dict(zip(_FIELDS, counts, strict=True))
                )
                lock.release()
