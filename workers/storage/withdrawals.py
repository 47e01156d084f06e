"""Withdraw narrations: a tombstone instead of audio, script and reports.

Every function works in the transaction of its caller, so that a takedown is one step
together with the text of articles.
"""

from sqlalchemy import Connection, delete, select

from workers.database import lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import CLEANING_REPORTS, NARRATIONS, SCRIPTS, WITHDRAWALS
from workers.errors import NarrationWithdrawn
from workers.narration import NarrationKey
from workers.storage.audio_files import discard_unless_used


def withdraw(connection: Connection, key: NarrationKey) -> None:
    """Write the tombstone of a narration; erase its script, reports and audio.

    Its file is kept if another narration sounds the same.  The blob is removed by
    `workers.storage.audio_files.remove_discarded`.
    """
    lock(connection, key)
    insert_if_absent(connection, WITHDRAWALS, key=key, since=now())
    sha256 = connection.execute(
        delete(NARRATIONS).where(NARRATIONS.c.key == key).returning(NARRATIONS.c.sha256)
    ).scalar()
    connection.execute(delete(SCRIPTS).where(SCRIPTS.c.key == key))
    connection.execute(delete(CLEANING_REPORTS).where(CLEANING_REPORTS.c.key == key))
    if sha256 is not None:
        lock(connection, sha256)
        discard_unless_used(connection, sha256)


def restore(connection: Connection, key: NarrationKey) -> None:
    """Lift the withdrawal of a narration."""
    lock(connection, key)
    connection.execute(delete(WITHDRAWALS).where(WITHDRAWALS.c.key == key))


def is_withdrawn(connection: Connection, key: NarrationKey) -> bool:
    """Return whether a narration was taken down."""
    query = select(WITHDRAWALS.c.key).where(WITHDRAWALS.c.key == key)
    return connection.execute(query).first() is not None


def require_not_withdrawn(connection: Connection, key: NarrationKey) -> None:
    """Raise NarrationWithdrawn if a narration was taken down."""
    if is_withdrawn(connection, key):
        raise narration_withdrawn(key)


def narration_withdrawn(key: NarrationKey) -> NarrationWithdrawn:
    """Return the error of a narration that was taken down."""
    return NarrationWithdrawn(
        f'Narration {key} was withdrawn; send its article with "restore": true to'
        " render it again."
    )
