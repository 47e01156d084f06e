"""The backend of narrations: archive, database and queue."""

from collections.abc import Callable
from dataclasses import dataclass, field

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError  # noqa: A004 - redis calls it so
from redis.retry import Retry

from service.narrations.known_requests import KnownRequests
from service.narrations.redis_breaker import guard_against_hanging
from service.settings import ServiceSettings
from service.ttl_cache import TtlCached
from workers.database import Database
from workers.errors import LibraryFull
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.storage.archive import Archive
from workers.storage.library_quota import LIBRARY_IS_FULL
from workers.storage.open_storage import open_archive

_FULL_TTL_S = 10
"""TTL of the answer whether the library is full."""

_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S = 1, 1
"""Time that a request waits for Redis: a quick 503 with Retry-After is better than a
slow answer."""


@dataclass(frozen=True, slots=True)
class NarrationBackend:
    """Archive, database and queue behind the API."""

    archive: Archive
    queue: Queue

    known_requests: KnownRequests = field(default_factory=KnownRequests)
    """What requests were read as, in this process."""

    is_full: Callable[[], bool] = lambda: False
    """Whether the library has no room for another narration."""

    @property
    def database(self) -> Database:
        """The database of articles and of the archive."""
        return self.archive.database

    @property
    def jobs(self) -> Jobs:
        """Jobs of the queue: state and progress of each narration."""
        return self.queue.jobs

    def require_room(self) -> None:
        """Raise LibraryFull if the library has no room for another narration."""
        if self.is_full():
            raise LibraryFull(LIBRARY_IS_FULL)


def connect_redis(redis_url: str) -> Redis:
    """Return a client for requests, which fails quickly if Redis is away or hangs."""
    return guard_against_hanging(_connect(redis_url), _connect(redis_url))


def _connect(redis_url: str) -> Redis:
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
    """Open storage and queue; Redis is not connected yet.

    Raises:
        OutspokenError: Any error of `open_archive`.
    """
    jobs = Jobs(redis, settings.queue_limit)
    queue = Queue(create_celery_app(redis_url), jobs, Stats(redis))
    archive = open_archive(settings, for_requests=True)
    quota = archive.quota
    is_full = TtlCached(quota.is_full, _FULL_TTL_S) if quota else lambda: False
    return NarrationBackend(archive, queue, is_full=is_full)
