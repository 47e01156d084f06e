"""A library's address becomes the library."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from redis import Redis

from workers.errors import StorageFailed
from workers.library.disk import DiskLibrary
from workers.library.memory import MemoryLibrary
from workers.library.protocol import Library
from workers.library.redis import RedisLibrary


def open_library(address: str) -> Library:
    """Open `disk:///folder`, `redis://host:port/db` or `memory:`.

    Raises StorageFailed for any other address.  Nothing is read or written yet.
    """
    parts = urlsplit(address)
    match parts.scheme:
        case "disk" if parts.path:
            return DiskLibrary(Path(unquote(parts.path)))
        case "redis" | "rediss" | "unix":
            return RedisLibrary(Redis.from_url(address))
        case "memory":
            return MemoryLibrary()
        case _:
            message = (
                "OUTSPOKEN_LIBRARY is not an address of a library; use"
                " disk:///folder or redis://host:6379/1."
            )
            raise StorageFailed(message)
