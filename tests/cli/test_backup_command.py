"""`outspoken backup`: output, exit codes, errors."""

import json
from pathlib import Path

from service.settings import ServiceSettings
from tests.support.cli import call
from tests.support.databases.installation import installation_of


def test_backup_prints_counts(data: Path, tmp_path: Path) -> None:
    installation_of(ServiceSettings(data=data, _env_file=None), tmp_path / "backup")
    done = call("backup", tmp_path / "backup", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "articles 3, narrations 3, files 3, bytes 45, added 3, removed 0, missing 0\n"
    )
    counts = json.loads(call("backup", "backup", "--json", data=data).stdout)
    assert (counts["files"], counts["added"], counts["notes"]) == (3, 0, [])


def test_what_is_not_copied_is_noted_on_stderr(data: Path, tmp_path: Path) -> None:
    installation_of(ServiceSettings(data=data, _env_file=None), tmp_path / "backup")
    done = call("backup", tmp_path / "backup", "--without-database", data=data)
    assert done.returncode == 0
    assert done.stderr.startswith("outspoken: The database was not copied;")
    assert not (tmp_path / "backup" / "outspoken.db").exists()


def test_refusals_are_one_sentence(data: Path, tmp_path: Path) -> None:
    done = call("backup", tmp_path / "backup", data=data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("outspoken: There is no database")
    assert done.stderr.count("\n") == 1
    assert not data.exists()
    assert not (tmp_path / "backup").exists()
    assert call("backup", data=data).returncode == 2


def test_wrong_address_of_the_database_is_reported(data: Path, tmp_path: Path) -> None:
    done = call("backup", tmp_path / "backup", data=data, database_url="nonsense")
    assert done.returncode == 1
    assert done.stderr.startswith("outspoken: OUTSPOKEN_DATABASE_URL is not an address")
