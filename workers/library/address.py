"""A library's address becomes the library."""

from pathlib import Path
from urllib.parse import unquote

from redis import Redis

from workers.errors import StorageFailed
from workers.library.disk import DiskLibrary
from workers.library.protocol import Library
from workers.library.redis import RedisLibrary


def open_library(address: str) -> Library:
    """Open `disk:///folder` or `redis://host:port/db`.

    Raises StorageFailed for any other address.  Nothing is read or written yet.
    """
    scheme, found, rest = address.partition("://")
    if found and scheme == "disk" and rest.startswith("/"):
        return DiskLibrary(Path(unquote(rest)))
    if found and scheme in {"redis", "rediss", "unix"}:
        return RedisLibrary(Redis.from_url(address))
    message = (
        "OUTSPOKEN_LIBRARY is not an address of a library; use disk:///folder or"
        " redis://host:6379/1."
    )
    raise StorageFailed(message)
