"""Opening the storage of a process from its settings."""

from pathlib import Path

import pytest

from tests.support.scripts import script_of
from workers.errors import LibraryFull
from workers.narration import Narration
from workers.settings import WorkerSettings
from workers.storage.open_storage import open_storage

SCRIPT = script_of("The tide turns")
NARRATION = Narration(b"x" * 1000, (), 1, 8000, "tone", repeatable=True)


def settings_of(folder: Path, limit: int | None) -> WorkerSettings:
    return WorkerSettings(
        data=folder / "data",
        cache=folder / "cache",
        library_limit=limit,  # type: ignore[arg-type]  # pydantic converts it
        _env_file=None,
    )


def test_the_archive_is_within_the_limit_of_the_settings(tmp_path: Path) -> None:
    storage = open_storage(settings_of(tmp_path, 999))
    assert storage.quota
    with pytest.raises(LibraryFull):
        storage.archive.store("a" * 32, SCRIPT, "tone", NARRATION)


def test_without_a_limit_there_is_no_quota(tmp_path: Path) -> None:
    storage = open_storage(settings_of(tmp_path, None))
    assert storage.quota is None
    record = storage.archive.store("a" * 32, SCRIPT, "tone", NARRATION)
    assert storage.archive.find("a" * 32) == record


def test_articles_and_archive_share_the_records(tmp_path: Path) -> None:
    storage = open_storage(settings_of(tmp_path, None))
    storage.archive.store("a" * 32, SCRIPT, "tone", NARRATION)
    assert storage.records.names("narrations") == ["a" * 32]
