"""Open all storage of a process from its settings."""

from collections.abc import Callable
from dataclasses import dataclass

from workers.narration import NarrationKey
from workers.settings import WorkerSettings
from workers.storage.archive import Archive, open_archive, open_records
from workers.storage.library_quota import library_quota
from workers.storage.pins import Pins
from workers.storage.quota import Quota
from workers.storage.records import Records


@dataclass(frozen=True, slots=True)
class Storage:
    """The storage of a process."""

    archive: Archive
    """Finished narrations and segments, within the quota."""

    records: Records
    """Articles and pins."""

    quota: Quota | None
    """Limit of the library; None without one."""


def open_storage(
    settings: WorkerSettings,
    is_live: Callable[[NarrationKey], bool] = lambda _key: True,
) -> Storage:
    """Open archive, records and quota; nothing is written.

    Args:
        settings: addresses and limits.
        is_live: whether a narration is queued or rendering; the segments of live ones
            are not evicted.  Without a queue, all count as live.

    Raises:
        StorageFailed: The library or the records cannot be opened.
        DataFolderTooNew: A newer version of the program wrote the data folder.
    """
    archive, records = open_archive(settings), open_records(settings)
    quota = library_quota(settings, archive, Pins(records).keys, is_live)
    return Storage(archive.within(quota), records, quota)
