"""What has been done, counted in Redis: for metrics, and nothing depends on it."""

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

_TALLY = f"{PREFIX}tally"

_VOICES = f"{PREFIX}voices"
"""What makes each voice's sound."""

_GONE = 60
"""Seconds after which a worker that gives no sign is forgotten."""

_UNKNOWN = 10.0
"""Seconds that a narration is taken to need before one was made."""


@dataclass(frozen=True, slots=True)
class RenderedOutput:
    """What came of one narration."""

    audio: float
    """Seconds that it sounds."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How things stand."""

    waiting: dict[Lane, int]
    """Messages in each queue of this SOUND_VERSION."""

    live: int
    """Jobs that are queued or made."""

    oldest: float
    """Seconds since the oldest of them was asked for; 0 when there is none."""

    workers: dict[str, float]
    """Seconds since each worker's last sign of life, by name."""

    counts: dict[str, float]
    """Everything counted so far."""

    voices: dict[str, str]
    """What makes each voice's sound, by the voice's id."""


class Stats:
    """Counters that all processes share."""

    def __init__(self, redis: Redis) -> None:
        """Use a client that returns text."""
        self._redis = redis

    def note_end(self, end: str, work: RenderedOutput | None = None) -> None:
        """Count a job by its end, and what came of it; not when Redis is away."""
        with _in_vain("a job's end"), self._redis.pipeline() as pipe:
            pipe.hincrby(_TALLY, f"ended_{end}", 1)
            if work:
                pipe.hincrbyfloat(_TALLY, "audio_seconds", round(work.audio, 3))
                pipe.hincrby(_TALLY, "bytes", work.bytes)
            pipe.execute()

    def note_stint(self, made: int, remembered: int, seconds: float) -> None:
        """Count what was said since a job was taken up; not when Redis is away."""
        with _in_vain("a stint"), self._redis.pipeline() as pipe:
            pipe.hincrby(_TALLY, "sentences_made", made)
            pipe.hincrby(_TALLY, "sentences_remembered", remembered)
            pipe.hincrbyfloat(_TALLY, "making_seconds", round(seconds, 3))
            pipe.execute()

    def note_worker(self, name: str) -> None:
        """Give a sign of a worker's life; raises QueueUnavailable."""
        with translating_redis_errors():
            now = self._now()
            self._redis.zadd(WORKERS, {f"{SOUND_VERSION}:{name}": now})
            self._redis.zremrangebyscore(WORKERS, "-inf", now - _GONE)

    def note_voice(self, voice: str, engine: str) -> None:
        """Note what makes a voice's sound; not when Redis is away."""
        with _in_vain("a voice"):
            self._redis.hset(_VOICES, voice, engine)

    def seconds_a_job(self) -> float:
        """Return how long until one of the workers has made a narration."""
        with translating_redis_errors():
            counts = cast("dict[str, str]", self._redis.hgetall(_TALLY))
            workers = self._redis.zcard(WORKERS)
        made = int(counts.get("ended_ready", 0))
        taken = float(counts.get("making_seconds", 0))
        return (taken / made if made else _UNKNOWN) / max(1, workers)

    def census(self) -> Snapshot:
        """Return how things stand; raises QueueUnavailable."""
        with translating_redis_errors(), self._redis.pipeline() as pipe:
            lists = [(lane, name) for lane in Lane for name in lane.lists]
            for _, name in lists:
                pipe.llen(name)
            pipe.zcard(LIVE)
            pipe.zrange(LIVE, 0, 0, withscores=True)
            pipe.zrange(WORKERS, 0, -1, withscores=True)
            pipe.hgetall(_TALLY)
            pipe.hgetall(_VOICES)
            *lengths, live, oldest, workers, counts, voices = pipe.execute()
            now = self._now()
        waiting = dict.fromkeys(Lane, 0)
        for (lane, _), length in zip(lists, lengths, strict=True):
            waiting[lane] += length
        return Snapshot(
            waiting=waiting,
            live=live,
            oldest=now - oldest[0][1] if oldest else 0.0,
            workers={name: now - seen for name, seen in workers},
            counts={name: float(count) for name, count in counts.items()},
            voices=voices,
        )

    def _now(self) -> float:
        seconds, micro = self._redis.time()
        return seconds + micro / 1e6


@contextmanager
def _in_vain(what: str) -> Iterator[None]:
    try:
        yield
    except RedisError:
        _LOG.warning("not counted, because Redis is away: %s", what)
