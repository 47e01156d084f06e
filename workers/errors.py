"""Errors of narrations: rendering, storage and the queue.

voices.errors.OutspokenError
├── EncodingFailed          audio cannot be encoded or converted
├── StorageFailed           the disk is full, read-only or missing
│   ├── DatabaseFull        the disk of the database is full
│   ├── DatabaseTooNew      a newer version of the program wrote it
│   ├── DatabaseUnavailable it does not answer or is locked; try again later
│   ├── DumpFailed          PostgreSQL's pg_dump is absent or failed
│   ├── LibraryFull         narrations that articles use fill the limit
│   ├── StoreFull           the disk or the memory of the audio is full
│   └── StoreUnavailable    the store of the audio does not answer; try again later
├── NarrationWithdrawn      it was taken down; restore it first
├── QueueUnavailable        Redis does not answer; try again later
└── QueueFull               too many narrations are queued; try again later
"""

from voices.errors import OutspokenError


class EncodingFailed(OutspokenError):
    """Audio cannot be encoded or converted."""


class StorageFailed(OutspokenError):
    """The library or the database cannot be read or written."""


class DatabaseFull(StorageFailed):
    """The disk of the database is full; nothing was changed."""


class DatabaseTooNew(StorageFailed):
    """The database was written by a newer version of the program."""


class DatabaseUnavailable(StorageFailed):
    """The database does not answer or is locked; nothing was changed."""


class DumpFailed(StorageFailed):
    """PostgreSQL's `pg_dump` is absent or failed."""


class LibraryFull(StorageFailed):
    """Nothing may be removed to make room for new audio."""


class StoreFull(StorageFailed):
    """The disk or the Redis of a store is full."""


class StoreUnavailable(StorageFailed):
    """The store of the audio does not answer or fails for now."""


class NarrationWithdrawn(OutspokenError):
    """The narration was taken down."""


class QueueUnavailable(OutspokenError):
    """Redis does not answer, or cannot write."""


class QueueFull(OutspokenError):
    """More narrations are queued than the setting allows."""

    def __init__(self, message: str, retry_after: int) -> None:
        """Set after how many seconds there may be room."""
        super().__init__(message)
        self.retry_after = retry_after
