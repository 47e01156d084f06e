"""What can go wrong while a recording is made and kept.

voices.errors.OutspokenError
├── EncodingFailed            sound could not be turned into a file
├── StorageFailed             the disk is full, read-only or gone
└── QueueUnavailable          Redis does not answer; try again later
"""

from voices.errors import OutspokenError


class EncodingFailed(OutspokenError):
    """Raised when sound cannot be encoded or converted."""


class StorageFailed(OutspokenError):
    """Raised when the library or the records cannot be read or written."""


class QueueUnavailable(OutspokenError):
    """Raised when Redis does not answer."""
