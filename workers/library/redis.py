"""A library in Redis, for API and workers that share no disk.

Give it a server of its own, not the queue's: audio is large, and a server that evicts
to make room would evict jobs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from workers.errors import StorageFailed

_PREFIX = "outspoken:mp3:"


class RedisLibrary:
    """One string a recording."""

    def __init__(self, redis: Redis) -> None:
        """Keep files through a client that returns bytes."""
        self._redis = redis

    def keep(self, sha256: str, mp3: bytes) -> bool:
        """Keep a file unless it is there."""
        with _storage():
            if self._redis.strlen(_PREFIX + sha256) == len(mp3):
                return False
            return bool(self._redis.set(_PREFIX + sha256, mp3))

    def size(self, sha256: str) -> int | None:
        """Return the length in bytes, or None."""
        with _storage():
            # No narration is empty, and STRLEN of a missing key is 0.
            return int(self._redis.strlen(_PREFIX + sha256)) or None

    def read(self, sha256: str, start: int, length: int) -> bytes | None:
        """Return up to `length` bytes from `start`, or None."""
        if self.size(sha256) is None:
            return None
        if length <= 0:
            return b""
        with _storage():
            end = start + length - 1
            piece = self._redis.getrange(_PREFIX + sha256, start, end)
            return cast("bytes", piece)


@contextmanager
def _storage() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        message = "The library's Redis does not answer or refuses; check its memory."
        raise StorageFailed(message) from error
