"""Transactions over SQLite or PostgreSQL: `Database`."""

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, func, select

from workers.database.translate_errors import translating_database_errors
from workers.errors import DatabaseUnavailable

if TYPE_CHECKING:  # loads psycopg
    from workers.database.postgresql import BoundedConnection

_TRUNCATION_TIMEOUT_MS = 100
"""Time that a truncation of SQLite's log waits for readers."""


class Database:
    """A database of this program.

    Connections are opened on first use, and never shared with a forked process.
    """

    def __init__(
        self, engine: Engine, place: str, turn_timeout_s: float | None = None
    ) -> None:
        """Use the connections of `engine`; `place` names the database in errors.

        With `turn_timeout_s` the threads of a process write in turns, and wait that
        long: SQLite serves those that wait in no order, so that one of many waited for
        seconds.
        """
        self._engine = engine
        self._turn = threading.Lock()
        self._turn_timeout_s = turn_timeout_s
        self._writer = engine.execution_options(begin="IMMEDIATE")
        self._reader = engine
        if engine.dialect.name == "postgresql":
            # Without it, each statement sees another state.
            self._reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._place = place
        # A connection that two processes use corrupts both.
        os.register_at_fork(after_in_child=_calling(weakref.WeakMethod(self._forget)))

    @property
    def place(self) -> str:
        """The file or the address, without a password."""
        return self._place

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that only reads, all of one state.

        Raises:
            DatabaseUnavailable: It does not answer; try again later.
            StorageFailed: It cannot be read.
        """
        with (
            translating_database_errors(self._place),
            self._reader.begin() as connection,
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in a transaction; commit it at the end of the block.

        On SQLite, transactions that write run one after another.  On PostgreSQL they
        run concurrently: see `lock`.

        Raises:
            DatabaseUnavailable: It does not answer, or another transaction does not
                end; nothing was changed.
            DatabaseFull: Its disk is full; nothing was changed.
            StorageFailed: It cannot be written.
        """
        with (
            self._in_turn(),
            translating_database_errors(self._place),
            self._writer.begin() as connection,
        ):
            yield connection

    def truncate_log(self) -> None:
        """Remove from SQLite's write-ahead log what is in the database.

        Erased text may otherwise remain in it.  Readers may prevent that, and are not
        waited for, because no transaction can write meanwhile: the next call does it.

        Raises:
            DatabaseUnavailable: It does not answer.
            StorageFailed: It cannot be written.
        """
        if self._engine.dialect.name != "sqlite":
            return
        with (
            translating_database_errors(self._place),
            self._engine.connect() as connection,
        ):
            # Through the driver: SQLAlchemy would begin a transaction.
            cursor = connection.connection.cursor()
            (busy_timeout_ms,) = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {_TRUNCATION_TIMEOUT_MS}")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
                cursor.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn_timeout_s is None:
            yield
            return
        if not self._turn.acquire(timeout=self._turn_timeout_s):
            message = f"The database {self._place} is busy; try again later."
            raise DatabaseUnavailable(message)
        try:
            yield
        finally:
            self._turn.release()

    def _forget(self) -> None:
        """Forget the connections of the process that was forked."""
        self._engine.dispose(close=False)
        self._turn = threading.Lock()


def lock(connection: Connection, name: str) -> None:
    """Hold a lock by name until the transaction ends; wait if another has it.

    On SQLite a transaction that writes has the lock of the whole database already.
    """
    if connection.dialect.name != "sqlite":
        # 64 bits of the name; two names that collide only wait for each other.
        key = func.hashtextextended(name, 0)
        connection.execute(select(func.pg_advisory_xact_lock(key)))


@contextmanager
def without_time_limits(connection: Connection) -> Iterator[None]:
    """Wait for locks and answers as long as it takes, until the transaction ends."""
    if connection.dialect.name == "sqlite":
        yield
        return
    opened = cast("BoundedConnection", connection.connection.driver_connection)
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    with opened.unbounded():
        yield


def _calling(method: weakref.WeakMethod[Callable[[], None]]) -> Callable[[], None]:
    """Return a function that calls a method while its object lives."""

    def call() -> None:
        bound = method()
        if bound is not None:
            bound()

    return call
