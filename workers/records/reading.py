"""A document becomes what was recorded."""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from workers.errors import RecordDamaged
from workers.records.protocol import Document

T = TypeVar("T")


def read_record(form: TypeAdapter[T], kind: str, name: str, document: Document) -> T:
    """Return the value that a document of this kind and name records.

    Raises RecordDamaged when the document has not the form.
    """
    try:
        return form.validate_python(document)
    except ValidationError as error:
        message = f"The record {kind}/{name} is damaged; restore it from a backup."
        # The cause would quote the record, which may hold an article.
        raise RecordDamaged(message) from error
