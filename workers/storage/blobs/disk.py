"""A blob store in a folder."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from workers.storage.atomic_files import (
    create_file,
    remove_stale_temp,
    translating_os_errors,
)
from workers.storage.blobs.protocol import TOUCH_INTERVAL_S, BlobInfo, require_name

_ABSENT = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


class DiskBlobStore:
    """One file per blob; its modification time is its last use.

    Many processes may share the folder, and each may be killed at any instruction.
    Temporary files of killed processes are removed on the first write and on each
    listing.
    """

    def __init__(self, folder: Path) -> None:
        """Store files below `folder`, created on first use."""
        self._folder = folder
        self._is_clean = False

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken."""
        path = self._path(name)
        with translating_os_errors(self._folder):
            if not self._is_clean:
                self._is_clean = True
                for _ in self._files(self._folder):
                    pass
            return create_file(path, content)

    def size(self, name: str) -> int | None:
        """Return the length in bytes; None if absent."""
        path = self._path(name)
        with translating_os_errors(self._folder), suppress(*_ABSENT):
            found = path.stat()
            return found.st_size if stat.S_ISREG(found.st_mode) else None
        return None

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content or a range of it; None if absent."""
        path = self._path(name)
        with (
            translating_os_errors(self._folder),
            suppress(*_ABSENT),
            path.open("rb") as file,
        ):
            file.seek(start)
            return file.read(None if length is None else max(0, length))
        return None

    def touch(self, name: str) -> None:
        """Update the last use."""
        path = self._path(name)
        with translating_os_errors(self._folder), suppress(*_ABSENT):
            # Not atime: most disks are mounted without it.
            if time.time() - path.stat().st_mtime >= TOUCH_INTERVAL_S:
                os.utime(path)

    def remove(self, name: str) -> None:
        """Remove a file, and folders that become empty."""
        path = self._path(name)
        with translating_os_errors(self._folder), suppress(*_ABSENT):
            path.unlink()
            for folder in path.parents:
                if folder == self._folder or not _remove_if_empty(folder):
                    break

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield the entries of a folder."""
        start = self._path(under) if under else self._folder
        before = len(os.path.join(self._folder, ""))  # noqa: PTH118 - ends with a slash
        with translating_os_errors(self._folder):
            for file in self._files(start):
                with suppress(FileNotFoundError):
                    found = file.stat()
                    yield BlobInfo(file.path[before:], found.st_size, found.st_mtime)

    def _path(self, name: str) -> Path:
        return self._folder / require_name(name)

    def _files(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """Yield every file below a folder; remove stale files; raises OSError."""
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except _ABSENT:
            return
        for entry in entries:
            if entry.name.startswith("."):
                remove_stale_temp(entry)
            elif entry.is_dir(follow_symlinks=False):
                yield from self._files(Path(entry.path))
            else:
                yield entry
        if not entries and folder != self._folder:
            _remove_if_empty(folder)


def _remove_if_empty(folder: Path) -> bool:
    # Fails if it is not empty; a concurrent writer creates it again.
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
