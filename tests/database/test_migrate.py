"""Migrations: created once, upgraded in place, refused if they are not ours."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from tests.support.databases.fixtures import OpenDatabase
from workers.database import Database
from workers.database.migrate import VERSION, VERSION_TABLE, read_version
from workers.database.tables import METADATA
from workers.errors import DatabaseTooNew, StorageFailed


def test_a_new_database_has_all_tables_at_this_version(database: Database) -> None:
    assert read_version(database) == VERSION
    with database.read() as connection:
        tables = set(inspect(connection).get_table_names())
    assert tables == {*METADATA.tables, VERSION_TABLE}


def test_migrations_give_the_tables_of_the_program(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE}
        )
        assert compare_metadata(context, METADATA) == []


def test_opening_again_keeps_what_is_stored(
    address: str, open_at: OpenDatabase
) -> None:
    with open_at(address).write() as connection:
        connection.execute(text("INSERT INTO usage VALUES ('audio', 7)"))
    with open_at(address).read() as connection:
        assert connection.scalar(text("SELECT bytes FROM usage")) == 7


def test_processes_that_open_a_new_database_at_once_create_it_once(
    address: str, open_at: OpenDatabase
) -> None:
    program = "import sys; from workers.database import open_database;"
    command = [sys.executable, "-c", f"{program} open_database(sys.argv[1])", address]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert read_version(open_at(address)) == VERSION


def test_a_database_of_a_newer_version_is_refused(
    address: str, open_at: OpenDatabase
) -> None:
    with open_at(address).write() as connection:
        connection.execute(text("UPDATE outspoken_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="upgrade Outspoken"):
        open_at(address)


def test_a_database_of_another_program_is_refused(
    address: str, tmp_path: Path, open_at: OpenDatabase
) -> None:
    (tmp_path / "new").mkdir()
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customers (id INTEGER)"))
    with pytest.raises(StorageFailed, match="another program"):
        open_at(address)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["customers"]
    engine.dispose()


def test_a_file_that_is_not_a_database_is_refused(
    tmp_path: Path, open_at: OpenDatabase
) -> None:
    path = tmp_path / "outspoken.db"
    path.write_text("An article, not a database. " * 100)
    with pytest.raises(StorageFailed, match="not a database"):
        open_at(f"sqlite:///{path}")
    assert path.read_text().startswith("An article")
