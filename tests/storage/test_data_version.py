"""The version of a data folder is recorded, checked and migrated."""

from pathlib import Path

import pytest

from workers.errors import DataFolderTooNew, StorageFailed
from workers.settings import WorkerSettings
from workers.storage import data_version as form
from workers.storage.archive import open_archive
from workers.storage.data_version import DATA_VERSION, require_data_version


def test_a_new_data_folder_gets_the_current_version(tmp_path: Path) -> None:
    require_data_version(tmp_path / "data")
    assert (tmp_path / "data" / "format").read_text() == f"{DATA_VERSION}\n"
    require_data_version(tmp_path / "data")


def test_a_newer_data_folder_is_refused_unchanged(tmp_path: Path) -> None:
    (tmp_path / "format").write_text(f"{DATA_VERSION + 1}\n")
    with pytest.raises(DataFolderTooNew, match="upgrade Outspoken"):
        require_data_version(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["format"]
    assert (tmp_path / "format").read_text() == f"{DATA_VERSION + 1}\n"


@pytest.mark.parametrize("content", [b"", b"one", b"\xff", b"1.5"])
def test_an_invalid_version_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "format").write_bytes(content)
    with pytest.raises(StorageFailed, match="damaged"):
        require_data_version(tmp_path)


def test_an_older_data_folder_is_migrated_step_by_step(tmp_path: Path) -> None:
    (tmp_path / "format").write_text("-1\n")
    done: list[int] = []
    steps = {number: lambda _, number=number: done.append(number) for number in (0, 1)}
    require_data_version(tmp_path, steps)
    assert done == [0, 1]
    assert (tmp_path / "format").read_text() == "1\n"


def test_an_interrupted_migration_step_is_repeated(tmp_path: Path) -> None:
    (tmp_path / "format").write_text("-1\n")

    def break_off(_: Path) -> None:
        raise StorageFailed("The disk is full; free some of it.")

    with pytest.raises(StorageFailed):
        require_data_version(tmp_path, {0: lambda _: None, 1: break_off})
    assert (tmp_path / "format").read_text() == "0\n"


def test_every_version_but_the_first_has_a_migration() -> None:
    assert set(form.STEPS) == set(range(2, DATA_VERSION + 1))


def test_an_archive_on_disk_requires_the_data_version(
    tmp_path: Path, broker: str
) -> None:
    (tmp_path / "format").write_text(f"{DATA_VERSION + 1}\n")
    with pytest.raises(DataFolderTooNew):
        open_archive(WorkerSettings(data=tmp_path, _env_file=None))
    open_archive(WorkerSettings(data=tmp_path, library=broker, _env_file=None))
