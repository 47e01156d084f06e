"""A Redis that is trusted with what must last."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from workers.errors import StorageFailed


@contextmanager
def translating_storage_errors() -> Iterator[None]:
    """Translate what Redis says into StorageFailed."""
    try:
        yield
    except RedisError as error:
        message = "The library's Redis does not answer or refuses; check its memory."
        raise StorageFailed(message) from error


def require_noeviction(redis: Redis) -> None:
    """Return if the server keeps what it is given.

    Raises StorageFailed when it would drop something else to make room, RedisError.
    """
    # INFO, because managed servers refuse CONFIG.
    memory = cast("dict[str, object]", redis.info("memory"))
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        message = (
            f"The library's Redis drops what it keeps when it is full ({policy}); set"
            " its maxmemory-policy to noeviction."
        )
        raise StorageFailed(message)
