"""Counters in Redis, for metrics only."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from voices.engine import SOUND_VERSION
from workers.queue.jobs import LIVE, PREFIX, WORKERS, Lane, translating_redis_errors

_LOG = logging.getLogger(__name__)

_COUNTERS = f"{PREFIX}counters"

_VOICES = f"{PREFIX}voices"
"""Redis key of each voice's engine description."""

_WORKER_TTL_S = 60
"""Time without a heartbeat after which a worker is not listed."""

_ASSUMED_JOB_S = 10.0
"""Time assumed for a job before one was rendered."""


@dataclass(frozen=True, slots=True)
class RenderedOutput:
    """Size of one rendered narration."""

    seconds: float
    """Duration of the audio."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State of the queue and its counters."""

    waiting: dict[Lane, int]
    """Messages in each queue of this SOUND_VERSION."""

    live: int
    """Jobs that are queued or rendering."""

    oldest_s: float
    """Seconds since the oldest of them was requested; 0 if there is none."""

    workers: dict[str, float]
    """Seconds since each worker's last heartbeat, by name."""

    counts: dict[str, float]
    """Counters by name."""

    voices: dict[str, str]
    """Engine descriptions by voice id."""


class Stats:
    """Counters shared by all processes."""

    def __init__(self, redis: Redis) -> None:
        """Use a client that returns text."""
        self._redis = redis

    def record_end(self, end: str, work: RenderedOutput | None = None) -> None:
        """Count a job by its final state; skipped if Redis is away."""
        with _skipping_outages("the end of a job"), self._redis.pipeline() as pipe:
            pipe.hincrby(_COUNTERS, f"ended_{end}", 1)
            if work:
                pipe.hincrbyfloat(_COUNTERS, "audio_seconds", round(work.seconds, 3))
                pipe.hincrby(_COUNTERS, "bytes", work.bytes)
            pipe.execute()

    def record_rendering(self, rendered: int, cached: int, seconds: float) -> None:
        """Count sentences and time of a worker's run; skipped if Redis is away."""
        with _skipping_outages("a rendering"), self._redis.pipeline() as pipe:
            pipe.hincrby(_COUNTERS, "sentences_rendered", rendered)
            pipe.hincrby(_COUNTERS, "sentences_cached", cached)
            pipe.hincrbyfloat(_COUNTERS, "rendering_seconds", round(seconds, 3))
            pipe.execute()

    def record_heartbeat(self, name: str) -> None:
        """Record a worker's heartbeat; raises QueueUnavailable."""
        with translating_redis_errors():
            now = self._now()
            self._redis.zadd(WORKERS, {f"{SOUND_VERSION}:{name}": now})
            self._redis.zremrangebyscore(WORKERS, "-inf", now - _WORKER_TTL_S)

    def record_voice(self, voice: str, engine: str) -> None:
        """Record a voice's engine description; skipped if Redis is away."""
        with _skipping_outages("a voice"):
            self._redis.hset(_VOICES, voice, engine)

    def mean_job_seconds(self) -> float:
        """Return the mean time between two finished jobs; raises QueueUnavailable."""
        with translating_redis_errors():
            counts = cast("dict[str, str]", self._redis.hgetall(_COUNTERS))
            workers = self._redis.zcard(WORKERS)
        ready = int(counts.get("ended_ready", 0))
        seconds = float(counts.get("rendering_seconds", 0))
        return (seconds / ready if ready else _ASSUMED_JOB_S) / max(1, workers)

    def snapshot(self) -> Snapshot:
        """Return the queue's state and the counters; raises QueueUnavailable."""
        with translating_redis_errors(), self._redis.pipeline() as pipe:
            lists = [(lane, name) for lane in Lane for name in lane.lists]
            for _, name in lists:
                pipe.llen(name)
            pipe.zcard(LIVE)
            pipe.zrange(LIVE, 0, 0, withscores=True)
            pipe.zrange(WORKERS, 0, -1, withscores=True)
            pipe.hgetall(_COUNTERS)
            pipe.hgetall(_VOICES)
            *lengths, live, oldest, workers, counts, voices = pipe.execute()
            now = self._now()
        waiting = dict.fromkeys(Lane, 0)
        for (lane, _), length in zip(lists, lengths, strict=True):
            waiting[lane] += length
        return Snapshot(
            waiting=waiting,
            live=live,
            oldest_s=now - oldest[0][1] if oldest else 0.0,
            workers={name: now - seen for name, seen in workers},
            counts={name: float(count) for name, count in counts.items()},
            voices=voices,
        )

    def _now(self) -> float:
        seconds, micro = self._redis.time()
        return seconds + micro / 1e6


@contextmanager
def _skipping_outages(what: str) -> Iterator[None]:
    try:
        yield
    except RedisError:
        _LOG.warning("Redis is away; not counted: %s", what)
