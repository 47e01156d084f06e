"""Databases that are stopped, frozen, locked or cannot be written."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text

from tests.support.databases.fixtures import OpenDatabase
from tests.support.databases.postgresql_server import PostgresServer
from workers.database import Database, lock
from workers.database.migrate import read_version
from workers.database.tables import USAGE
from workers.errors import DatabaseUnavailable, StorageFailed


def add_row(database: Database, store: str) -> None:
    with database.write() as connection:
        connection.execute(insert(USAGE).values(store=store, bytes=1))


def rows(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(USAGE)) or 0


def test_a_reader_sees_one_state_while_another_writes(
    address: str, open_at: OpenDatabase
) -> None:
    database = open_at(address)
    with database.read() as connection:
        assert rows(connection) == 0
        add_row(database, "audio")
        assert rows(connection) == 0
    with database.read() as connection:
        assert rows(connection) == 1


def test_a_lock_that_stays_held_is_unavailable(
    address: str, open_at: OpenDatabase
) -> None:
    holder, waiting = open_at(address), open_at(address, busy_timeout_s=0.2)
    with holder.write() as connection:
        lock(connection, "usage")
        with (
            pytest.raises(DatabaseUnavailable, match="try again later"),
            waiting.write() as other,
        ):
            lock(other, "usage")
    add_row(waiting, "audio")


def test_a_reader_that_does_not_end_delays_no_one(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    path = tmp_path / "outspoken.db"
    database = open_at(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM usage").fetchall()
    add_row(database, "xylophonic")
    with database.write() as connection:
        connection.execute(text("DELETE FROM usage"))
    database.truncate_log()
    add_row(database, "audio")
    other.execute("COMMIT")
    other.close()
    database.truncate_log()
    assert Path(f"{path}-wal").read_bytes() == b""
    assert b"xylophonic" not in path.read_bytes()


def test_a_stopped_server_is_unavailable_until_it_is_back(
    server: PostgresServer, open_at: OpenDatabase
) -> None:
    database = open_at(server.address)
    server.stop()
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable), database.write():
            pass
    server.start()
    assert read_version(database)


def test_a_server_that_stops_in_a_transaction_is_unavailable(
    server: PostgresServer, open_at: OpenDatabase
) -> None:
    database = open_at(server.address)

    def write() -> None:
        with database.write() as connection:
            connection.execute(insert(USAGE).values(store="lost", bytes=1))
            server.stop()
            lock(connection, "usage")

    with pytest.raises(DatabaseUnavailable):
        write()
    server.start()
    with database.read() as connection:
        assert rows(connection) == 0


def test_a_frozen_server_is_unavailable_until_it_runs(
    server: PostgresServer, open_at: OpenDatabase
) -> None:
    database = open_at(server.address, busy_timeout_s=0.2)
    with server.frozen():
        with pytest.raises(DatabaseUnavailable), database.read():
            pass
        with pytest.raises(DatabaseUnavailable), database.write():
            pass
    assert read_version(database)


def test_the_answer_to_one_statement_is_never_taken_for_that_to_another(
    server: PostgresServer, open_at: OpenDatabase
) -> None:
    database = open_at(server.address, busy_timeout_s=0.2)
    with server.frozen(), pytest.raises(DatabaseUnavailable), database.read() as first:
        first.scalar(select(1))
    for expected in range(5):
        with database.read() as connection:
            assert connection.scalar(select(expected)) == expected


def test_a_folder_that_cannot_be_created_is_one_sentence(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageFailed, match="cannot be created"):
        open_at(f"sqlite:///{tmp_path}/file/outspoken.db")
