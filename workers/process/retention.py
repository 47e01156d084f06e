"""Retention: once an hour, withdraw articles older than the setting allows.

    start_retention   in each worker's timer; one of them publishes the task
    run_retention     the task: a batch of articles, then the next task

The task runs in a process of the pool, which may use an object store; the process with
the timer forks, and must not.  Between two batches other jobs take their turn.
"""

import logging
from datetime import timedelta

from workers.database.columns import now
from workers.errors import QueueUnavailable, StorageFailed
from workers.process.run_job import WorkerContext
from workers.queue.jobs import PREFIX, translating_redis_errors
from workers.queue.publisher import Queue
from workers.storage.retention import withdraw_expired

_LOG = logging.getLogger(__name__)

_STARTED = f"{PREFIX}retention"
"""Redis key that exists for an hour after a start."""

_INTERVAL_S = 3600

BATCH_ARTICLES = 50
"""Articles that one task erases: half a second on a slow disk."""


def start_retention(queue: Queue, days: int) -> None:
    """Publish the task unless a worker did within an hour.

    Raises:
        QueueUnavailable: Redis does not answer.
    """
    with translating_redis_errors():
        is_first = queue.jobs.redis.set(_STARTED, 1, nx=True, ex=_INTERVAL_S)
    if is_first:
        queue.publish_retention(days)


def run_retention(days: int, context: WorkerContext) -> None:
    """Erase a batch of articles older than `days`; publish the task for the rest.

    After a failure the next hour's task continues.
    """
    archive, queue = context.archive, context.queue
    try:
        expired = withdraw_expired(
            archive.database, now() - timedelta(days=days), BATCH_ARTICLES
        )
        for key in expired.withdrawn:
            archive.erase_withdrawn(key)
            queue.jobs.cancel(key)
        _LOG.info("retention: %d articles erased", expired.articles)
        if expired.articles == BATCH_ARTICLES:
            queue.publish_retention(days)
    except (QueueUnavailable, StorageFailed) as error:
        _LOG.warning("retention is continued within an hour: %s", error)
