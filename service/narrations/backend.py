"""Where narrations come from: the archive, and the queue for what is not in it."""

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

_FULLNESS = 10
"""Seconds for which it is known whether the library is full: everything is listed."""

_CONNECTING, _ANSWERING = 1, 2
"""Seconds that a request waits for Redis: a client that is told to come back is better
served than one who waits."""


@dataclass(frozen=True, slots=True)
class NarrationBackend:
    """What a narration is asked of."""

    archive: Archive
    queue: Queue

    is_full: Callable[[], bool] = lambda: False
    """Whether the library has no room for another narration."""

    @property
    def jobs(self) -> Jobs:
        """Jobs of the queue: state and progress of each narration."""
        return self.queue.jobs

    def require_room(self) -> None:
        """Return if there is room for another narration; raises LibraryFull."""
        if self.is_full():
            raise LibraryFull(LIBRARY_IS_FULL)


def connect_redis(redis_url: str) -> Redis:
    """Return a client for requests: it gives up at once when Redis is away."""
    return Redis.from_url(
        redis_url,
        decode_responses=True,
        socket_connect_timeout=_CONNECTING,
        socket_timeout=_ANSWERING,
        # Once again, for a connection that Redis closed when it was started anew.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
    )


def open_backend(
    settings: ServiceSettings, redis_url: str, redis: Redis, records: Records
) -> NarrationBackend:
    """Open the archive and the queue; nothing is connected yet.

    Raises StorageFailed.
    """
    archive = open_archive(settings)
    jobs = Jobs(redis, settings.queue_limit)
    queue = Queue(create_celery_app(redis_url), jobs, Stats(redis))
    room = library_quota(settings, archive, Pins(records).keys, jobs.is_live)
    if room is None:
        return NarrationBackend(archive, queue)
    return NarrationBackend(archive, queue, TtlCached(room.is_full, _FULLNESS))
