"""How far each narration is: a `Job` in Redis, made once for all who ask.

Jobs, and not the messages of Celery, are what is true of work in progress: a message
only names one.  A job whose message was lost gets another (`workers.queue.sweeper`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError

from voices.engine import SOUND_VERSION
from workers.errors import QueueUnavailable
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.queue.lua import load_script

REDIS_UNAVAILABLE = "The queue does not answer; try again in a few seconds."

QUEUE_IS_FULL = "Redis cannot write: its disk or its memory is full; free some."

PREFIX = "outspoken:"
"""What every key of ours begins with, and every key of Celery's."""

ENDED_JOB_TTL_S = 86_400
"""Seconds that Redis remembers a job after its end."""

LIVE = f"{PREFIX}live"
"""Keys of the jobs that are queued or made, by the time they were asked for."""

WORKERS = f"{PREFIX}workers"
"""Workers by their last sign of life; a member is "<sound version>:<name>"."""

PRIORITIES = 0, 3
"""Celery's, on Redis: all queues' messages of 0 are given before those of 3."""


def job_key(key: NarrationKey) -> str:
    """Return what a job is called in Redis."""
    return f"{PREFIX}job:{key}"


def lease_key(key: NarrationKey) -> str:
    """Return what says which worker makes a narration."""
    return f"{PREFIX}lease:{key}"


def claimants_key(key: NarrationKey) -> str:
    """Return what says who waits for a narration."""
    return f"{PREFIX}wanted:{key}"


class State(StrEnum):
    """Where a narration stands."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Lane(StrEnum):
    """Which of two queues: the first overtakes the second."""

    INTERACTIVE = "interactive"
    BULK = "bulk"

    @property
    def queue(self) -> str:
        """The lane's queue.

        Workers of another SOUND_VERSION have queues of their own: they would make
        another narration.
        """
        return f"{self}.{SOUND_VERSION}"

    @property
    def lists(self) -> list[str]:
        """What Celery calls the queue's messages in Redis, one list a priority."""
        _, *others = PRIORITIES
        # kombu.transport.redis.Channel._q_for_pri
        return [
            f"{PREFIX}{self.queue}",
            *(f"{PREFIX}{self.queue}\x06\x16{priority}" for priority in others),
        ]


class ClaimResult(StrEnum):
    """What became of a request for a narration."""

    NEW = "new"
    """The caller, alone among all who ask, is to queue it."""

    JOINED = "joined"
    """It is queued or made, or failed for a reason that stays."""

    URGENT = "urgent"
    """It waits in the wrong lane: the caller is to queue it in the other."""

    BUSY = "busy"
    """There are too many."""


JOB_SPEC = TypeAdapter(JobSpec)
"""To and from the JSON that waits in Redis."""


@dataclass(frozen=True, slots=True)
class Job:
    """A narration that is wanted."""

    key: NarrationKey
    state: State

    done: int
    """Sentences spoken."""

    total: int
    """Sentences in the script."""

    voice: str | None = None
    """Who reads; None when Redis was emptied while it was being made."""

    problem: str | None = None
    """Why it failed, in a sentence that quotes no article."""

    lane: Lane = Lane.INTERACTIVE


class Jobs:
    """All jobs, for those who ask and those who watch.

    Redis may be emptied: a job that is forgotten is asked for again.  Every method
    raises QueueUnavailable when Redis does not answer.
    """

    def __init__(self, redis: Redis, limit: int = 2_000) -> None:
        """Use a client that returns text; refuse more than `limit` jobs at once."""
        self.redis = redis
        self.limit = limit
        self._claim = load_script(redis, "claim")
        self._release = load_script(redis, "release")

    def claim(self, order: JobSpec, lane: Lane, claimant: Claimant) -> ClaimResult:
        """Request a narration for a claimant; see `ClaimResult` for the outcomes."""
        key = order.key
        asked: list[str | bytes | int] = [
            *(key, len(order.script.sentences), order.voice, lane),
            *(JOB_SPEC.dump_json(order), SOUND_VERSION, self.limit, str(claimant)),
        ]
        with translating_redis_errors():
            return ClaimResult(
                self._claim([job_key(key), LIVE, claimants_key(key)], asked)
            )

    def find(self, key: NarrationKey) -> Job | None:
        """Return the job, or None when nobody asked for it lately."""
        # Not the order, which is as long as the article.
        names = ["state", "done", "total", "voice", "problem", "lane"]
        with translating_redis_errors():
            found = self.redis.hmget(job_key(key), names)
        state, done, total, voice, problem, lane = cast("list[str | None]", found)
        if state is None:
            return None
        return Job(
            key=key,
            state=State(state),
            done=int(done or 0),
            total=int(total or 0),
            voice=voice,
            problem=problem or None,
            lane=Lane(lane or Lane.INTERACTIVE),
        )

    def order(self, key: NarrationKey) -> JobSpec | None:
        """Return what is to be made; None when it no longer is."""
        with translating_redis_errors():
            text = self.redis.hget(job_key(key), "order")
        return JOB_SPEC.validate_json(cast("str", text)) if text else None

    def lane(self, key: NarrationKey) -> Lane:
        """Return the lane of a job; it changes when somebody is in a hurry."""
        job = self.find(key)
        return job.lane if job else Lane.INTERACTIVE

    def increment_handed_back(self, key: NarrationKey) -> int:
        """Increment the count of workers that could not render a job; return it."""
        with translating_redis_errors():
            return int(self.redis.hincrby(job_key(key), "handed_back", 1))

    def listen(self, key: NarrationKey, claimant: Claimant, ttl_s: int) -> None:
        """Add a claimant that expires after `ttl_s` seconds unless added again."""
        with translating_redis_errors():
            until = self.redis.time()[0] + ttl_s
            self.redis.zadd(claimants_key(key), {str(claimant): until})
            self.redis.expire(claimants_key(key), ENDED_JOB_TTL_S)

    def release(self, key: NarrationKey, claimant: Claimant) -> bool:
        """Remove a claimant; cancel the job if it was the last.

        Return whether the job was cancelled.
        """
        return self._release_claims(key, str(claimant))

    def cancel(self, key: NarrationKey) -> bool:
        """Cancel a job for all claimants; return whether it was queued or rendering."""
        return self._release_claims(key, "")

    def _release_claims(self, key: NarrationKey, claimant: str) -> bool:
        with translating_redis_errors():
            return bool(
                self._release(
                    [job_key(key), LIVE, claimants_key(key)],
                    [key, claimant, ENDED_JOB_TTL_S],
                )
            )

    def is_live(self, key: NarrationKey) -> bool:
        """Whether a narration is queued or made, also when Redis forgot the job."""
        with translating_redis_errors():
            listed = self.redis.zscore(LIVE, key) is not None
            return listed or bool(self.redis.exists(lease_key(key)))

    def ping(self) -> None:
        """Return if Redis answers."""
        with translating_redis_errors():
            self.redis.ping()


@contextmanager
def translating_redis_errors() -> Iterator[None]:
    """Translate what the client says of a Redis that is away or refuses."""
    try:
        yield
    except RedisError as error:
        raise QueueUnavailable(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Say why Redis does not do what it is asked, and what to do."""
    return (
        QUEUE_IS_FULL
        if str(error).startswith(("MISCONF", "OOM"))
        else REDIS_UNAVAILABLE
    )
