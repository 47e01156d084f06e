"""A blob store in Redis, for machines without a shared disk.

Use a server separate from the queue's: audio is large, and a full server refuses jobs.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from redis import Redis

from workers.storage.blobs.protocol import TOUCH_INTERVAL_S, BlobInfo, require_name
from workers.storage.redis_storage import require_noeviction, translating_storage_errors

_PUT = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], #ARGV[2])
redis.call('HSET', KEYS[4], ARGV[1], ARGV[3])
return 1
"""

_TOUCH = """
local used = redis.call('HGET', KEYS[1], ARGV[1])
if used and tonumber(ARGV[2]) - tonumber(used) >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
"""

_PAGE = 1000
"""Entries per request of a listing."""


class RedisBlobStore:
    """One string per blob.

    Names are also in a sorted set, whose order lists a folder, and lengths and last
    uses in two hashes; all change in one step with the blob.
    """

    def __init__(
        self, redis: Redis, prefix: str, clock: Callable[[], float] = time.time
    ) -> None:
        """Use a client that returns bytes, and keys with this prefix.

        `clock` returns seconds since the epoch.
        """
        self._redis = redis
        self._prefix = prefix
        self._clock = clock
        self._names = f"{prefix}:names"
        self._sizes = f"{prefix}:sizes"
        self._used = f"{prefix}:used"
        self._put = redis.register_script(_PUT)
        self._touch = redis.register_script(_TOUCH)
        self._is_checked = False

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken."""
        key = self._key(name)
        with translating_storage_errors():
            if not self._is_checked:
                require_noeviction(self._redis)
                self._is_checked = True
            keys = [key, self._names, self._sizes, self._used]
            return bool(self._put(keys, [name, content, repr(self._clock())]))

    def size(self, name: str) -> int | None:
        """Return the length in bytes; None if absent."""
        with translating_storage_errors():
            size = self._redis.hget(self._sizes, require_name(name))
        return None if size is None else int(cast("bytes", size))

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content or a range of it; None if absent."""
        key = self._key(name)
        end = -1 if length is None else start + length - 1
        with translating_storage_errors(), self._redis.pipeline() as pipe:
            # GETRANGE returns b"" if absent, and the rest for end = -1.
            pipe.exists(key)
            pipe.getrange(key, start, end)
            exists, content_range = pipe.execute()
        if not exists:
            return None
        return cast("bytes", content_range) if length is None or length > 0 else b""

    def touch(self, name: str) -> None:
        """Update the last use."""
        with translating_storage_errors():
            arguments = [require_name(name), repr(self._clock()), str(TOUCH_INTERVAL_S)]
            self._touch([self._used], arguments)

    def remove(self, name: str) -> None:
        """Remove a blob if it exists."""
        key = self._key(name)
        with translating_storage_errors(), self._redis.pipeline() as pipe:
            pipe.unlink(key)
            pipe.zrem(self._names, name)
            pipe.hdel(self._sizes, name)
            pipe.hdel(self._used, name)
            pipe.execute()

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield the entries of a folder."""
        # "0" follows "/" in ASCII: the names of a folder are between the two.
        first, end = (f"[{require_name(under)}/", f"({under}0") if under else ("-", "+")
        while names := self._page(first, end):
            with translating_storage_errors(), self._redis.pipeline() as pipe:
                pipe.hmget(self._sizes, names)
                pipe.hmget(self._used, names)
                sizes, used = pipe.execute()
            for name, size, when in zip(names, sizes, used, strict=True):
                if size is not None and when is not None:
                    yield BlobInfo(name.decode(), int(size), float(when))
            first = f"({names[-1].decode()}"

    def _page(self, first: str, end: str) -> Sequence[bytes]:
        with translating_storage_errors():
            found = self._redis.zrangebylex(self._names, first, end, 0, _PAGE)
        return cast("list[bytes]", found)

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{require_name(name)}"
