"""Where audio is kept: put once, whole or not at all, read by range.

    library.narrations.put_if_absent("ab/ab….mp3", mp3)     first writer wins
    library.segments.read("<key>/0001/000000")        the content, or None

`open_library` opens the library of an address; each of its stores is a `BlobStore`.
"""

from workers.storage.blobs.address import (
    folder_of,
    is_in_redis,
    memory_library,
    open_library,
)
from workers.storage.blobs.disk import DiskBlobStore
from workers.storage.blobs.memory import MemoryBlobStore
from workers.storage.blobs.protocol import (
    TOUCH_INTERVAL_S,
    BlobInfo,
    BlobStore,
    Library,
    SignedUrls,
)
from workers.storage.blobs.redis import RedisBlobStore

__all__ = [
    "TOUCH_INTERVAL_S",
    "BlobInfo",
    "BlobStore",
    "DiskBlobStore",
    "Library",
    "MemoryBlobStore",
    "RedisBlobStore",
    "SignedUrls",
    "folder_of",
    "is_in_redis",
    "memory_library",
    "open_library",
]
