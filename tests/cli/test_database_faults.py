"""Commands refuse a database that they cannot use, in one sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.cli import call
from tests.support.databases.fixtures import OpenDatabase
from tests.support.full_disk import mount, unmount
from tests.support.service import run
from workers.database import open_database

SERVE, WORKER, REINDEX = ("serve", "--port=0"), ("worker",), ("reindex",)


def refusal(
    command: tuple[str, ...], data: Path, broker: str, address: str = ""
) -> str:
    """Run a command that must fail; return its one sentence."""
    settings = {"database_url": address} if address else {}
    done = run(*command, data=data, redis_url=broker, **settings)
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("outspoken: ")
    doctor = call("doctor", data=data, redis_url=broker, **settings)
    assert doctor.returncode == 1
    assert line.removeprefix("outspoken: ") in doctor.stdout
    return line


@pytest.mark.parametrize("command", [SERVE, WORKER, REINDEX], ids=lambda c: c[0])
def test_a_database_of_a_newer_version_is_refused(
    tmp_path: Path,
    broker: str,
    address: str,
    open_at: OpenDatabase,
    command: tuple[str, ...],
) -> None:
    database = open_at(address)
    with database.write() as connection:
        connection.execute(text("UPDATE outspoken_version SET version_num = '9999'"))
    said = refusal(command, tmp_path / "data", broker, address)
    assert "A newer Outspoken wrote the database" in said


def test_a_database_of_another_program_is_refused(
    tmp_path: Path, broker: str, address: str
) -> None:
    (tmp_path / "new").mkdir()
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE customers (id INTEGER)"))
    engine.dispose()
    said = refusal(REINDEX, tmp_path / "data", broker, address)
    assert "has tables of another program" in said


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, broker: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "outspoken.db").write_text("An article, not a database. " * 100)
    assert "is not a database or is damaged" in refusal(SERVE, data, broker)


@pytest.fixture(name="read_only")
def _read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder with a database, on a disk that cannot be written."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=2000k", "outspoken-test", folder):
        pytest.skip("mounting a disk takes root")
    open_database(f"sqlite:///{folder}/outspoken.db").close()
    assert mount("-o", "remount,ro", folder)
    yield folder
    unmount(folder)


def test_a_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, broker: str, read_only: Path
) -> None:
    url = f"sqlite:///{read_only}/outspoken.db"
    said = refusal(WORKER, tmp_path / "data", broker, url)
    assert f"{read_only}/outspoken.db cannot be opened or written" in said


def test_a_folder_that_cannot_be_created_is_refused(
    tmp_path: Path, broker: str, read_only: Path
) -> None:
    url = f"sqlite:///{read_only}/new/outspoken.db"
    assert "cannot be created" in refusal(REINDEX, tmp_path / "data", broker, url)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path, broker: str) -> None:
    url = f"postgresql://news:secret-word@/outspoken?host={tmp_path}"
    said = refusal(WORKER, tmp_path / "data", broker, url)
    assert "does not answer; try again later" in said
    assert "secret-word" not in said


def test_a_database_that_was_damaged_is_named(tmp_path: Path, broker: str) -> None:
    data = tmp_path / "data"
    open_database(f"sqlite:///{data}/outspoken.db").close()
    path = data / "outspoken.db"
    with path.open("r+b") as file:
        file.write(b"\xff" * 200)
    assert "damaged" in refusal(REINDEX, data, broker)
