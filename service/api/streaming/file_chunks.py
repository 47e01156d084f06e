"""A finished file is sent in pieces, so that a slow listener holds little of it."""

from collections.abc import AsyncIterator
from typing import Protocol

from service.api.streaming.io_threads import run_blocking
from service.errors import StreamAborted
from workers.narration import NarrationRecord
from workers.storage.archive import Archive

CHUNK_BYTES = 262_144
"""Bytes that are read at once: half a minute of sound."""


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: bytes, /) -> None:
        """Take what follows."""
        ...

    def hexdigest(self) -> str:
        """Return the digest of all that was taken."""
        ...


async def iter_file_range(
    archive: Archive, record: NarrationRecord, start: int, end: int
) -> AsyncIterator[bytes]:
    """Yield the bytes from `start` up to `end`; raises StorageFailed."""
    while start < end:
        piece = await run_blocking(
            archive.read, record, start, min(CHUNK_BYTES, end - start)
        )
        start += len(piece)
        yield piece


async def iter_file_from(
    archive: Archive, record: NarrationRecord, start: int, heard: Digest
) -> AsyncIterator[bytes]:
    """Yield the file from `start`, the last piece only if the whole is what was kept.

    `heard` has taken what comes before.  Raises StreamAborted, StorageFailed.
    """
    async for piece in iter_file_range(archive, record, start, record.bytes):
        heard.update(piece)
        start += len(piece)
        if start == record.bytes and heard.hexdigest() != record.sha256:
            message = f"The audio file {record.sha256} is damaged; delete it."
            raise StreamAborted(message)
        yield piece
