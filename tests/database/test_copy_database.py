"""Copies of a database that is used meanwhile."""

import os
from pathlib import Path

from sqlalchemy import func, insert, select

from tests.support.databases.fixtures import OpenDatabase
from tests.support.databases.installation import query
from workers.database import Database
from workers.database.copy_database import copy_database, reading_snapshot
from workers.database.tables import SCRIPTS

MEGABYTE = 1 << 20


def add_scripts(database: Database, *numbers: int, size: int = 1) -> None:
    rows = [
        {"key": f"{n:032x}", "voice": "tone", "speed": 1, "script": os.urandom(size)}
        for n in numbers
    ]
    with database.write() as connection:
        connection.execute(insert(SCRIPTS), rows)


def scripts_in(database: Database) -> int:
    with database.read() as connection:
        query = select(func.count()).select_from(SCRIPTS)
        return int(connection.execute(query).scalar_one())


def test_sqlite_is_copied_as_it_was_while_others_write(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    """No writer waits, and none makes the copy begin again."""
    address = f"sqlite:///{tmp_path}/outspoken.db"
    database, writer = open_at(address), open_at(address, busy_timeout_s=0)
    add_scripts(database, *range(4), size=10 * MEGABYTE)
    steps: list[int] = []

    def write() -> None:
        add_scripts(writer, 100 + len(steps))
        steps.append(scripts_in(writer))

    with reading_snapshot(database) as connection:
        add_scripts(writer, 99)
        copy_database(connection, tmp_path / "copy.db", write)
    assert len(steps) > 3
    assert steps[-1] == 5 + len(steps)
    copy = open_at(f"sqlite:///{tmp_path}/copy.db")
    assert scripts_in(copy) == 4
    assert query(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]


def test_erased_text_is_not_in_a_copy(tmp_path: Path, open_at: OpenDatabase) -> None:
    database = open_at(f"sqlite:///{tmp_path}/outspoken.db")
    word = b"Zyxwquokka"
    rows = {"key": "0" * 32, "voice": "tone", "speed": 1, "script": word * 100}
    with database.write() as connection:
        connection.execute(insert(SCRIPTS), rows)
    with database.write() as connection:
        connection.execute(SCRIPTS.delete())
    with reading_snapshot(database) as connection:
        copy_database(connection, tmp_path / "copy.db")
    assert word not in (tmp_path / "copy.db").read_bytes()
