"""What can go wrong while a recording is made and kept.

voices.errors.OutspokenError
├── EncodingFailed            sound could not be turned into a file
├── StorageFailed             the disk is full, read-only or gone
│   └── RecordDamaged         a record cannot be understood
└── QueueUnavailable          Redis does not answer; try again later
"""

from voices.errors import OutspokenError


class EncodingFailed(OutspokenError):
    """Raised when sound cannot be encoded or converted."""


class StorageFailed(OutspokenError):
    """Raised when the library or the records cannot be read or written."""


class RecordDamaged(StorageFailed):
    """Raised when a record is not what was written: restore it from a backup."""


class QueueUnavailable(OutspokenError):
    """Raised when Redis does not answer."""
