"""Register audio files: which exist, which are being written or removed, their size.

A file is stored in two steps, so that the database and the blob store agree even if
the process is killed between them:

    add_file          transaction: the file is being written, its bytes are counted
    put_if_absent     the blob
    confirm_file      transaction: the file is stored

and removed in two: `discard` in a transaction, then `remove_discarded`.  The name of a
file is used once, so a removal never meets a later file of the same content.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    exists,
    insert,
    select,
    true,
    update,
)

from workers.database import Database, lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import AUDIO, NARRATIONS, USAGE
from workers.storage.blobs import BlobStore

USE_NOTE_INTERVAL = timedelta(hours=1)
"""The last use of a file is written if the one in the database is older."""

_MAX_WRITING = timedelta(hours=1)
"""Time after which the process that was writing a file counts as dead."""

_STORE = "narrations"
_BATCH_FILES = 200


class AudioState(StrEnum):
    """State of an audio file."""

    STORING = "storing"
    STORED = "stored"
    REMOVING = "removing"


def find_stored_file(connection: Connection, sha256: str) -> str | None:
    """Return the blob name of the stored file with this content."""
    query = select(AUDIO.c.name).where(
        AUDIO.c.sha256 == sha256, AUDIO.c.state == AudioState.STORED
    )
    name: str | None = connection.execute(query).scalar()
    return name


def list_stored(connection: Connection) -> dict[str, int]:
    """Return the blob name and the bytes of every stored file."""
    query = select(AUDIO.c.name, AUDIO.c.bytes).where(
        AUDIO.c.state == AudioState.STORED
    )
    return {row.name: row.bytes for row in connection.execute(query)}


def add_file(connection: Connection, sha256: str, size: int) -> str:
    """Register a file of `size` bytes that will be written; return its blob name."""
    name = f"{sha256[:2]}/{sha256}-{secrets.token_hex(4)}.mp3"
    connection.execute(
        insert(AUDIO).values(
            name=name,
            sha256=sha256,
            bytes=size,
            state=AudioState.STORING,
            used=now(),
        )
    )
    _change_usage(connection, size)
    return name


def confirm_file(connection: Connection, name: str) -> bool:
    """Mark a file as stored and used now; return whether it still exists.

    The row stays locked until the transaction ends, so the file is not evicted.
    """
    confirmed = (
        update(AUDIO)
        .where(AUDIO.c.name == name, AUDIO.c.state != AudioState.REMOVING)
        .values(state=AudioState.STORED, used=now())
        .returning(AUDIO.c.name)
    )
    return connection.execute(confirmed).first() is not None


def note_use(database: Database, name: str, noted: datetime) -> None:
    """Update the last use of a file if the `noted` one is an hour old.

    Raises:
        StorageFailed: The database cannot be written.
    """
    if noted > now() - USE_NOTE_INTERVAL:
        return
    is_stored = and_(AUDIO.c.name == name, AUDIO.c.state == AudioState.STORED)
    with database.write() as connection:
        connection.execute(update(AUDIO).where(is_stored).values(used=now()))


def discard(
    connection: Connection,
    names: Sequence[str],
    only_if: ColumnElement[bool] | None = None,
) -> int:
    """Mark files for removal; return the sum of their bytes.

    A file is kept if the condition `only_if` on `audio` does not hold any more.
    """
    # Before the rows: eviction has this lock when it changes them.
    lock_usage(connection)
    # An article may be getting one: the condition is evaluated when it has it.
    rows = select(AUDIO.c.name).where(AUDIO.c.name.in_(names)).order_by(AUDIO.c.name)
    connection.execute(rows.with_for_update())
    condition = true() if only_if is None else only_if
    discarded = (
        update(AUDIO)
        .where(AUDIO.c.name.in_(names), AUDIO.c.state != AudioState.REMOVING, condition)
        .values(state=AudioState.REMOVING, used=now())
        .returning(AUDIO.c.bytes)
    )
    freed: int = sum(connection.execute(discarded).scalars())
    if freed:
        _change_usage(connection, -freed)
    return freed


def discard_unconfirmed(connection: Connection, name: str) -> None:
    """Mark a file for removal unless it is stored."""
    discard(connection, [name], only_if=AUDIO.c.state == AudioState.STORING)


def discard_unless_used(connection: Connection, sha256: str) -> None:
    """Mark the stored file of a content for removal, unless a narration has it.

    The caller holds the lock of `sha256`.
    """
    used = select(exists().where(NARRATIONS.c.sha256 == sha256))
    if connection.execute(used).scalar():
        return
    name = find_stored_file(connection, sha256)
    if name is not None:
        discard(connection, [name])


def remove_discarded(database: Database, store: BlobStore) -> None:
    """Remove the blobs of discarded files, and of files whose writer died.

    Raises:
        StorageFailed: The database or the store cannot be written.
    """
    _discard_abandoned(database)
    while names := _find_names(database, AUDIO.c.state == AudioState.REMOVING):
        for name in names:
            store.remove(name)
        with database.write() as connection:
            # Two processes may remove the same files.
            lock_usage(connection)
            connection.execute(AUDIO.delete().where(AUDIO.c.name.in_(names)))


def read_usage(connection: Connection) -> int:
    """Return the bytes of all files that are stored or being written."""
    query = select(USAGE.c.bytes).where(USAGE.c.store == _STORE)
    return connection.execute(query).scalar() or 0


def _discard_abandoned(database: Database) -> None:
    """Discard files whose writer died."""
    dead = and_(
        AUDIO.c.state == AudioState.STORING, AUDIO.c.used < now() - _MAX_WRITING
    )
    if names := _find_names(database, dead):
        with database.write() as connection:
            # A slow writer may have finished meanwhile.
            discard(connection, names, only_if=dead)


def _find_names(database: Database, condition: ColumnElement[bool]) -> list[str]:
    query = select(AUDIO.c.name).where(condition).limit(_BATCH_FILES)
    with database.read() as connection:
        return list(connection.execute(query).scalars())


def lock_usage(connection: Connection) -> None:
    """Hold the lock of the usage, the last one that a transaction takes."""
    lock(connection, "usage")


def _change_usage(connection: Connection, change: int) -> None:
    lock_usage(connection)
    changed = (
        update(USAGE)
        .where(USAGE.c.store == _STORE)
        .values(bytes=USAGE.c.bytes + change)
        .returning(USAGE.c.store)
    )
    if connection.execute(changed).first() is None:
        insert_if_absent(connection, USAGE, store=_STORE, bytes=change)
