"""Parse stored JSON into documents, and documents into values."""

import json
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from workers.errors import RecordDamaged
from workers.storage.records.protocol import Document

T = TypeVar("T")


def load_document(content: bytes, place: object) -> Document:
    """Return the document that was written as JSON; raises RecordDamaged."""
    try:
        document = json.loads(content.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise _damaged(place) from error
    if not isinstance(document, dict):
        raise _damaged(place)
    return document


def read_record(form: TypeAdapter[T], kind: str, name: str, document: Document) -> T:
    """Return the value that a document of this kind and name records.

    Raises RecordDamaged when the document has not the form.
    """
    try:
        return form.validate_python(document)
    except ValidationError as error:
        # The cause would quote the record, which may hold an article.
        raise _damaged(f"{kind}/{name}") from error


def _damaged(place: object) -> RecordDamaged:
    return RecordDamaged(f"The record {place} is damaged; restore it from a backup.")
