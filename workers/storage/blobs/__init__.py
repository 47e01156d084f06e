"""Where audio is kept: put once, whole or not at all, read by range.

    library.narrations.keep("ab/ab….mp3", mp3)     first writer wins
    library.parts.read("<key>/0001/000000")        the content, or None

`open_library` opens the one that an address names; each of its shelves is a `Shelf`.
"""

from workers.storage.blobs.address import library_folder, memory_library, open_library
from workers.storage.blobs.disk import DiskShelf
from workers.storage.blobs.memory import MemoryShelf
from workers.storage.blobs.protocol import TOUCHED, Item, Library, Shelf
from workers.storage.blobs.redis import RedisShelf

__all__ = [
    "TOUCHED",
    "DiskShelf",
    "Item",
    "Library",
    "MemoryShelf",
    "RedisShelf",
    "Shelf",
    "library_folder",
    "memory_library",
    "open_library",
]
