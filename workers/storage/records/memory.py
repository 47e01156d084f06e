"""Records that live as long as the process: for tests and dry runs."""

import json

from workers.storage.records.protocol import Document


class MemoryRecords:
    """Documents in a dictionary, as JSON, so that callers share no mutable object."""

    def __init__(self) -> None:
        """Begin empty."""
        self._documents: dict[tuple[str, str], str] = {}

    def create(self, kind: str, name: str, document: Document) -> bool:
        """Keep a document unless the name is taken."""
        text = json.dumps(document)
        return self._documents.setdefault((kind, name), text) is text

    def replace(self, kind: str, name: str, document: Document) -> None:
        """Keep a document in the place of any that has the name."""
        self._documents[kind, name] = json.dumps(document)

    def find(self, kind: str, name: str) -> Document | None:
        """Return the document of this name, or None."""
        text = self._documents.get((kind, name))
        document: Document | None = json.loads(text) if text else None
        return document

    def remove(self, kind: str, name: str) -> None:
        """Take a document away, if it is there."""
        self._documents.pop((kind, name), None)

    def names(self, kind: str) -> list[str]:
        """Return every name of a kind, sorted."""
        return sorted(name for held, name in self._documents if held == kind)
