"""Open a database by its address: `open_database`."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from workers.database.database import Database
from workers.database.migrate import migrate
from workers.errors import StorageFailed

_BUSY_TIMEOUT_S = 5
"""Transactions take milliseconds: one that waits longer would wait in vain."""

_CONNECT_TIMEOUT_S = 3
"""Time to connect to PostgreSQL: a quick 503 is better than a slow answer."""

_POOL_CONNECTIONS, _MORE_CONNECTIONS = 5, 35
"""Connections kept open, and opened in addition: one for each thread of the API."""

_POOL_TIMEOUT_S = 10
"""Time that a thread waits for a connection."""

_CACHE_KIB = 8_000
"""Cached pages of each SQLite connection."""

_PASSWORD_FILE = "password_file"  # noqa: S105 - not a password
"""Parameter of an address.  libpq's `passfile` is ignored if others may read the file,
and a secret of Docker Compose has to be readable by the users of two containers."""


def open_database(address: str, busy_timeout_s: float = _BUSY_TIMEOUT_S) -> Database:
    """Open a database and bring its tables up to date.

    Args:
        address: `sqlite:////path/file.db`, or `postgresql://user:password@host/name`
            with any parameter of libpq, or with `password_file`: the path of a file
            that has the password, read for each connection.
        busy_timeout_s: time that a transaction waits for the lock of another.

    Raises:
        DatabaseUnavailable: It does not answer.
        DatabaseTooNew: A newer version of the program wrote it.
        StorageFailed: The address is invalid, or the database cannot be used.
    """
    url = _parse(address)
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, busy_timeout_s)
        database = Database(engine, str(url.database), busy_timeout_s)
    else:
        server = url.difference_update_query([_PASSWORD_FILE])
        place = server.render_as_string(hide_password=True).replace("+psycopg", "")
        paths = url.normalized_query.get(_PASSWORD_FILE, ())
        engine = _postgresql_engine(server, busy_timeout_s, *map(Path, paths[-1:]))
        database = Database(engine, place)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def database_file(address: str) -> Path | None:
    """Return the file of a database; None if it has a server.

    Raises:
        StorageFailed: The address is invalid.
    """
    url = _parse(address)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def memory_database() -> Database:
    """Return a database that lives as long as the process.

    It has one connection, which threads use in turn.
    """
    engine = create_engine(
        "sqlite://",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False},
    )
    _configure_sqlite(engine)
    database = Database(engine, "in memory")
    migrate(database)
    return database


def _parse(address: str) -> URL:
    message = (
        "OUTSPOKEN_DATABASE_URL is not an address of a database; use"
        " sqlite:////folder/file.db or postgresql://user:password@host/name."
    )
    try:
        url = make_url(address)
    except ArgumentError:
        # Not `from`: the cause would quote the password.
        raise StorageFailed(message) from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
    raise StorageFailed(message)


def _sqlite_engine(url: URL, busy_timeout_s: float) -> Engine:
    engine = create_engine(
        url,
        pool_size=_POOL_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        pool_timeout=_POOL_TIMEOUT_S,
        connect_args={"timeout": busy_timeout_s},
    )
    folder = Path(str(url.database)).parent

    @event.listens_for(engine, "do_connect")
    def _(*_arguments: object) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = (
                f"The folder of the database {url.database} cannot be created"
                f" ({error.strerror}); check its disk and permissions."
            )
            raise StorageFailed(message) from error

    _configure_sqlite(engine)
    return engine


def _configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # Transactions are begun below, not by the driver.
        connection.isolation_level = None
        for pragma in (
            # Readers do not wait for a writer.
            "journal_mode = WAL",
            # Not NORMAL, which may lose the last transactions in a power cut: an
            # article that was acknowledged or withdrawn stays so.
            "synchronous = FULL",
            "foreign_keys = ON",
            # Withdrawn text is overwritten, not only marked as free.
            "secure_delete = ON",
            f"cache_size = -{_CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        # A transaction that reads first and writes later could not be retried by
        # SQLite's busy time-out.
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def _postgresql_engine(
    url: URL, busy_timeout_s: float, password_file: Path | None = None
) -> Engine:
    # Loads psycopg.
    from workers.database.postgresql import connect  # noqa: PLC0415

    engine = create_engine(
        url,
        pool_size=_POOL_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        pool_timeout=_POOL_TIMEOUT_S,
        # A server that was restarted has closed the connections.
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_TIMEOUT_S},
    )

    @event.listens_for(engine, "do_connect")
    def _(
        _: object, __: object, arguments: list[str], parameters: dict[str, object]
    ) -> object:
        if password_file is not None:
            parameters["password"] = _read_password(password_file)
        return connect(arguments, parameters, busy_timeout_s)

    return engine


def _read_password(file: Path) -> str:
    """Return what is in the file, without a line break at its end."""
    try:
        password = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        message = (
            f"The file {file}, password_file of OUTSPOKEN_DATABASE_URL, cannot be read"
            f" by user {os.getuid()}; make it a readable text file."
        )
        raise StorageFailed(message) from error
    if not password:
        message = f"The file {file}, password_file of OUTSPOKEN_DATABASE_URL, is empty."
        raise StorageFailed(message)
    return password
