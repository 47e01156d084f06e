"""Backups of a service over PostgreSQL: a dump, and its restore."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.operations.backup import back_up
from service.settings import ServiceSettings
from tests.support.databases.fixtures import OpenDatabase, empty
from tests.support.databases.installation import (
    ARTICLES,
    Installation,
    installation_of,
    key_of,
)
from workers.database.copy_database import copy_database, reading_snapshot
from workers.errors import DumpFailed
from workers.storage.archive import Archive
from workers.storage.blobs import open_library


@pytest.fixture(name="served")
def _served(tmp_path: Path, postgresql: str) -> Iterator[Installation]:
    """Articles in PostgreSQL, their audio on disk."""
    empty(postgresql)
    settings = ServiceSettings(
        data=tmp_path / "data", database_url=postgresql, _env_file=None
    )
    installation = installation_of(settings, tmp_path / "backup")
    yield installation
    installation.archive.database.close()


def restore(dump: Path, address: str) -> None:
    """As docs/OPERATIONS.md says."""
    subprocess.run(
        ["pg_restore", "--no-owner", f"--dbname={address}", dump],  # noqa: S607 - on PATH
        check=True,
    )


def test_dump_is_restored_with_its_audio(
    served: Installation, postgresql: str, open_at: OpenDatabase
) -> None:
    report = served.back_up()
    assert (report.articles, report.files, report.notes) == (ARTICLES, ARTICLES, ())
    before = served.archive.find(key_of(0))
    assert before
    served.archive.database.close()
    empty(postgresql)
    restore(served.folder / "outspoken.dump", postgresql)
    library = open_library(f"disk://{served.folder}/library", served.folder, None)
    restored = Archive(library, open_at(postgresql))
    assert restored.find(before.key) == before
    restored.read(before)


def test_dump_is_of_the_state_whose_audio_is_copied(
    served: Installation, postgresql: str, open_at: OpenDatabase, tmp_path: Path
) -> None:
    dump = tmp_path / "dump"
    with reading_snapshot(served.archive.database) as connection:
        connection.execute(text("SELECT count(*) FROM articles"))
        served.archive.withdraw(key_of(0))
        copy_database(connection, dump)
    served.archive.database.close()
    empty(postgresql)
    restore(dump, postgresql)
    restored = Archive(served.archive.library, open_at(postgresql))
    assert not restored.is_withdrawn(key_of(0))


def test_service_that_moved_to_postgresql_leaves_no_old_database(
    served: Installation, postgresql: str
) -> None:
    at_first = served.settings.model_copy(update={"database_url": None})
    installation_of(at_first, served.folder).back_up()
    assert (served.folder / "outspoken.db").exists()
    served.back_up()
    assert not (served.folder / "outspoken.db").exists()
    assert postgresql


def test_absent_pg_dump_is_reported_with_the_command(
    served: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DumpFailed, match="pg_dump --format=custom") as raised:
        served.back_up()
    assert "--without-database" in str(raised.value)
    report = served.back_up(with_database=False)
    assert (report.files, len(report.notes)) == (ARTICLES, 1)
    assert "database was not copied" in report.notes[0]


def test_failed_pg_dump_keeps_the_previous_dump(
    served: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served.back_up()
    dump = served.folder / "outspoken.dump"
    before = dump.read_bytes()
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'pg_dump: error: server version' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    with pytest.raises(DumpFailed, match="error: server version"):
        back_up(served.settings, served.folder)
    assert dump.read_bytes() == before
    assert list(served.folder.glob(".partial*")) == []
