"""The archive of finished narrations and the queue of those to render."""

from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError  # noqa: A004 - redis calls it so
from redis.retry import Retry

from service.settings import ServiceSettings
from service.ttl_cache import TtlCached
from workers.errors import LibraryFull
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.storage.archive import Archive, open_archive
from workers.storage.pins import Pins
from workers.storage.quota import LIBRARY_IS_FULL
from workers.storage.quotas import library_quota
from workers.storage.records import Records

_FULLNESS_TTL_S = 10
"""Seconds for which the answer to "is the library full" is cached: computing it lists
every file."""

_CONNECT_TIMEOUT_S, _RESPONSE_TIMEOUT_S = 1, 2
"""Seconds that a request waits for Redis: a quick 503 with Retry-After serves a client
better than a long wait."""


@dataclass(frozen=True, slots=True)
class NarrationBackend:
    """Archive and queue behind the use cases."""

    archive: Archive
    queue: Queue

    is_full: Callable[[], bool] = lambda: False
    """Whether the library has no room for another narration."""

    @property
    def jobs(self) -> Jobs:
        """Jobs of the queue: state and progress of each narration."""
        return self.queue.jobs

    def require_room(self) -> None:
        """Return if the library has room for another narration.

        Raises:
            LibraryFull: It has not.
        """
        if self.is_full():
            raise LibraryFull(LIBRARY_IS_FULL)


def connect_redis(redis_url: str) -> Redis:
    """Return a Redis client with short timeouts, for use in HTTP requests."""
    return Redis.from_url(
        redis_url,
        decode_responses=True,
        socket_connect_timeout=_CONNECT_TIMEOUT_S,
        socket_timeout=_RESPONSE_TIMEOUT_S,
        # One retry, for a pooled connection that a restart of Redis has closed.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
    )


def open_backend(
    settings: ServiceSettings, redis_url: str, redis: Redis, records: Records
) -> NarrationBackend:
    """Open the archive and the queue, without connecting to Redis.

    Raises:
        StorageFailed: The library cannot be opened.
    """
    archive = open_archive(settings)
    jobs = Jobs(redis, settings.queue_limit)
    queue = Queue(create_celery_app(redis_url), jobs, Stats(redis))
    quota = library_quota(settings, archive, Pins(records).keys, jobs.is_live)
    if quota is None:
        return NarrationBackend(archive, queue)
    return NarrationBackend(archive, queue, TtlCached(quota.is_full, _FULLNESS_TTL_S))
