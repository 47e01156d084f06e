"""Transactions: commit, rollback, locks, forks and faults, on each database."""

import multiprocessing
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text, update

from tests.support.databases.fixtures import OpenDatabase
from workers.database import Database, lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent, upsert
from workers.database.tables import USAGE, WITHDRAWALS
from workers.errors import DatabaseUnavailable, StorageFailed

KEY = "0" * 32


def bytes_in(connection: Connection, store: str = "audio") -> int | None:
    return connection.scalar(select(USAGE.c.bytes).where(USAGE.c.store == store))


def test_a_write_is_committed_at_the_end_of_its_block(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(USAGE).values(store="audio", bytes=7))
    with database.read() as connection:
        assert bytes_in(connection) == 7


def test_a_write_that_raises_changes_nothing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(insert(USAGE).values(store="audio", bytes=7))
        raise LookupError

    with pytest.raises(LookupError), database.write() as connection:
        fail(connection)
    with database.read() as connection:
        assert bytes_in(connection) is None


def test_concurrent_additions_under_a_lock_are_all_counted(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(USAGE).values(store="audio", bytes=0))

    def add(_: int) -> None:
        with database.write() as connection:
            lock(connection, "usage")
            before = bytes_in(connection) or 0
            connection.execute(update(USAGE).values(bytes=before + 1))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(64)))
    with database.read() as connection:
        assert bytes_in(connection) == 64


def test_only_the_first_of_two_inserts_of_a_key_is_stored(database: Database) -> None:
    with database.write() as connection:
        assert insert_if_absent(connection, USAGE, store="audio", bytes=1)
        assert not insert_if_absent(connection, USAGE, store="audio", bytes=2)
        assert bytes_in(connection) == 1


def test_an_upsert_replaces_the_row_of_its_key(database: Database) -> None:
    with database.write() as connection:
        upsert(connection, USAGE, store="audio", bytes=1)
        upsert(connection, USAGE, store="audio", bytes=2)
        upsert(connection, USAGE, store="other", bytes=3)
        assert (bytes_in(connection), bytes_in(connection, "other")) == (2, 3)


def test_a_time_is_returned_in_utc(database: Database) -> None:
    local = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=5)))
    with database.write() as connection:
        connection.execute(insert(WITHDRAWALS).values(key=KEY, since=local))
        stored = connection.scalar(select(WITHDRAWALS.c.since))
        assert stored == local
        assert stored is not None
        assert stored.tzinfo is UTC
        earlier = select(WITHDRAWALS.c.key).where(WITHDRAWALS.c.since < now())
        assert connection.scalar(earlier) == KEY


def count_in_child(database: Database, results: "multiprocessing.Queue[int]") -> None:
    with database.write() as connection:
        connection.execute(insert(USAGE).values(store="child", bytes=1))
    results.put(1)


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded")
def test_a_forked_process_opens_connections_of_its_own(
    address: str, open_at: OpenDatabase
) -> None:
    database = open_at(address)
    fork = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[int] = fork.Queue()
    child = fork.Process(target=count_in_child, args=(database, results))
    child.start()
    assert results.get(timeout=60) == 1
    child.join()
    with database.write() as connection:
        assert bytes_in(connection, "child") == 1
        connection.execute(insert(USAGE).values(store="parent", bytes=1))


def test_a_reader_sees_one_state_while_another_process_writes(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    path = tmp_path / "outspoken.db"
    database = open_at(f"sqlite:///{path}")
    with database.read() as connection:
        assert bytes_in(connection) is None
        with database.write() as writer:
            writer.execute(insert(USAGE).values(store="audio", bytes=7))
        assert bytes_in(connection) is None


def test_withdrawn_text_is_overwritten_in_the_file(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    path = tmp_path / "outspoken.db"
    database = open_at(f"sqlite:///{path}")
    with database.write() as connection:
        connection.execute(insert(USAGE).values(store="xylophonic", bytes=1))
    with database.write() as connection:
        connection.execute(text("DELETE FROM usage"))
    database.close()
    assert b"xylophonic" not in path.read_bytes()


def test_a_database_that_stays_locked_is_unavailable(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    path = tmp_path / "outspoken.db"
    database = open_at(f"sqlite:///{path}", busy_timeout_s=0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"), database.write():
        pass
    other.execute("ROLLBACK")
    with database.write() as connection:
        connection.execute(insert(USAGE).values(store="audio", bytes=7))


def test_a_server_that_does_not_answer_is_unavailable(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    address = f"postgresql://news:secret-word@/outspoken?host={tmp_path}"
    with pytest.raises(DatabaseUnavailable, match="try again later") as caught:
        open_at(address)
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["", "outspoken.db", "sqlite://", "mysql://host/name", "postgresql//user:pw@host"],
)
def test_an_address_of_no_database_is_refused(
    address: str, open_at: OpenDatabase
) -> None:
    with pytest.raises(StorageFailed, match="OUTSPOKEN_DATABASE_URL") as caught:
        open_at(address)
    assert "pw" not in str(caught.value)


def test_a_lock_by_name_holds_until_the_transaction_ends(
    postgresql: str, open_at: OpenDatabase
) -> None:
    database = open_at(postgresql)
    order: list[str] = []
    has_lock = threading.Event()

    def wait_for_lock() -> None:
        with database.write() as connection:
            has_lock.wait()
            lock(connection, "name")
            order.append("second")

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(wait_for_lock)
        with database.write() as connection:
            lock(connection, "name")
            has_lock.set()
            with database.read() as other:
                lock(other, "another name")
            order.append("first")
        waiting.result()
    assert order == ["first", "second"]
