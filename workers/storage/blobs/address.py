"""A library's address becomes the library."""

from pathlib import Path
from urllib.parse import unquote

from redis import Redis

from workers.errors import StorageFailed
from workers.storage.blobs.disk import DiskBlobStore
from workers.storage.blobs.memory import MemoryBlobStore
from workers.storage.blobs.protocol import Library
from workers.storage.blobs.redis import RedisBlobStore


def open_library(address: str) -> Library:
    """Open `disk:///folder` or `redis://host:port/db`.

    Raises StorageFailed for any other address.  Nothing is read or written yet.
    """
    if folder := library_folder(address):
        # Its dot keeps it from being a blob name.
        return Library(DiskBlobStore(folder), DiskBlobStore(folder / ".segments"))
    redis = Redis.from_url(address)
    narrations = RedisBlobStore(redis, "outspoken:narrations")
    return Library(narrations, RedisBlobStore(redis, "outspoken:segments"))


def library_folder(address: str) -> Path | None:
    """Return the folder of a library on disk, None for one in Redis.

    Raises StorageFailed for an address of neither.
    """
    scheme, found, rest = address.partition("://")
    if found and scheme == "disk" and rest.startswith("/"):
        return Path(unquote(rest))
    if found and scheme in {"redis", "rediss", "unix"}:
        return None
    message = (
        "OUTSPOKEN_LIBRARY is not an address of a library; use disk:///folder or"
        " redis://host:6379/1."
    )
    raise StorageFailed(message)


def memory_library() -> Library:
    """Return a library that lives as long as the process."""
    return Library(MemoryBlobStore(), MemoryBlobStore())
