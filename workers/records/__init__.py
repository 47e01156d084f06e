"""What must outlive Redis: JSON documents, created once.

    records.create(kind, name, document)   first writer wins
    records.find(kind, name)               the document, or None
    records.remove(kind, name)             when it is withdrawn

Kinds in use: "recordings", "audio" (whose each file is), "withdrawals", "articles".
"""

from workers.records.disk import DiskRecords
from workers.records.memory import MemoryRecords
from workers.records.protocol import Document, Records
from workers.records.reading import read_record
from workers.records.redis import RedisRecords

__all__ = [
    "DiskRecords",
    "Document",
    "MemoryRecords",
    "Records",
    "RedisRecords",
    "read_record",
]
