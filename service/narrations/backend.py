"""The backend of narrations: archive, records and queue."""

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
from workers.storage.archive import Archive
from workers.storage.open_storage import open_storage
from workers.storage.quota import LIBRARY_IS_FULL
from workers.storage.records import Records

_FULL_TTL_S = 10
"""TTL of the answer whether the library is full, which lists every blob."""

_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S = 1, 2
"""Time that a request waits for Redis: a quick 503 with Retry-After is better than a
slow answer."""


@dataclass(frozen=True, slots=True)
class NarrationBackend:
    """Archive, records and queue behind the API."""

    archive: Archive
    records: Records
    queue: Queue

    is_full: Callable[[], bool] = lambda: False
    """Whether the library has no room for another narration."""

    @property
    def jobs(self) -> Jobs:
        """Jobs of the queue: state and progress of each narration."""
        return self.queue.jobs

    def require_room(self) -> None:
        """Raise LibraryFull if the library has no room for another narration."""
        if self.is_full():
            raise LibraryFull(LIBRARY_IS_FULL)


def connect_redis(redis_url: str) -> Redis:
    """Return a client for requests, which fails quickly if Redis is away."""
    return Redis.from_url(
        redis_url,
        decode_responses=True,
        socket_connect_timeout=_CONNECT_TIMEOUT_S,
        socket_timeout=_READ_TIMEOUT_S,
        # One retry, for a connection that a restarted Redis has closed.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
    )


def open_backend(
    settings: ServiceSettings, redis_url: str, redis: Redis
) -> NarrationBackend:
    """Open storage and queue; nothing is connected yet.

    Raises:
        StorageFailed: The library or the records cannot be opened.
        DataFolderTooNew: A newer version of the program wrote the data folder.
    """
    jobs = Jobs(redis, settings.queue_limit)
    queue = Queue(create_celery_app(redis_url), jobs, Stats(redis))
    storage = open_storage(settings, jobs.is_live)
    quota = storage.quota
    is_full = TtlCached(quota.is_full, _FULL_TTL_S) if quota else lambda: False
    return NarrationBackend(storage.archive, storage.records, queue, is_full)
