"""Remove the segments that failed narrations left behind."""

from workers.queue.jobs import Jobs
from workers.rendering.segment_log import remove_segment_logs
from workers.storage.blobs import BlobStore

_OLD = 3600
"""Seconds after which nobody listens to what a failed narration left."""


def sweep_parts(shelf: BlobStore, jobs: Jobs, now: float) -> None:
    """Remove what is left of narrations that ended badly.

    Args:
        shelf: of parts.
        jobs: tells which narrations are still being made.
        now: seconds since the epoch.

    Raises StorageFailed, QueueUnavailable.
    """
    old = {
        item.name.partition("/")[0] for item in shelf.list() if now - item.used > _OLD
    }
    for key in old:
        if not jobs.is_live(key):
            remove_segment_logs(shelf, key)
