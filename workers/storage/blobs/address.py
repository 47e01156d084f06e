"""A library's address becomes the library."""

import re
from pathlib import Path
from urllib.parse import unquote

from redis import Redis

from workers.errors import StorageFailed
from workers.storage.blobs.disk import DiskBlobStore
from workers.storage.blobs.memory import MemoryBlobStore
from workers.storage.blobs.protocol import BlobStore, Library
from workers.storage.blobs.redis import RedisBlobStore

_CONNECT_TIMEOUT_S, _ANSWER_TIMEOUT_S = 3, 10
"""Time that a Redis is waited for; an answer may be the longest narration."""

_REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})
_OBJECT_SCHEMES = frozenset({"s3", "gs", "az"})

# A bucket and folders, in the characters that need no escape in a URL.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]+(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")


def open_library(
    address: str, data: Path, redis_url: str | None, *, for_requests: bool = False
) -> Library:
    """Open the library of an address; nothing is read or written yet.

    Objects are slow to write and cost money by their number, so segments of a library
    of objects are in the queue's Redis, which all machines reach, or without a queue in
    a folder of this machine.

    Args:
        address: `disk:///folder`, `redis://host:port/db`, or bucket and prefix of
            `s3://`, `gs://` or `az://`.
        data: the data folder.
        redis_url: address of the queue's Redis; None without a queue.
        for_requests: whether clients wait, so that a store is not waited for long.

    Raises:
        StorageFailed: It is another address.
    """
    match _scheme(address):
        case "disk":
            folder = _folder(address)
            # Its dot keeps it from being a blob name.
            return Library(DiskBlobStore(folder), DiskBlobStore(folder / ".segments"))
        case scheme if scheme in _REDIS_SCHEMES:
            narrations = RedisBlobStore(_connect(address), "outspoken:narrations")
            return Library(narrations, _segments_in_redis(address))
        case _:
            # Loads obstore, 30 MB of code that other libraries do not need.
            from workers.storage.blobs.object_store import (  # noqa: PLC0415
                OF_REQUESTS,
                OF_WORKERS,
                ObjectBlobStore,
            )

            segments: BlobStore = (
                _segments_in_redis(redis_url)
                if redis_url
                else DiskBlobStore(data / "segments")
            )
            patience = OF_REQUESTS if for_requests else OF_WORKERS
            return Library(ObjectBlobStore(address, patience), segments)


def is_in_redis(address: str) -> bool:
    """Return whether a library is in Redis; raises StorageFailed as `open_library`."""
    return _scheme(address) in _REDIS_SCHEMES


def is_in_objects(address: str) -> bool:
    """Return whether a library is in an object store; raises as `is_in_redis`."""
    return _scheme(address) in _OBJECT_SCHEMES


def folder_of(address: str) -> Path | None:
    """Return the folder of a library on disk; raises StorageFailed as `open_library`.

    None for other libraries.
    """
    return _folder(address) if _scheme(address) == "disk" else None


def memory_library() -> Library:
    """Return a library that lives as long as the process."""
    return Library(MemoryBlobStore(), MemoryBlobStore())


def _scheme(address: str) -> str:
    """Return the scheme of a valid address; raises StorageFailed for others."""
    scheme, found, rest = address.partition("://")
    if (
        (scheme == "disk" and rest.startswith("/"))
        or (scheme in _REDIS_SCHEMES and found)
        or (scheme in _OBJECT_SCHEMES and _BUCKET.fullmatch(rest))
    ):
        return scheme
    message = (
        "OUTSPOKEN_LIBRARY is not an address of a library; use disk:///folder,"
        " redis://host:6379/1, s3://bucket/prefix, gs://bucket/prefix or"
        " az://container/prefix."
    )
    raise StorageFailed(message)


def _folder(address: str) -> Path:
    return Path(unquote(address.removeprefix("disk://")))


def _segments_in_redis(address: str) -> RedisBlobStore:
    return RedisBlobStore(_connect(address), "outspoken:segments")


def _connect(address: str) -> Redis:
    return Redis.from_url(
        address,
        socket_connect_timeout=_CONNECT_TIMEOUT_S,
        socket_timeout=_ANSWER_TIMEOUT_S,
    )
