"""Copy a database to a file while others write to it.

with reading_snapshot(database) as connection:
…                                          one state of all tables
copy_database(connection, file)            exactly that state
"""

import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, Connection, text

from voices.system.child_process import die_with_parent
from voices.system.fsync import fsync
from workers.database.database import Database
from workers.database.translate_errors import translating_database_errors
from workers.errors import DumpFailed, StorageFailed

SQLITE_COPY, POSTGRESQL_COPY = "outspoken.db", "outspoken.dump"
"""Names of copies: a database of SQLite, an archive for `pg_restore`."""

_STEP_PAGES = 2_000
"""Pages of SQLite that are copied between two looks at Ctrl-C; 8 MB."""


@contextmanager
def reading_snapshot(database: Database) -> Iterator[Connection]:
    """Yield a connection that sees one state of the database until the block ends.

    Raises:
        DatabaseUnavailable: It does not answer.
        StorageFailed: It cannot be read.
    """
    with database.read() as connection:
        if connection.dialect.name == "sqlite":
            # SQLite takes the snapshot at the first read, not at BEGIN.
            connection.execute(text("SELECT count(*) FROM sqlite_master"))
        yield connection


def copy_name(connection: Connection) -> str:
    """Return the name of a copy of this kind of database."""
    return SQLITE_COPY if connection.dialect.name == "sqlite" else POSTGRESQL_COPY


def copy_database(
    connection: Connection, file: Path, on_step: Callable[[], object] = lambda: None
) -> None:
    """Copy what the connection of `reading_snapshot` sees to a new file.

    Others may write meanwhile.  The copy is complete and flushed on return.

    Args:
        connection: of `reading_snapshot`.
        file: the file to write.
        on_step: called after each step of a copy of SQLite.

    Raises:
        DumpFailed: PostgreSQL's `pg_dump` is absent or failed.
        DatabaseFull: The disk of `file` is full.
        StorageFailed: The database is damaged, or `file` cannot be written.
    """
    if connection.dialect.name == "sqlite":
        _copy_sqlite(connection, file, on_step)
    else:
        _dump_postgresql(connection, file)
    fsync(file)


def _copy_sqlite(
    connection: Connection, file: Path, on_step: Callable[[], object]
) -> None:
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)  # noqa: S101 - the dialect says so
    with (
        translating_database_errors(str(file)),
        closing(sqlite3.connect(file, isolation_level=None)) as copy,
    ):
        # A copy that was not completed is thrown away.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        # The transaction of `source` keeps other writers' changes out, so no step
        # makes SQLite begin again.
        source.backup(copy, pages=_STEP_PAGES, progress=lambda *_: on_step())
        # One file, which can be opened on a read-only disk.
        copy.execute("PRAGMA journal_mode = DELETE")
        (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        message = (
            "The database is damaged and was not backed up; restore it from an earlier"
            f" backup ({found})."
        )
        raise StorageFailed(message)


def _dump_postgresql(connection: Connection, file: Path) -> None:
    url = connection.engine.url
    program = shutil.which("pg_dump")
    if program is None:
        message = (
            "pg_dump is not on PATH; install PostgreSQL's client programs, or add"
            " --without-database and run on the database's machine:"
            f" {_dump_command(url)}"
        )
        raise DumpFailed(message)
    snapshot: str = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [
            program,
            "--format=custom",
            "--no-password",
            f"--snapshot={snapshot}",
            f"--file={file}",
            f"--dbname={_without_password(url)}",
        ],
        # Arguments can be read by every user of the machine.
        env=os.environ | {"PGPASSWORD": _password(connection)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=die_with_parent(os.getpid(), signal.SIGKILL),
    )
    if done.returncode != 0:
        reason = next(iter(done.stderr.splitlines()), f"exit {done.returncode}")
        message = (
            f"The database was not backed up ({reason}); fix that, or add"
            f" --without-database and run: {_dump_command(url)}"
        )
        raise DumpFailed(message)


def _password(connection: Connection) -> str:
    # Of the connection: the address may name a file that has it.
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the dialect says so
    return driver.info.password


def _dump_command(url: URL) -> str:
    address = shlex.quote(_without_password(url))
    return f"pg_dump --format=custom --file={POSTGRESQL_COPY} {address}"


def _without_password(url: URL) -> str:
    bare = url.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False)
