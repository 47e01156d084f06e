"""Keep finished narrations within a limit by evicting those least recently used."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from workers.database import Database
from workers.database.columns import now
from workers.database.tables import ARTICLES, AUDIO, NARRATIONS
from workers.errors import LibraryFull
from workers.storage.audio_files import (
    USE_NOTE_INTERVAL,
    AudioState,
    discard,
    lock_usage,
    read_usage,
)

LIBRARY_IS_FULL = (
    "Narrations that articles use fill the library; raise OUTSPOKEN_LIBRARY_LIMIT or"
    " withdraw articles."
)

_KEEP_FOR = timedelta(minutes=10) + USE_NOTE_INTERVAL
"""Time after its noted last use in which a file is not evicted: longer than a listener
pauses between two range requests, and than a note of the last use may be too old."""

_SPARE_DIVISOR = 20
"""This part of the limit is freed in addition, so that not every write evicts."""

_BATCH_FILES = 200


class LibraryQuota:
    """A limit for the audio of finished narrations, shared by all processes.

    The audio that articles play or wait for is pinned: it is never evicted.
    """

    def __init__(
        self, database: Database, limit: int, keep_for: timedelta = _KEEP_FOR
    ) -> None:
        """Allow `limit` bytes; keep a file for `keep_for` after its last use."""
        self.limit = limit
        self._database = database
        self._keep_for = keep_for

    def make_room(self, connection: Connection, wanted: int) -> None:
        """Discard files until `wanted` more bytes fit; the caller removes the blobs.

        Files in use may exceed the limit.

        Raises:
            LibraryFull: Pinned files leave no room.
        """
        lock_usage(connection)
        excess = read_usage(connection) + wanted - self.limit
        if excess <= 0:
            return
        freed, spare = 0, self.limit // _SPARE_DIVISOR
        while freed < excess + spare and (batch := self._least_used(connection)):
            for name in batch:
                if freed >= excess + spare:
                    break
                # It may have been used meanwhile.
                freed += discard(connection, [name], only_if=self._is_evictable())
        if freed < excess and _pinned_bytes(connection) + wanted > self.limit:
            raise LibraryFull(LIBRARY_IS_FULL)

    def is_full(self) -> bool:
        """Return whether pinned files leave no room.

        Raises:
            StorageFailed: The database cannot be read.
        """
        with self._database.read() as connection:
            # Pinned files are summed, which takes long, only if there is no room.
            return (
                read_usage(connection) > self.limit
                and _pinned_bytes(connection) > self.limit
            )

    def _least_used(self, connection: Connection) -> Sequence[str]:
        query = (
            select(AUDIO.c.name)
            .where(self._is_evictable())
            .order_by(AUDIO.c.used)
            .limit(_BATCH_FILES)
        )
        return connection.execute(query).scalars().all()

    def _is_evictable(self) -> ColumnElement[bool]:
        return and_(
            AUDIO.c.state == AudioState.STORED,
            AUDIO.c.used < now() - self._keep_for,
            ~_is_pinned(),
        )


def _pinned_bytes(connection: Connection) -> int:
    query = select(func.sum(AUDIO.c.bytes)).where(
        AUDIO.c.state == AudioState.STORED, _is_pinned()
    )
    # PostgreSQL sums to a decimal number.
    return int(connection.execute(query).scalar() or 0)


def _is_pinned() -> ColumnElement[bool]:
    # Two conditions, each with an index.
    return or_(
        *[
            exists().where(
                NARRATIONS.c.sha256 == AUDIO.c.sha256, column == NARRATIONS.c.key
            )
            for column in (ARTICLES.c.key, ARTICLES.c.playing)
        ]
    )
