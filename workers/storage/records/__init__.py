"""Records: JSON documents that must outlive Redis, created once.

    records.create(kind, name, document)   first writer wins
    records.find(kind, name)               the document, or None
    records.remove(kind, name)             when it is withdrawn

Kinds in use: "narrations", "audio" (whose each file is), "withdrawals", "articles".
"""

from workers.storage.records.codec import read_record
from workers.storage.records.disk import DiskRecords
from workers.storage.records.memory import MemoryRecords
from workers.storage.records.protocol import Document, Records
from workers.storage.records.redis import RedisRecords

__all__ = [
    "DiskRecords",
    "Document",
    "MemoryRecords",
    "Records",
    "RedisRecords",
    "read_record",
]
