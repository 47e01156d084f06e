"""A finished file is sent in pieces, so that a slow listener holds little of it."""

from collections.abc import AsyncIterator
from typing import Protocol

from service.api.streaming.io_threads import on_disk
from service.errors import ListenersCutOff
from workers.narration import Recording
from workers.storage.archive import Archive

PIECE = 262_144
"""Bytes that are read at once: half a minute of sound."""


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: bytes, /) -> None:
        """Take what follows."""
        ...

    def hexdigest(self) -> str:
        """Return the digest of all that was taken."""
        ...


async def file_range(
    archive: Archive, recording: Recording, start: int, end: int
) -> AsyncIterator[bytes]:
    """Yield the bytes from `start` up to `end`; raises StorageFailed."""
    while start < end:
        piece = await on_disk(archive.read, recording, start, min(PIECE, end - start))
        start += len(piece)
        yield piece


async def rest_of_file(
    archive: Archive, recording: Recording, start: int, heard: Digest
) -> AsyncIterator[bytes]:
    """Yield the file from `start`, the last piece only if the whole is what was kept.

    `heard` has taken what comes before.  Raises ListenersCutOff, StorageFailed.
    """
    async for piece in file_range(archive, recording, start, recording.bytes):
        heard.update(piece)
        start += len(piece)
        if start == recording.bytes and heard.hexdigest() != recording.sha256:
            message = f"The audio file {recording.sha256} is damaged; delete it."
            raise ListenersCutOff(message)
        yield piece
