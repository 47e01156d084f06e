"""The `BlobStore` protocol, which an object store can satisfy, and `Library`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from workers.errors import StorageFailed

TOUCH_INTERVAL_S = 300
"""Seconds by which the last use of something may be noted late."""

_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_NAME = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{0,5}}")


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """Something that lies on a shelf."""

    name: str

    bytes: int
    """Length of its content."""

    used: float
    """When it was kept or last touched, in seconds since the epoch."""


class BlobStore(Protocol):
    """Named contents, each whole or absent, that never change.

    A name has one to six segments of letters, digits and ". _ -" between slashes, none
    beginning with a dot.  No name is the folder of another.  Every method raises
    StorageFailed when the place cannot be read or written, or a name is none.
    """

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Put a content in its place for good, unless the name is taken.

        Returns whether this call put it there.
        """
        ...

    def size(self, name: str) -> int | None:
        """Return the length in bytes, or None if there is nothing of this name."""
        ...

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content, or up to `length` bytes from `start`; None if absent."""
        ...

    def touch(self, name: str) -> None:
        """Note that it was used now; of what is absent nothing is noted.

        Written when the last note is `TOUCH_INTERVAL_S` seconds old.
        """
        ...

    def remove(self, name: str) -> None:
        """Take it away, if it is there."""
        ...

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield everything whose name begins with the folder `under`, in any order.

        What is kept or removed meanwhile may be among them or not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Library:
    """Where audio lies."""

    narrations: BlobStore
    """Finished files: "<first two>/<sha256>.mp3"."""

    segments: BlobStore
    """What is committed while one is made: "<key>/<reel>/<number>"."""


def require_name(name: str) -> str:
    """Return a name; raises StorageFailed when it is none."""
    if _NAME.fullmatch(name):
        return name
    message = (
        f"{name!r} cannot be kept; name it by letters, digits and . _ - in up to six"
        " segments."
    )
    raise StorageFailed(message)
