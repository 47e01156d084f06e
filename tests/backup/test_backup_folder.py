"""Folders that a backup refuses, so that it replaces nothing but a backup."""

from pathlib import Path

import pytest

from service.errors import BackupRefused
from service.operations.backup import back_up
from service.supervisor.data_folder_lock import hold_lock, lock_data_folder
from tests.support.databases.installation import Installation


def test_the_services_own_data_is_refused(installation: Installation) -> None:
    data = installation.settings.data
    for folder in (data, data.parent, data / "library"):
        with pytest.raises(BackupRefused, match="choose another folder"):
            back_up(installation.settings, folder)


def test_folder_inside_the_data_folder_is_accepted(installation: Installation) -> None:
    report = back_up(installation.settings, installation.settings.data / "backup")
    assert report.missing == 0


def test_folder_with_something_else_is_refused(installation: Installation) -> None:
    installation.folder.mkdir()
    thesis = installation.folder / "thesis.txt"
    thesis.touch()
    with pytest.raises(BackupRefused, match="not a backup"):
        installation.back_up()
    assert list(installation.folder.iterdir()) == [thesis]


def test_backup_that_a_service_used_is_refused(installation: Installation) -> None:
    """Its articles and its audio are not in the other service's database."""
    installation.back_up()
    with lock_data_folder(installation.folder):
        pass
    with pytest.raises(BackupRefused, match="as its data folder"):
        installation.back_up()


def test_two_backups_do_not_write_at_once(installation: Installation) -> None:
    installation.back_up()
    held = BackupRefused("not held")
    with (
        hold_lock(installation.folder / "backup.lock", held),
        pytest.raises(BackupRefused, match="wait until it ends"),
    ):
        installation.back_up()


def test_absent_database_does_not_replace_a_backup(
    installation: Installation, tmp_path: Path
) -> None:
    """As when OUTSPOKEN_DATA is not set where the command runs."""
    installation.back_up()
    elsewhere = installation.settings.model_copy(update={"data": tmp_path / "else"})
    with pytest.raises(BackupRefused, match="OUTSPOKEN_DATA"):
        back_up(elsewhere, installation.folder)
    assert len(installation.backed_up()) > 0
    assert not (tmp_path / "else").exists()
