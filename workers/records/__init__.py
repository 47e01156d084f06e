"""What must outlive Redis: JSON documents, created once.

    records.create(kind, name, document)   first writer wins
    records.find(kind, name)               the document, or None

Kinds in use: "recordings", "articles".
"""

from workers.records.disk import DiskRecords
from workers.records.memory import MemoryRecords
from workers.records.protocol import Document, Records
from workers.records.reading import read_record

__all__ = ["DiskRecords", "Document", "MemoryRecords", "Records", "read_record"]
