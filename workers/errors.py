"""What can go wrong while a recording is made and kept.

voices.errors.OutspokenError
├── EncodingFailed            sound could not be turned into a file
├── StorageFailed             the disk is full, read-only or gone
│   ├── DataFolderTooNew       a newer program wrote it
│   ├── LibraryFull           what articles refer to fills the limit
│   └── RecordDamaged         a record cannot be understood
├── NarrationWithdrawn        it was taken down; restore it first
├── QueueUnavailable          Redis does not answer; try again later
├── QueueFull                 more is waiting than is allowed; try again later
├── VoiceMismatch              its voice is not the one of this machine
├── NarrationCancelled        nobody wants it any more
├── JobRequeued                   its worker has something more urgent to do
├── LeaseLost                 another worker makes it
└── CannotResume                what was begun cannot be gone on with
"""

from voices.errors import OutspokenError


class EncodingFailed(OutspokenError):
    """Raised when sound cannot be encoded or converted."""


class StorageFailed(OutspokenError):
    """Raised when the library or the records cannot be read or written."""


class RecordDamaged(StorageFailed):
    """Raised when a record is not what was written: restore it from a backup."""


class LibraryFull(StorageFailed):
    """Raised when nothing may go to make room for what is to be kept."""


class DataFolderTooNew(StorageFailed):
    """Raised when a data folder has a form that this program does not know."""


class NarrationWithdrawn(OutspokenError):
    """Raised when a narration is to be kept that was taken down."""


class QueueUnavailable(OutspokenError):
    """Raised when Redis does not answer."""


class QueueFull(OutspokenError):
    """Raised when more narrations wait than the setting allows."""

    def __init__(self, message: str, retry_after: int) -> None:
        """Say after how many seconds there may be room."""
        super().__init__(message)
        self.retry_after = retry_after


class VoiceMismatch(OutspokenError):
    """Raised when this machine would make another narration than was ordered."""


class NarrationCancelled(OutspokenError):
    """Raised where a narration is being made that nobody wants any more."""


class JobRequeued(OutspokenError):
    """Raised where a narration is being made that is to be gone on with later."""


class LeaseLost(OutspokenError):
    """Raised where a narration is being made that another worker makes."""


class CannotResume(OutspokenError):
    """Raised when the beginning of a narration does not fit what would follow."""
