"""The `BlobStore` protocol, and `Library`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from workers.errors import StorageFailed

TOUCH_INTERVAL_S = 300
"""The recorded last use of a blob may be this much too old."""

_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_NAME = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{0,5}}")


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """An entry of a store."""

    name: str

    bytes: int
    """Length of the content."""

    used: float
    """Time of creation or last touch, in seconds since the epoch."""


class BlobStore(Protocol):
    """Immutable blobs by name, written atomically.

    A name has one to six segments of letters, digits and ". _ -" between slashes, none
    beginning with a dot.  A name must not be the folder of another.  Every method
    raises StorageFailed if the store cannot be read or written, or a name is invalid.
    """

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken; return whether it was stored."""
        ...

    def size(self, name: str) -> int | None:
        """Return the length in bytes; None if absent."""
        ...

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content, or up to `length` bytes from `start`; None if absent."""
        ...

    def touch(self, name: str) -> None:
        """Update the last use of a blob, if it exists.

        Written only if the recorded one is `TOUCH_INTERVAL_S` seconds old.
        """
        ...

    def remove(self, name: str) -> None:
        """Remove a blob if it exists."""
        ...

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield the entries of folder `under`, or all, in any order.

        Entries stored or removed meanwhile may be missing or included.
        """
        ...


@runtime_checkable
class SignedUrls(Protocol):
    """A store whose blobs can be fetched from it, by addresses that it signs."""

    def signed_url(
        self, name: str, expires_s: int, method: Literal["GET", "HEAD"] = "GET"
    ) -> str | None:
        """Return an address that serves the blob; None if it cannot be signed.

        Anybody may use the address until it expires.  It is made without asking the
        store, so the blob may be absent.
        """
        ...


@dataclass(frozen=True, slots=True)
class Library:
    """The stores of audio."""

    narrations: BlobStore
    """Finished files: "<first two>/<sha256>.mp3"."""

    segments: BlobStore
    """Committed segments during rendering: "<key>/<attempt>/<number>"."""


def require_name(name: str) -> str:
    """Return a name; raises StorageFailed if it is invalid."""
    if _NAME.fullmatch(name):
        return name
    message = (
        f"{name!r} is not a blob name; use letters, digits and . _ - in up to six"
        " segments."
    )
    raise StorageFailed(message)
