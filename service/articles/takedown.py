"""Take a narration down, with every article text that led to it."""

from service.articles.revisions import erase_text, refers_to
from service.errors import NarrationNotFound
from service.narrations.backend import NarrationBackend
from service.narrations.cleaning_reports import erase_report, find_report
from workers.narration import NarrationKey
from workers.storage.records import Records


def withdraw_narration(
    key: NarrationKey, backend: NarrationBackend, records: Records
) -> None:
    """Erase audio, segments and text of a narration; refuse it afterwards.

    An interrupted call is completed by the next one.

    Raises:
        NarrationNotFound: No record, article or job has this key.
        StorageFailed: The library or the records cannot be written.
        QueueUnavailable: Redis may still hold its text.
    """
    if not _is_known(key, backend, records):
        message = f"There is no narration {key}; nothing was taken down."
        raise NarrationNotFound(message)
    # The tombstone first: a worker checks for it before it stores its narration.
    backend.archive.withdraw(key)
    erase_text(key, records)
    erase_report(key, records)
    backend.jobs.cancel(key)


def _is_known(key: NarrationKey, backend: NarrationBackend, records: Records) -> bool:
    archive = backend.archive
    return (
        archive.is_withdrawn(key)
        or archive.find_record(key) is not None
        or refers_to(key, records)
        or find_report(key, records) is not None
        or backend.jobs.find(key) is not None
    )
