"""Checks of a Redis server used for durable storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from redis import Redis
from redis.exceptions import (
    ConnectionError,  # noqa: A004 - redis calls it so
    OutOfMemoryError,
    RedisError,
    TimeoutError,  # noqa: A004 - as above
)

from workers.errors import StorageFailed, StoreFull, StoreUnavailable


@contextmanager
def translating_storage_errors() -> Iterator[None]:
    """Raise StorageFailed or one of its kinds for errors of the Redis client."""
    try:
        yield
    except (ConnectionError, TimeoutError) as error:
        message = "The Redis that stores audio does not answer; check that it runs."
        raise StoreUnavailable(message) from error
    except OutOfMemoryError as error:
        message = "The Redis that stores audio is full; give it more memory."
        raise StoreFull(message) from error
    except RedisError as error:
        message = "The Redis that stores audio refuses; check its log and settings."
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
