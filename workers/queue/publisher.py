"""Work is handed over: an order is claimed, and a message leads a worker to it."""

from celery import Celery
from kombu.exceptions import OperationalError

from workers.errors import QueueFull, QueueUnavailable
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import ANONYMOUS, Claimant
from workers.queue.jobs import (
    PREFIX,
    PRIORITIES,
    ClaimResult,
    Jobs,
    Lane,
    job_key,
    reason_of,
    translating_redis_errors,
)
from workers.queue.lua import load_script
from workers.queue.stats import Stats

NARRATE = "outspoken.narrate"
"""The task's name: the API submits by name and never loads a synthesiser."""

_FIRST, _USUAL = PRIORITIES

_YIELDS_KEY = f"{PREFIX}way"
"""How many bulk jobs made way just now."""

_YIELD_TTL_MS = 3000
"""Milliseconds in which an interactive job is taken once a worker has made way."""

_MIN_RETRY_S, _MAX_RETRY_S = 5, 600
"""Seconds that a client has to wait when the queue is full, at least and at most."""


class Queue:
    """Where orders wait for a worker."""

    def __init__(self, app: Celery, jobs: Jobs, tally: Stats) -> None:
        """Publish through `app`, claim and follow through `jobs`."""
        self._app = app
        self.jobs = jobs
        self._tally = tally
        self._yield_to_interactive = load_script(jobs.redis, "yield_to_interactive")

    def submit(
        self,
        order: JobSpec,
        lane: Lane = Lane.INTERACTIVE,
        claimant: Claimant = ANONYMOUS,
    ) -> None:
        """Queue a job unless it is live; `claimant` waits for it from now on.

        Raises:
            QueueUnavailable: Redis does not answer or cannot write.
            QueueFull: Too many jobs are live.
        """
        match self.jobs.claim(order, lane, claimant):
            case ClaimResult.NEW | ClaimResult.URGENT:
                self.publish(order.key, lane)
            case ClaimResult.BUSY:
                raise self._full()

    def publish(self, key: NarrationKey, lane: Lane, *, resumed: bool = False) -> None:
        """Send a worker to a job; `resumed` ones go before those not begun.

        Raises QueueUnavailable: the job is claimed, and a worker's sweep will find it.
        """
        try:
            self._app.send_task(
                NARRATE,
                args=[key],
                argsrepr=key,  # by which the sweep knows the message
                queue=lane.queue,
                priority=_FIRST if resumed or lane is Lane.INTERACTIVE else _USUAL,
            )
        except OperationalError as error:
            raise QueueUnavailable(reason_of(error)) from error

    def should_yield(self, key: NarrationKey) -> bool:
        """Whether a job that is being made is to be put back for an interactive one.

        Raises QueueUnavailable.
        """
        waiting = Lane.INTERACTIVE.lists[0]
        with translating_redis_errors():
            return bool(
                self._yield_to_interactive(
                    [job_key(key), waiting, _YIELDS_KEY], [_YIELD_TTL_MS]
                )
            )

    def _full(self) -> QueueFull:
        wait = self._tally.seconds_a_job()
        message = (
            f"More than {self.jobs.limit:,} narrations wait; try again later, add"
            " workers, or raise OUTSPOKEN_QUEUE_LIMIT."
        )
        return QueueFull(message, min(_MAX_RETRY_S, max(_MIN_RETRY_S, round(wait))))
