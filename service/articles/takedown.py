"""Take a narration down, with every article text that led to it."""

from contextlib import suppress

from service.articles.revisions import has_revision
from service.errors import NarrationNotFound
from service.narrations.backend import NarrationBackend
from service.narrations.cleaning_reports import find_report
from workers.errors import QueueUnavailable
from workers.narration import NarrationKey
from workers.storage.narration_rows import was_rendered
from workers.storage.withdrawals import is_withdrawn


def withdraw_narration(key: NarrationKey, backend: NarrationBackend) -> None:
    """Erase audio, segments and text of a narration; refuse it afterwards.

    An interrupted call is completed by the next one.

    Raises:
        NarrationNotFound: No narration, article or job has this key.
        StorageFailed: The library or the database cannot be written.
        QueueUnavailable: Redis may still hold its text.
    """
    if not _is_known(key, backend):
        message = f"There is no narration {key}; nothing was taken down."
        raise NarrationNotFound(message)
    spec = None
    # The script of a narration that was not finished may be in its job only.
    with suppress(QueueUnavailable):
        spec = backend.jobs.spec(key)
    backend.archive.withdraw(key, spec)
    backend.known_requests.forget(key)
    backend.jobs.cancel(key)


def _is_known(key: NarrationKey, backend: NarrationBackend) -> bool:
    with backend.database.read() as connection:
        if (
            is_withdrawn(connection, key)
            or has_revision(connection, key)
            or was_rendered(connection, key)
        ):
            return True
    return (
        find_report(backend.database, key) is not None
        or backend.jobs.find(key) is not None
    )
