"""Send a stored file in chunks, so that slow listeners buffer little."""

from collections.abc import AsyncIterator
from typing import Protocol

from service.api.streaming.io_threads import run_blocking
from service.errors import StreamAborted
from workers.narration import NarrationRecord
from workers.storage.archive import Archive

CHUNK_BYTES = 262_144
"""Bytes per read: half a minute of sound."""


class Digest(Protocol):
    """A running hash of hashlib."""

    def update(self, data: bytes, /) -> None:
        """Append data."""
        ...

    def hexdigest(self) -> str:
        """Return the digest of all data so far."""
        ...


async def iter_file_range(
    archive: Archive, record: NarrationRecord, start: int, end: int
) -> AsyncIterator[bytes]:
    """Yield the bytes from `start` up to `end`.

    Raises:
        StorageFailed: The file cannot be read.
    """
    while start < end:
        chunk = await run_blocking(
            archive.read, record, start, min(CHUNK_BYTES, end - start)
        )
        start += len(chunk)
        yield chunk


async def iter_file_from(
    archive: Archive, record: NarrationRecord, start: int, sent: Digest
) -> AsyncIterator[bytes]:
    """Yield the file from `start`; verify its SHA-256 before the last chunk.

    `sent` has hashed the bytes before `start`.

    Raises:
        StreamAborted: The file is damaged.
        StorageFailed: The file cannot be read.
    """
    async for chunk in iter_file_range(archive, record, start, record.bytes):
        sent.update(chunk)
        start += len(chunk)
        if start == record.bytes and sent.hexdigest() != record.sha256:
            message = f"The audio file {record.sha256} is damaged; delete it."
            raise StreamAborted(message)
        yield chunk
