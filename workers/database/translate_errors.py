"""Translate the errors of database drivers: `translating_database_errors`."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from workers.errors import (
    DatabaseFull,
    DatabaseUnavailable,
    StorageFailed,
)

_SQLITE_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"}
_SQLITE_BUSY = "SQLITE_BUSY"
_SQLITE_DAMAGED = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}
_SQLITE_UNUSABLE = {"SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM"}

_POSTGRESQL_FULL = "53100"
_POSTGRESQL_RETRY_CLASSES = {"08", "40", "53", "57"}
"""Classes of SQLSTATE that pass: connection, rollback, resources, intervention."""

_POSTGRESQL_BUSY = {"25006", "25P03", "55P03"}
"""Read-only during a failover; too long idle in a transaction; a lock that was not
granted."""

_POSTGRESQL_REFUSED_CLASSES = {"28", "3D", "42501"}
"""Wrong password, missing database, missing privilege."""

_POSTGRESQL_REFUSED = re.compile(
    "authentication failed|no password supplied|no pg_hba.conf entry"
    "|does not exist|permission denied"
)
"""The same while connecting: libpq then passes on the server's message, without its
SQLSTATE.  A server whose messages are not in English counts as one that does not
answer."""


@contextmanager
def translating_database_errors(place: str) -> Iterator[None]:
    """Raise StorageFailed or one of its kinds for errors of the driver.

    Errors that only a mistake in this program causes, such as wrong SQL, are not
    translated.
    """
    try:
        yield
    except PoolTimeoutError as error:
        message = f"The database {place} is busy; try again later."
        raise DatabaseUnavailable(message) from error
    except DBAPIError as error:
        translated = _translate_sqlite(error.orig, place) or _translate_postgresql(
            error, place
        )
        if translated is None:
            raise
        raise translated from error
    except sqlite3.Error as error:  # of a connection without SQLAlchemy
        translated = _translate_sqlite(error, place)
        if translated is None:
            raise
        raise translated from error


def _translate_sqlite(error: BaseException | None, place: str) -> StorageFailed | None:
    # Extended codes are written "SQLITE_BUSY_SNAPSHOT".
    name = getattr(error, "sqlite_errorname", None)
    if not isinstance(name, str):
        return None
    if name in _SQLITE_FULL:
        return _full(place)
    if name.startswith(_SQLITE_BUSY):
        message = f"The database {place} is locked; try again later."
        return DatabaseUnavailable(message)
    if any(name.startswith(code) for code in _SQLITE_DAMAGED):
        message = f"{place} is not a database or is damaged; restore it from a backup."
        return StorageFailed(message)
    if any(name.startswith(code) for code in _SQLITE_UNUSABLE):
        message = (
            f"The database {place} cannot be opened or written; check the permissions"
            " of the file and its folder."
        )
        return StorageFailed(message)
    return None


def _translate_postgresql(error: DBAPIError, place: str) -> StorageFailed | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == _POSTGRESQL_FULL:
        return _full(place)
    if state[:2] in _POSTGRESQL_REFUSED_CLASSES or state in _POSTGRESQL_REFUSED_CLASSES:
        return _refused(place)
    passes = state in _POSTGRESQL_BUSY or state[:2] in _POSTGRESQL_RETRY_CLASSES
    # Without a state there is no connection.
    is_away = not state and _is_connection_error(error)
    if is_away and _POSTGRESQL_REFUSED.search(str(error.orig)):
        return _refused(place)
    if passes or is_away:
        message = f"The database {place} does not answer; try again later."
        return DatabaseUnavailable(message)
    return None


def _is_connection_error(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error.orig).__name__ in {
        "OperationalError",
        "ConnectionTimeout",
        "InterfaceError",
    }


def _refused(place: str) -> StorageFailed:
    return StorageFailed(
        f"The database {place} refuses; check the user, the password, the name and the"
        " rights in OUTSPOKEN_DATABASE_URL."
    )


def _full(place: str) -> DatabaseFull:
    return DatabaseFull(f"The disk of the database {place} is full; free some space.")
