"""The event stream: what happened to jobs, in order.

The Lua step that changes a job appends the event, so an event exists if and only if the
change happened.  The stream keeps about the last `EVENTS_KEPT` events, and like every
queue in Redis it may be emptied: a reader that fell behind looks up the job instead.
"""

from dataclasses import dataclass
from typing import cast

from redis import Redis

from workers.narration import NarrationKey
from workers.queue.jobs import EVENTS, State, translating_redis_errors


@dataclass(frozen=True, slots=True)
class JobEvent:
    """A change of a job's state or progress."""

    id: str
    """Position in the stream, "<milliseconds>-<number>"; later events sort later."""

    key: NarrationKey
    state: State

    done: int
    """Sentences spoken."""

    total: int
    """Sentences in the script."""


class EventStream:
    """Reads the events of all jobs.

    Methods raise QueueUnavailable if Redis does not answer.
    """

    def __init__(self, redis: Redis) -> None:
        """Use a client that returns text, with a socket timeout above `block_ms`."""
        self._redis = redis

    def last_id(self) -> str:
        """Return the id of the latest event, to read what comes after it."""
        with translating_redis_errors():
            latest = cast(
                "list[tuple[str, dict[str, str]]]",
                self._redis.xrevrange(EVENTS, count=1),
            )
        return latest[0][0] if latest else "0-0"

    def read(
        self, after: str = "0-0", *, block_ms: int | None = None, count: int = 100
    ) -> list[JobEvent]:
        """Return up to `count` events after an id, oldest first.

        Args:
            after: id of an event, or "0-0" for the beginning of the stream.
            block_ms: how long to wait for an event if there is none; None returns at
                once.
            count: largest number of events returned.
        """
        with translating_redis_errors():
            answer = cast(
                "list[tuple[str, list[tuple[str, dict[str, str]]]]]",
                self._redis.xread({EVENTS: after}, count=count, block=block_ms),
            )
        return [
            JobEvent(
                id=event_id,
                key=fields["key"],
                state=State(fields["state"]),
                done=int(fields["done"]),
                total=int(fields["total"]),
            )
            for _, entries in answer or []
            for event_id, fields in entries
        ]
