"""Jobs that no message leads to any more get another."""

import logging

from redis import Redis

from voices.engine import SOUND_VERSION
from workers.narration import NarrationKey
from workers.queue.jobs import (
    ENDED_JOB_TTL_S,
    LIVE,
    PREFIX,
    WORKERS,
    Lane,
    job_key,
    lease_key,
    translating_redis_errors,
)
from workers.queue.lua import load_script
from workers.queue.publisher import Queue

_LOG = logging.getLogger(__name__)

_LOOK = 10
"""Seconds between two looks at all messages, of which there are as many as jobs may
wait; and seconds that a message may be on its way."""

_EXTINCT = 900
"""Seconds after which a job is given up whose sound version no worker has."""

_GONE = "No worker is left that makes this sound version; ask for it again."

_LOOKED = f"{PREFIX}looked:{SOUND_VERSION}"
_UNACKED = f"{PREFIX}unacked"
"""Celery's: messages that workers hold."""


class Sweeper:
    """Finds jobs whose worker died, and jobs whose message was lost.

    Every worker has one: each finding is made by one of them.
    """

    def __init__(self, queue: Queue, redis: Redis) -> None:
        """Look with a client that returns text, and publish through `queue`."""
        self._queue = queue
        self._step = load_script(redis, "sweep")

    def sweep(self) -> list[NarrationKey]:
        """Publish every lost job again and return their keys.

        Raises QueueUnavailable; what was found and not published is found again.
        """
        lists = [name for lane in Lane for name in lane.lists]
        with translating_redis_errors():
            found = self._step(
                [LIVE, WORKERS, _LOOKED, _UNACKED, *lists],
                [
                    *(job_key(""), lease_key(""), SOUND_VERSION),
                    *(_LOOK, _EXTINCT, _GONE, ENDED_JOB_TTL_S),
                ],
            )
        keys: list[NarrationKey] = found[::2]
        for key, lane in zip(keys, found[1::2], strict=True):
            _LOG.warning("narration %s: its worker or its message was lost", key)
            self._queue.publish(key, Lane(lane), resumed=True)
        return keys
