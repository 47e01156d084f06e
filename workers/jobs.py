"""How far each narration is: a `Job` in Redis, claimed once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from redis import Redis
from redis.exceptions import RedisError

from workers.errors import QueueUnavailable
from workers.narration import NarrationKey

AWAY = "The queue does not answer; try again in a few seconds."

_PREFIX = "outspoken:job:"

_KEPT = 86_400
"""Seconds that Redis remembers a job after its last change."""

_STALE = 30
"""Seconds without a spoken sentence after which a job that is being made may be asked
for again; a sentence takes about one."""

_FORGOTTEN = 900
"""Seconds in the queue after which a job may be asked for again: longer than a backlog,
so that waiting is not taken for lost."""

_CLAIM = """
local state, seen = unpack(redis.call('HMGET', KEYS[1], 'state', 'seen'))
local now = tonumber(redis.call('TIME')[1])
if state == 'making' and now - tonumber(seen) < tonumber(ARGV[2]) then return 0 end
if state == 'queued' and now - tonumber(seen) < tonumber(ARGV[3]) then return 0 end
if state == 'failed' and redis.call('HGET', KEYS[1], 'final') == '1' then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'state', 'queued', 'seen', now, 'done', 0,
  'total', ARGV[1], 'voice', ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""

_UPDATE = """
redis.call('HSET', KEYS[1], 'seen', redis.call('TIME')[1], unpack(ARGV, 2))
redis.call('EXPIRE', KEYS[1], ARGV[1])
"""


class State(StrEnum):
    """Where a narration stands."""

    QUEUED = "queued"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


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


class Jobs:
    """All jobs.

    Redis may be emptied: a job that is forgotten is asked for again.  Every method
    raises QueueUnavailable when Redis does not answer.
    """

    def __init__(self, redis: Redis) -> None:
        """Use a client that returns text."""
        self._redis = redis
        self._claim = redis.register_script(_CLAIM)
        self._update = redis.register_script(_UPDATE)

    def claim(self, key: NarrationKey, total: int, voice: str) -> bool:
        """Whether the caller, alone among all who ask, is to queue this job.

        False when it is queued, being made, or failed for a reason that trying again
        would not mend.
        """
        with _answering():
            return bool(
                self._claim([_PREFIX + key], [total, _STALE, _FORGOTTEN, _KEPT, voice])
            )

    def find(self, key: NarrationKey) -> Job | None:
        """Return the job, or None when nobody asked for it lately."""
        with _answering():
            fields = cast("dict[str, str]", self._redis.hgetall(_PREFIX + key))
        if "state" not in fields:
            return None
        done, total = int(fields.get("done", 0)), int(fields.get("total", 0))
        state = State(fields["state"])
        return Job(key, state, done, total, fields.get("voice"), fields.get("problem"))

    def advance(self, key: NarrationKey, done: int, total: int) -> None:
        """Note that `done` sentences of `total` are spoken."""
        self._set(key, "state", State.MAKING, "done", done, "total", total)

    def finish(self, key: NarrationKey, total: int) -> None:
        """Note that the narration is in the archive."""
        self._set(key, "state", State.READY, "done", total, "total", total)

    def fail(self, key: NarrationKey, problem: str, *, final: bool) -> None:
        """Note why it failed; `final` when trying again would give the same."""
        self._set(key, "state", State.FAILED, "problem", problem, "final", int(final))

    def ping(self) -> None:
        """Return if Redis answers."""
        with _answering():
            self._redis.ping()

    def _set(self, key: NarrationKey, *fields: str | int) -> None:
        with _answering():
            self._update([_PREFIX + key], [_KEPT, *fields])


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise QueueUnavailable(AWAY) from error
