"""Open all storage of a process from its settings."""

from workers.database import open_database
from workers.settings import WorkerSettings
from workers.storage.archive import Archive
from workers.storage.blobs import BlobStore, DiskBlobStore, open_library
from workers.storage.bounded_store import BoundedStore
from workers.storage.library_quota import LibraryQuota
from workers.storage.usage_counter import DiskUsageCounter


def open_archive(settings: WorkerSettings, *, for_requests: bool = False) -> Archive:
    """Open the library and the database of the settings, within their limit.

    With `for_requests` clients wait, so that a store is not waited for long.

    Raises:
        DatabaseTooNew: A newer version of the program wrote the database.
        DatabaseUnavailable: The database does not answer.
        StorageFailed: The library or the database cannot be opened.
    """
    library = open_library(
        settings.library_address,
        settings.data,
        settings.redis_url,
        for_requests=for_requests,
    )
    database = open_database(settings.database_address)
    limit = settings.library_limit
    quota = LibraryQuota(database, limit) if limit is not None else None
    return Archive(library, database, quota)


def open_sentence_store(settings: WorkerSettings) -> BlobStore:
    """Return the store of cached sentences on this machine, within its limit."""
    store = DiskBlobStore(settings.sentences_cache)
    usage = DiskUsageCounter(settings.cache / "sentences.lock")
    return BoundedStore(store, settings.sentences_limit, usage)
