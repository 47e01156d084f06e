"""Sweep: publish jobs again whose worker or message was lost."""

import logging

from redis import Redis

from voices.engine import SOUND_VERSION
from workers.narration import NarrationKey
from workers.queue.jobs import (
    ENDED_JOB_TTL_S,
    EVENTS,
    EVENTS_KEPT,
    LIVE,
    PREFIX,
    WORKERS,
    Lane,
    job_key,
    lease_key,
    translating_redis_errors,
)
from workers.queue.kombu_layout import UNACKED_HASH
from workers.queue.lua import load_script
from workers.queue.publisher import Queue

_LOG = logging.getLogger(__name__)

_SCAN_INTERVAL_S = 10
"""Time between two scans of all messages, and the longest time in which a message may
be in transit."""

_VERSION_TTL_S = 900
"""Time after which a job fails if no worker has its sound version."""

_VERSION_GONE = "No worker has this sound version any more; request it again."

_SCANNED = f"{PREFIX}scanned:{SOUND_VERSION}"
_UNACKED = f"{PREFIX}{UNACKED_HASH}"


class Sweeper:
    """Finds jobs whose worker died, and jobs whose message was lost.

    Every worker runs one; each lost job is found by one of them.
    """

    def __init__(self, queue: Queue, redis: Redis) -> None:
        """Use a client that returns text; publish through `queue`."""
        self._queue = queue
        self._step = load_script(redis, "sweep")

    def sweep(self) -> list[NarrationKey]:
        """Publish every lost job again; return their keys.

        Raises:
            QueueUnavailable: Redis does not answer.  Jobs not published are found
                again.
        """
        lists = [name for lane in Lane for name in lane.lists]
        with translating_redis_errors():
            found = self._step(
                [LIVE, WORKERS, _SCANNED, _UNACKED, EVENTS, *lists],
                [
                    *(job_key(""), lease_key(""), SOUND_VERSION),
                    *(_SCAN_INTERVAL_S, _VERSION_TTL_S, _VERSION_GONE, ENDED_JOB_TTL_S),
                    EVENTS_KEPT,
                ],
            )
        keys: list[NarrationKey] = found[::2]
        for key, lane in zip(keys, found[1::2], strict=True):
            _LOG.warning("narration %s: worker or message lost, published again", key)
            self._queue.publish(key, Lane(lane), resumed=True)
        return keys
