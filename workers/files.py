"""Files that are whole or absent."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from workers.errors import StorageFailed


@contextlib.contextmanager
def storage(place: Path) -> Iterator[None]:
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


@contextlib.contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    # Not tempfile: its files are for their owner alone, and a web server reads these.
    name = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        with name.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield name
        _flush_folder(folder)
    finally:
        name.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def writable(folder: Path) -> None:
    """Return if a file can be written in `folder`, which is made; raises OSError."""
    with _written(folder, b"x"):
        pass
