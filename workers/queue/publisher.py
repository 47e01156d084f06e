"""Publish jobs: claim a job in Redis, then send its key to a worker."""

from celery import Celery
from kombu.exceptions import OperationalError

from workers.errors import QueueFull, QueueUnavailable
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import ANONYMOUS, Claimant
from workers.queue.jobs import (
    PREFIX,
    ClaimResult,
    Jobs,
    Lane,
    job_key,
    reason_of,
    translating_redis_errors,
)
from workers.queue.kombu_layout import PRIORITIES
from workers.queue.lua import load_script
from workers.queue.stats import Stats

NARRATE = "outspoken.narrate"
"""Name of the task; the API submits by name, without loading an engine."""

RETAIN = "outspoken.retain"
"""Name of the task that erases old articles."""

_HIGH_PRIORITY, _NORMAL_PRIORITY = PRIORITIES

_YIELDS_KEY = f"{PREFIX}yields"
"""Redis key of the number of bulk jobs that yielded recently."""

_YIELD_TTL_MS = 3000
"""Time in which a worker that yielded takes an interactive job."""

_MIN_RETRY_S, _MAX_RETRY_S = 5, 600
"""Bounds of Retry-After when the queue is full."""


class Queue:
    """The queue of jobs."""

    def __init__(self, app: Celery, jobs: Jobs, stats: Stats) -> None:
        """Publish through `app`, claim through `jobs`."""
        self._app = app
        self.jobs = jobs
        self._stats = stats
        self._yield_to_interactive = load_script(jobs.redis, "yield_to_interactive")

    def submit(
        self,
        spec: JobSpec,
        lane: Lane = Lane.INTERACTIVE,
        claimant: Claimant = ANONYMOUS,
    ) -> None:
        """Queue a job unless it is live; `claimant` waits for it from now on.

        Raises:
            QueueUnavailable: Redis does not answer or cannot write.
            QueueFull: Too many jobs are live.
        """
        match self.jobs.claim(spec, lane, claimant):
            case ClaimResult.NEW | ClaimResult.URGENT:
                self.publish(spec.key, lane)
            case ClaimResult.BUSY:
                raise self._full()

    def require_capacity(self) -> None:
        """Raise QueueFull if no job can be added now.

        Raises:
            QueueUnavailable: Redis does not answer.
        """
        if self.jobs.count_live() >= self.jobs.limit:
            raise self._full()

    def publish(self, key: NarrationKey, lane: Lane, *, resumed: bool = False) -> None:
        """Send a job's key to the workers; `resumed` jobs go before new ones.

        Raises:
            QueueUnavailable: Redis does not answer.  The job stays claimed, and the
                sweeper publishes it later.
        """
        urgent = resumed or lane is Lane.INTERACTIVE
        # The sweeper finds the message by its key.
        self._send(NARRATE, key, lane, _HIGH_PRIORITY if urgent else _NORMAL_PRIORITY)

    def publish_retention(self, days: int) -> None:
        """Have a worker erase articles that are older than `days`, after other jobs.

        Raises:
            QueueUnavailable: Redis does not answer.
        """
        self._send(RETAIN, days, Lane.BULK, _NORMAL_PRIORITY)

    def should_yield(self, key: NarrationKey) -> bool:
        """Return whether a rendering bulk job must yield to an interactive one.

        Raises:
            QueueUnavailable: Redis does not answer.
        """
        waiting = Lane.INTERACTIVE.lists[0]
        with translating_redis_errors():
            return bool(
                self._yield_to_interactive(
                    [job_key(key), waiting, _YIELDS_KEY], [_YIELD_TTL_MS]
                )
            )

    def _send(self, task: str, argument: str | int, lane: Lane, priority: int) -> None:
        try:
            self._app.send_task(
                task,
                args=[argument],
                argsrepr=str(argument),
                queue=lane.queue,
                priority=priority,
            )
        except OperationalError as error:
            raise QueueUnavailable(reason_of(error)) from error

    def _full(self) -> QueueFull:
        wait = self._stats.mean_job_seconds()
        message = (
            f"More than {self.jobs.limit:,} narrations wait; try again later, add"
            " workers, or raise OUTSPOKEN_QUEUE_LIMIT."
        )
        return QueueFull(message, min(_MAX_RETRY_S, max(_MIN_RETRY_S, round(wait))))
