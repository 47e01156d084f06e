"""Files that are whole or absent."""

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from voices.system.fsync import fsync
from workers.errors import StorageFailed

_TEMPORARY = ".tmp"
"""How the name of a file ends that is not in its place yet; it begins with a dot."""

_LEFT = 3600
"""Seconds after which such a file was left by a process that was killed."""

_ATTEMPTS = 20
"""How often a folder is made that others, who find it empty, take away."""


@contextlib.contextmanager
def translating_os_errors(place: Path) -> Iterator[None]:
    """Translate what the operating system says of a folder into StorageFailed."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"{place} cannot be used ({reason}); mend it or set another."
        raise StorageFailed(message) from error


def create_file(path: Path, content: bytes) -> bool:
    """Write a file unless it exists; returns whether this call wrote it.

    Nobody ever sees half of it, also after a crash: it is written under another name,
    flushed to the disk and linked into place, and a link fails when the name is taken.
    """
    with _written(path.parent, content) as name:
        try:
            os.link(name, path)
        except FileExistsError:
            return False
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Write a file over any that is there, as whole as `create_file` does."""
    with _written(path.parent, content) as name:
        name.replace(path)


def remove_file(path: Path) -> None:
    """Take a file away, if it is there; it is gone from the disk on return."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
        fsync(path.parent)


def remove_stale_temp(entry: os.DirEntry[str]) -> None:
    """Take away what is no file in its place, if a killed process left it there."""
    # Another process may take it away first, or may alone be allowed to.
    with contextlib.suppress(OSError):
        temporary = entry.name.startswith(".") and entry.name.endswith(_TEMPORARY)
        if temporary and time.time() - entry.stat().st_mtime >= _LEFT:
            Path(entry.path).unlink()


@contextlib.contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    file = _begun(folder)
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


def _begun(folder: Path) -> BinaryIO:
    """Open a new file in a folder, which is made."""
    for attempt in range(1, _ATTEMPTS + 1):
        # Not tempfile: its files are for their owner alone, and a web server reads
        # these.
        name = folder / f".{secrets.token_hex(8)}{_TEMPORARY}"
        try:
            _make(folder)
            return name.open("xb")
        except (FileNotFoundError, FileExistsError):
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for parent in missing:
        fsync(parent.parent)


def writable(folder: Path) -> None:
    """Return if a file can be written in `folder`, which is made; raises OSError."""
    with _written(folder, b"x"):
        pass
