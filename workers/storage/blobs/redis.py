"""A shelf in Redis, for API and workers that share no disk.

Give it a server of its own, not the queue's: audio is large, and a server that is full
refuses jobs.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from redis import Redis

from workers.storage.blobs.protocol import TOUCH_INTERVAL_S, BlobInfo, require_name
from workers.storage.redis_storage import require_noeviction, translating_storage_errors

_KEEP = """
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
"""Items that are listed by one question."""


class RedisBlobStore:
    """One string a content.

    Beside it the names lie in a sorted set (by its order a folder is listed), lengths
    and last uses in a hash each; they change in one step with the content.
    """

    def __init__(
        self, redis: Redis, prefix: str, clock: Callable[[], float] = time.time
    ) -> None:
        """Keep contents through a client that returns bytes, in keys of this prefix.

        `clock` tells seconds since the epoch.
        """
        self._redis = redis
        self._prefix = prefix
        self._clock = clock
        self._names = f"{prefix}:names"
        self._sizes = f"{prefix}:sizes"
        self._used = f"{prefix}:used"
        self._keep = redis.register_script(_KEEP)
        self._touch = redis.register_script(_TOUCH)
        self._lasting = False

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Keep a content unless its name is taken."""
        key = self._key(name)
        with translating_storage_errors():
            if not self._lasting:
                require_noeviction(self._redis)
                self._lasting = True
            keys = [key, self._names, self._sizes, self._used]
            return bool(self._keep(keys, [name, content, repr(self._clock())]))

    def size(self, name: str) -> int | None:
        """Return the length in bytes, or None."""
        with translating_storage_errors():
            size = self._redis.hget(self._sizes, require_name(name))
        return None if size is None else int(cast("bytes", size))

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content or a piece of it, or None."""
        key = self._key(name)
        end = -1 if length is None else start + length - 1
        with translating_storage_errors(), self._redis.pipeline() as both:
            # GETRANGE gives b"" for what is absent, and up to the end for end = -1.
            both.exists(key)
            both.getrange(key, start, end)
            there, piece = both.execute()
        if not there:
            return None
        return cast("bytes", piece) if length is None or length > 0 else b""

    def touch(self, name: str) -> None:
        """Note that it was used now."""
        with translating_storage_errors():
            arguments = [require_name(name), repr(self._clock()), str(TOUCH_INTERVAL_S)]
            self._touch([self._used], arguments)

    def remove(self, name: str) -> None:
        """Take it away, if it is there."""
        key = self._key(name)
        with translating_storage_errors(), self._redis.pipeline() as all_at_once:
            all_at_once.unlink(key)
            all_at_once.zrem(self._names, name)
            all_at_once.hdel(self._sizes, name)
            all_at_once.hdel(self._used, name)
            all_at_once.execute()

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield everything below the folder."""
        # "0" follows "/" in ASCII: the names of a folder lie between the two.
        first, end = (f"[{require_name(under)}/", f"({under}0") if under else ("-", "+")
        while names := self._page(first, end):
            with translating_storage_errors(), self._redis.pipeline() as facts:
                facts.hmget(self._sizes, names)
                facts.hmget(self._used, names)
                sizes, used = facts.execute()
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
