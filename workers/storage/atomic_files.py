"""Write files atomically: readers see the whole file or none."""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from voices.system.fsync import fsync
from workers.errors import StorageFailed, StoreFull

_TEMP_SUFFIX = ".tmp"
"""Suffix of temporary files, whose names begin with a dot."""

_STALE_AFTER_S = 3600
"""Age after which a temporary file belongs to a process that was killed."""

_ATTEMPTS = 20
"""Attempts to create a folder that others remove because it is empty."""


@contextlib.contextmanager
def translating_os_errors(place: Path) -> Iterator[None]:
    """Raise StorageFailed, or StoreFull, for errors of the operating system."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"{place} cannot be used ({reason}); fix it or set another."
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise (StoreFull if is_full else StorageFailed)(message) from error


def create_file(path: Path, content: bytes) -> bool:
    """Write a file unless it exists; return whether this call wrote it.

    Atomic, even after a crash: the file is written under a temporary name, flushed and
    hard-linked to its name, which fails if the name is taken.
    """
    with _written(path.parent, content) as name:
        try:
            os.link(name, path)
        except FileExistsError:
            return False
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Write or replace a file atomically."""
    with _written(path.parent, content) as name:
        name.replace(path)


def remove_file(path: Path) -> None:
    """Delete a file if it exists; durable on return."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
        fsync(path.parent)


def remove_stale_temp(entry: os.DirEntry[str]) -> None:
    """Delete a temporary file that a killed process left behind."""
    # Another process may delete it first, or only its owner may.
    with contextlib.suppress(OSError):
        temporary = entry.name.startswith(".") and entry.name.endswith(_TEMP_SUFFIX)
        if temporary and time.time() - entry.stat().st_mtime >= _STALE_AFTER_S:
            Path(entry.path).unlink()


@contextlib.contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    file = _open_temp(folder)
    name = Path(file.name)
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield name
        fsync(folder)
    finally:
        name.unlink(missing_ok=True)


def _open_temp(folder: Path) -> BinaryIO:
    """Open a new temporary file; create the folder."""
    for attempt in range(1, _ATTEMPTS + 1):
        # Not tempfile, whose files are private: a web server may read these.
        name = folder / f".{secrets.token_hex(8)}{_TEMP_SUFFIX}"
        try:
            _make_folder(folder)
            return name.open("xb")
        except (FileNotFoundError, FileExistsError):
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for parent in missing:
        fsync(parent.parent)


def require_writable(folder: Path) -> None:
    """Create a folder and write a file in it; raises OSError."""
    with _written(folder, b"x"):
        pass
