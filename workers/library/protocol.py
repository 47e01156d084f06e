"""The `Library` protocol, shaped so that an object store fits it."""

from typing import Protocol


class Library(Protocol):
    """MP3 files by the SHA-256 of their content, each whole or absent.

    Every method raises StorageFailed when the place cannot be read or written.
    """

    def keep(self, sha256: str, mp3: bytes) -> bool:
        """Keep a file unless it is there; returns whether it was not.

        One of another length is damaged and is replaced.
        """
        ...

    def size(self, sha256: str) -> int | None:
        """Return the length in bytes, or None if there is no such file."""
        ...

    def read(self, sha256: str, start: int, length: int) -> bytes | None:
        """Return up to `length` bytes from `start`, or None if there is no file."""
        ...
