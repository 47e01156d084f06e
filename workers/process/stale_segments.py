"""Remove the segments that failed narrations left behind."""

from workers.queue.jobs import Jobs
from workers.rendering.segment_log import remove_segment_logs
from workers.storage.blobs import BlobStore

_MAX_AGE_S = 3600
"""Age after which no stream reads the segments of a failed narration."""


def remove_stale_segments(store: BlobStore, jobs: Jobs, now: float) -> None:
    """Remove old segments of narrations that are not live.

    Args:
        store: the store of segments.
        jobs: all jobs, to find out which are live.
        now: seconds since the epoch.

    Raises:
        StorageFailed: The store cannot be read or written.
        QueueUnavailable: Redis does not answer.
    """
    old = {
        item.name.partition("/")[0]
        for item in store.list()
        if now - item.used > _MAX_AGE_S
    }
    for key in old:
        if not jobs.is_live(key):
            remove_segment_logs(store, key)
