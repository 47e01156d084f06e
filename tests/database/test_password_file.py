"""The password of PostgreSQL comes from a file: a secret that containers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases.fixtures import OpenDatabase, require_programs
from tests.support.databases.postgresql_server import running_server
from workers.database.copy_database import copy_database, reading_snapshot
from workers.database.migrate import VERSION, read_version
from workers.errors import StorageFailed

PASSWORD = "f0 / ? @ : ü"  # noqa: S105 - of a server of this test


@pytest.fixture(scope="module", name="guarded")
def _guarded() -> Iterator[str]:
    """The address of a database that asks for a password."""
    with running_server(require_programs(), PASSWORD) as server:
        yield server.address


@pytest.fixture(name="secret")
def _secret(tmp_path: Path) -> Path:
    """A file that every user may read, as a secret of Docker Compose has to be."""
    file = tmp_path / "database_password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    file.chmod(0o644)
    return file


def test_the_password_is_read_from_the_file(
    guarded: str, secret: Path, open_at: OpenDatabase
) -> None:
    database = open_at(f"{guarded}&password_file={secret}")
    assert read_version(database) == VERSION
    assert "password" not in database.place


def test_the_file_is_read_again_for_each_connection(
    guarded: str, secret: Path, open_at: OpenDatabase
) -> None:
    database = open_at(f"{guarded}&password_file={secret}")
    database.close()
    secret.unlink()
    with pytest.raises(StorageFailed, match=f"{secret.name}.*cannot be read"):
        read_version(database)


def test_a_wrong_password_is_named_as_such_and_not_quoted(
    guarded: str, secret: Path, open_at: OpenDatabase
) -> None:
    secret.write_text("not-this-one")
    with pytest.raises(StorageFailed, match="check the user, the password") as caught:
        open_at(f"{guarded}&password_file={secret}")
    assert "not-this-one" not in str(caught.value)


def test_an_empty_file_is_refused(
    guarded: str, secret: Path, open_at: OpenDatabase
) -> None:
    secret.write_text("\n")
    with pytest.raises(StorageFailed, match="is empty"):
        open_at(f"{guarded}&password_file={secret}")


def test_libpq_ignores_a_password_file_of_its_own_that_others_may_read(
    guarded: str, tmp_path: Path, open_at: OpenDatabase
) -> None:
    """The reason why the parameter exists: see docs/CONTAINERS.md."""
    passfile = tmp_path / "pgpass"
    passfile.write_text(f"*:*:*:*:{PASSWORD.replace(':', chr(92) + ':')}\n")
    passfile.chmod(0o600)
    assert read_version(open_at(f"{guarded}&passfile={passfile}")) == VERSION
    passfile.chmod(0o644)
    with pytest.raises(StorageFailed):
        open_at(f"{guarded}&passfile={passfile}")


def test_a_dump_is_made_with_the_password_of_the_file(
    guarded: str, secret: Path, tmp_path: Path, open_at: OpenDatabase
) -> None:
    database = open_at(f"{guarded}&password_file={secret}")
    with reading_snapshot(database) as connection:
        copy_database(connection, tmp_path / "outspoken.dump")
    assert (tmp_path / "outspoken.dump").read_bytes().startswith(b"PGDMP")
