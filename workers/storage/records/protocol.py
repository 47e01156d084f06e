"""The `Records` protocol."""

from typing import Protocol

Document = dict[str, object]
"""A JSON object."""


class Records(Protocol):
    """Named documents of several kinds.

    Names are any text of 1 to 200 characters; a kind is a short English word.  Every
    method raises StorageFailed when the place cannot be read or written.
    """

    def create(self, kind: str, name: str, document: Document) -> bool:
        """Keep a document unless the name is taken; returns whether it was free."""
        ...

    def replace(self, kind: str, name: str, document: Document) -> None:
        """Keep a document in the place of any that has the name."""
        ...

    def find(self, kind: str, name: str) -> Document | None:
        """Return the document of this name, or None."""
        ...

    def remove(self, kind: str, name: str) -> None:
        """Take a document away, if it is there; gone from the disk on return."""
        ...

    def names(self, kind: str) -> list[str]:
        """Return every name of a kind, sorted."""
        ...
