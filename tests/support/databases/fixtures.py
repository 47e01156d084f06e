"""Fixtures: databases of each kind, empty, and archives over them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.databases.postgresql_server import (
    PostgresServer,
    find_programs,
    running_server,
)
from workers.database import Database, memory_database, open_database
from workers.storage.archive import Archive
from workers.storage.blobs import memory_library, open_library


def require_programs() -> Path:
    """Return the folder of PostgreSQL's programs; skip the test if there is none."""
    programs = find_programs()
    if programs is None:
        # Only .ci/run sets it.
        assert "CI_HAS_POSTGRESQL" not in os.environ
        pytest.skip("PostgreSQL is not installed; install the package postgresql")
    return programs


@pytest.fixture(scope="session", name="postgresql")
def _postgresql() -> Iterator[str]:
    """The address of a PostgreSQL database that tests share."""
    with running_server(require_programs()) as server:
        yield server.address


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[PostgresServer]:
    """A PostgreSQL server that a test may stop; its database is empty at first."""
    with running_server(require_programs()) as server:
        yield server


def empty(address: str) -> str:
    """Remove everything from a PostgreSQL database; return its address."""
    engine = create_engine(address.replace("://", "+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


@pytest.fixture(name="address", params=["sqlite", "postgresql"])
def _address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'outspoken.db'}"
    return empty(request.getfixturevalue("postgresql"))


OpenDatabase = Callable[..., Database]


@pytest.fixture(name="open_at")
def _open_at() -> Iterator[OpenDatabase]:
    """`open_database`, with all that is opened closed after the test."""
    opened: list[Database] = []

    def open_at(address: str, **options: float) -> Database:
        opened.append(open_database(address, **options))
        return opened[-1]

    yield open_at
    for database in opened:
        database.close()


@pytest.fixture(
    name="archive", params=["disk-sqlite", "redis-postgresql", "memory-memory"]
)
def _archive(
    request: pytest.FixtureRequest, tmp_path: Path, open_at: OpenDatabase
) -> Archive:
    """An empty archive over each library and each database."""
    if request.param == "memory-memory":
        return Archive(memory_library(), memory_database())
    if request.param == "redis-postgresql":
        request.getfixturevalue("redis").flushall()
        address = request.getfixturevalue("broker")
        database = open_at(empty(request.getfixturevalue("postgresql")))
    else:
        address = f"disk://{tmp_path}/data/library"
        database = open_at(f"sqlite:///{tmp_path}/data/outspoken.db")
    return Archive(open_library(address, tmp_path / "data", None), database)


@pytest.fixture(name="database", params=["sqlite", "postgresql", "memory"])
def _database(
    request: pytest.FixtureRequest, tmp_path: Path, open_at: OpenDatabase
) -> Database:
    """A database with empty tables."""
    match request.param:
        case "sqlite":
            return open_at(f"sqlite:///{tmp_path / 'outspoken.db'}")
        case "postgresql":
            return open_at(empty(request.getfixturevalue("postgresql")))
    return memory_database()
