"""Count of the bytes in use, shared by processes under a lock."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from workers.storage.atomic_files import translating_os_errors

_LINE = "%020d %020d\n"


@dataclass(slots=True)
class Usage:
    """Bytes in use; may be too low only until the next recount."""

    bytes: int = 0

    counted: int = 0
    """Time of the last full count, in seconds since the epoch."""


class UsageCounter(Protocol):
    """A usage value under a lock."""

    def locked(self) -> AbstractContextManager[Usage]:
        """Lock the value and yield it; changes are stored on exit.

        Raises:
            StorageFailed: The value cannot be read or written.
        """
        ...


class MemoryUsageCounter:
    """A value in memory."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._lock = threading.Lock()
        self._usage = Usage()

    @contextmanager
    def locked(self) -> Iterator[Usage]:
        """Lock the value and yield it."""
        with self._lock:
            yield self._usage


class DiskUsageCounter:
    """A value in a locked file; the lock ends with its process."""

    def __init__(self, path: Path) -> None:
        """Use the file of this path, created on first use."""
        self._path = path

    @contextmanager
    def locked(self) -> Iterator[Usage]:
        """Lock the value and yield it."""
        with translating_os_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
            file = self._path.open("r+b", buffering=0)
        with file:
            with translating_os_errors(self._path):
                fcntl.flock(file, fcntl.LOCK_EX)
                usage = _read(cast("BinaryIO", file))
            try:
                yield usage
            finally:
                # One write of fixed length, so that a partial value is never read.
                # A full disk may refuse: then the old usage is trusted until it ages.
                with suppress(OSError):
                    file.seek(0)
                    file.write((_LINE % (usage.bytes, usage.counted)).encode())


def _read(file: BinaryIO) -> Usage:
    try:
        size, counted = map(int, file.read().split())
    except ValueError:
        return Usage()
    return Usage(size, counted)
