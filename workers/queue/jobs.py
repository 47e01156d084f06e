"""Jobs: the state of each requested narration, in Redis.

The jobs are the source of truth for work in progress; a Celery message only names one.
A job whose message was lost gets another (`workers.queue.sweeper`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, cast

from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError

from voices.engine import SOUND_VERSION
from workers.errors import QueueUnavailable
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.queue.kombu_layout import message_lists
from workers.queue.lua import load_script

REDIS_UNAVAILABLE = "The queue does not answer; try again in a few seconds."

QUEUE_IS_FULL = "Redis cannot write: its disk or its memory is full; free some."

PREFIX = "outspoken:"
"""Prefix of all keys in Redis, including Celery's."""

ENDED_JOB_TTL_S = 86_400
"""TTL of a job after its end."""

LIVE = f"{PREFIX}live"
"""Sorted set of queued and rendering jobs, by the time of the request."""

WORKERS = f"{PREFIX}workers"
"""Sorted set of workers by last heartbeat; a member is "<sound version>:<name>"."""

EVENTS = f"{PREFIX}events"
"""Stream of changes to jobs; see `workers.queue.events`."""

EVENTS_KEPT = 10_000
"""Events kept, approximately: Redis trims the stream by whole nodes."""


def job_key(key: NarrationKey) -> str:
    """Return the Redis key of a job."""
    return f"{PREFIX}job:{key}"


def lease_key(key: NarrationKey) -> str:
    """Return the Redis key of a job's lease."""
    return f"{PREFIX}lease:{key}"


def claimants_key(key: NarrationKey) -> str:
    """Return the Redis key of a job's claimants."""
    return f"{PREFIX}claimants:{key}"


class State(StrEnum):
    """State of a narration."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"

    AWAITING_APPROVAL = "awaiting-approval"
    """Of an article's narration that is not requested before a person approves it."""

    AWAITING_PLAY = "awaiting-play"
    """Of an article's narration that is not requested before a listener starts it."""


class Lane(StrEnum):
    """One of two queues; interactive jobs overtake bulk jobs."""

    INTERACTIVE = "interactive"
    BULK = "bulk"

    @property
    def queue(self) -> str:
        """Name of the lane's Celery queue.

        Each SOUND_VERSION has queues of its own, because workers of another version
        would render another narration.
        """
        return f"{self}.{SOUND_VERSION}"

    @property
    def lists(self) -> list[str]:
        """Redis lists of the queue's messages, one per priority."""
        return [f"{PREFIX}{name}" for name in message_lists(self.queue)]


class ClaimResult(StrEnum):
    """Outcome of a claim."""

    NEW = "new"
    """The job was created; this caller alone must publish it."""

    JOINED = "joined"
    """The job is live, or failed for a permanent reason."""

    URGENT = "urgent"
    """The job waits in the bulk lane; the caller must publish it in the other."""

    BUSY = "busy"
    """Too many jobs are live."""


JOB_SPEC = TypeAdapter(JobSpec)
"""Converts job specs to and from the JSON stored in Redis."""


@dataclass(frozen=True, slots=True)
class Job:
    """A requested narration."""

    key: NarrationKey
    state: State

    done: int
    """Sentences spoken."""

    total: int
    """Sentences in the script."""

    voice: str | None = None
    """Id of the voice; None if Redis was emptied during rendering."""

    problem: str | None = None
    """Why it failed, as a sentence without words of the article."""

    lane: Lane = Lane.INTERACTIVE


class Jobs:
    """All jobs.

    Redis may be emptied at any time; a lost job is requested again.  Every method
    raises QueueUnavailable if Redis does not answer.
    """

    def __init__(self, redis: Redis, limit: int = 2_000) -> None:
        """Use a client that returns text; refuse more than `limit` jobs at once."""
        self.redis = redis
        self.limit = limit
        self._claim = load_script(redis, "claim")
        self._release = load_script(redis, "release")

    def claim(self, spec: JobSpec, lane: Lane, claimant: Claimant) -> ClaimResult:
        """Request a narration for a claimant; see `ClaimResult` for the outcomes."""
        key = spec.key
        arguments: list[str | bytes | int] = [
            *(key, len(spec.script.sentences), spec.voice, lane),
            *(JOB_SPEC.dump_json(spec), SOUND_VERSION, self.limit, str(claimant)),
            EVENTS_KEPT,
        ]
        with translating_redis_errors():
            return ClaimResult(
                self._claim([job_key(key), LIVE, claimants_key(key), EVENTS], arguments)
            )

    def find(self, key: NarrationKey) -> Job | None:
        """Return the job, or None if it was not requested in the last day."""
        # Without the spec, which is as long as the article.
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

    def spec(self, key: NarrationKey) -> JobSpec | None:
        """Return what to render; None after the job's end."""
        with translating_redis_errors():
            text = self.redis.hget(job_key(key), "spec")
        return JOB_SPEC.validate_json(cast("str", text)) if text else None

    def lane(self, key: NarrationKey) -> Lane:
        """Return the lane of a job; an interactive claim moves a bulk job."""
        job = self.find(key)
        return job.lane if job else Lane.INTERACTIVE

    def increment(
        self,
        key: NarrationKey,
        count: Literal["faults", "handed_back", "storage_retries"],
    ) -> int:
        """Increment a count of a job; return it.

        Counted are workers that its present sentence crashed, workers that lack its
        voice, and failures to store it.
        """
        with translating_redis_errors():
            return int(self.redis.hincrby(job_key(key), count, 1))

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
                    [job_key(key), LIVE, claimants_key(key), EVENTS],
                    [key, claimant, ENDED_JOB_TTL_S, EVENTS_KEPT],
                )
            )

    def is_live(self, key: NarrationKey) -> bool:
        """Return whether a job is queued or rendering, even if Redis lost the job."""
        with translating_redis_errors():
            is_listed = self.redis.zscore(LIVE, key) is not None
            return is_listed or bool(self.redis.exists(lease_key(key)))

    def count_live(self) -> int:
        """Return the number of jobs that are queued or rendering."""
        with translating_redis_errors():
            return int(self.redis.zcard(LIVE))

    def ping(self) -> None:
        """Check that Redis answers."""
        with translating_redis_errors():
            self.redis.ping()


@contextmanager
def translating_redis_errors() -> Iterator[None]:
    """Raise QueueUnavailable for errors of the Redis client."""
    try:
        yield
    except RedisError as error:
        raise QueueUnavailable(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Return a message for an error of Redis: the reason and what to do."""
    return (
        QUEUE_IS_FULL
        if str(error).startswith(("MISCONF", "OOM"))
        else REDIS_UNAVAILABLE
    )
