"""Checks of a Redis server used for durable storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from workers.errors import StorageFailed


@contextmanager
def translating_storage_errors() -> Iterator[None]:
    """Raise StorageFailed for errors of the Redis client."""
    try:
        yield
    except RedisError as error:
        message = (
            "The Redis that stores audio does not answer or refuses; check its memory."
        )
        raise StorageFailed(message) from error


def require_noeviction(redis: Redis) -> None:
    """Require that the server never evicts keys.

    Raises:
        StorageFailed: Its eviction policy is not "noeviction".
        RedisError: It does not answer.
    """
    # INFO, because managed servers refuse CONFIG.
    memory = cast("dict[str, object]", redis.info("memory"))
    policy = memory.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        message = (
            f"The Redis that stores audio evicts keys when it is full ({policy}); set"
            " its maxmemory-policy to noeviction."
        )
        raise StorageFailed(message)
