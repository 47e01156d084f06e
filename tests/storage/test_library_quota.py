"""The quota of the library: what is evicted first, and what never."""

import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from tests.support.databases.revisions import put
from tests.support.scripts import script_of
from tests.support.storage import names
from workers.database import Database, open_database
from workers.database.tables import ARTICLES, AUDIO
from workers.errors import LibraryFull, StorageFailed
from workers.narration import JobSpec, Narration, NarrationRecord
from workers.settings import WorkerSettings
from workers.storage.archive import Archive
from workers.storage.blobs import open_library
from workers.storage.library_quota import LibraryQuota
from workers.storage.open_storage import open_archive

SIZE = 1000
SCRIPT = script_of("The tide turns", "It turned at noon.")
HOUR = timedelta(hours=1)
AT_ONCE = timedelta(0)


def key_of(number: int) -> str:
    return f"{number:032x}"


def narration_of(number: int) -> Narration:
    mp3 = number.to_bytes(4, "big") * (SIZE // 4)
    return Narration(mp3, (), 50, 22050, "tone 1", repeatable=True)


def store(archive: Archive, number: int) -> NarrationRecord:
    spec = JobSpec(key_of(number), "tone", SCRIPT)
    return archive.store(spec, narration_of(number))


def limited(archive: Archive, files: int, keep_for: timedelta = AT_ONCE) -> Archive:
    """Return an archive within a limit of some files and a half."""
    quota = LibraryQuota(archive.database, files * SIZE + 500, keep_for)
    return Archive(archive.library, archive.database, quota)


def age(database: Database, by: timedelta) -> None:
    """Make the last use of every file older than it is."""
    with database.write() as connection:
        rows = connection.execute(AUDIO.select()).all()
        for row in rows:
            aged = update(AUDIO).where(AUDIO.c.name == row.name)
            connection.execute(aged.values(used=row.used - by))


def pin(database: Database, number: int) -> None:
    """Store an article with a narration."""
    put(database, source_id=f"article-{number}", key=key_of(number))


def unpin(database: Database, number: int) -> None:
    with database.write() as connection:
        connection.execute(delete(ARTICLES).where(ARTICLES.c.key == key_of(number)))


def stored_in(archive: Archive, numbers: range) -> list[int]:
    return [number for number in numbers if archive.find(key_of(number))]


def test_the_least_recently_used_narration_is_evicted(archive: Archive) -> None:
    archive = limited(archive, 3)
    for number in range(3):
        store(archive, number)
        age(archive.database, HOUR)
    first = archive.find(key_of(0))
    assert first
    archive.note_use(first)
    store(archive, 3)
    assert stored_in(archive, range(4)) == [0, 2, 3]
    assert len(names(archive.library.narrations.list())) == 3
    assert archive.usage() == 3 * SIZE


def test_eviction_keeps_everything_but_the_audio(archive: Archive) -> None:
    archive = limited(archive, 1)
    first = store(archive, 0)
    store(archive, 1)
    assert archive.find(key_of(0)) is None
    assert archive.find_rendered_spec(key_of(0)) == JobSpec(key_of(0), "tone", SCRIPT)
    again = store(archive, 0)
    assert (again.sha256, again.key) == (first.sha256, first.key)
    assert archive.find(key_of(0)) == again


def test_recently_used_audio_stays_and_may_exceed_the_limit(archive: Archive) -> None:
    archive = limited(archive, 3, keep_for=HOUR)
    for number in range(6):
        store(archive, number)
    assert stored_in(archive, range(6)) == list(range(6))
    age(archive.database, HOUR)
    store(archive, 6)
    assert stored_in(archive, range(7)) == [4, 5, 6]


def test_narrations_of_articles_stay_until_they_fill_the_library(
    archive: Archive,
) -> None:
    archive = limited(archive, 3)
    for number in range(3):
        store(archive, number)
        pin(archive.database, number)
    with pytest.raises(LibraryFull, match="OUTSPOKEN_LIBRARY_LIMIT"):
        store(archive, 3)
    assert stored_in(archive, range(4)) == [0, 1, 2]
    assert archive.usage() == 3 * SIZE
    assert len(names(archive.library.narrations.list())) == 3
    unpin(archive.database, 0)
    store(archive, 3)
    assert stored_in(archive, range(4)) == [1, 2, 3]


def test_articles_above_a_lowered_limit_make_the_library_full(archive: Archive) -> None:
    for number in range(3):
        store(archive, number)
    for number in range(2):
        pin(archive.database, number)
    assert LibraryQuota(archive.database, 2 * SIZE - 1).is_full()
    assert not LibraryQuota(archive.database, 2 * SIZE).is_full()
    assert not LibraryQuota(archive.database, 3 * SIZE).is_full()


def test_shared_audio_is_pinned_by_either_narration(archive: Archive) -> None:
    archive = limited(archive, 3)
    store(archive, 0)
    shared = archive.store(JobSpec(key_of(99), "tone", SCRIPT), narration_of(0))
    pin(archive.database, 99)
    for number in range(1, 9):
        store(archive, number)
    assert archive.find(key_of(99)) == shared


def settings_of(folder: Path, **limits: int | str) -> WorkerSettings:
    return WorkerSettings(
        data=folder / "data",
        cache=folder / "cache",
        _env_file=None,
        **limits,  # type: ignore[arg-type]  # each is of its field's kind
    )


def test_a_limit_may_be_written_in_gigabytes(tmp_path: Path) -> None:
    assert settings_of(tmp_path, library_limit="20GB").library_limit == 20 * 10**9


def test_the_archive_is_within_the_limit_of_the_settings(tmp_path: Path) -> None:
    archive = open_archive(settings_of(tmp_path, library_limit=999))
    with pytest.raises(LibraryFull):
        store(archive, 0)


def test_without_a_limit_there_is_no_quota(tmp_path: Path) -> None:
    archive = open_archive(settings_of(tmp_path))
    assert archive.quota is None
    assert archive.find(key_of(0)) is None
    assert store(archive, 0) == archive.find(key_of(0))


# Many processes


@dataclass(frozen=True)
class Load:
    """Load of the test."""

    narrations: int
    processes: int
    files: int
    pinned: int


def open_at(folder: Path, files: int) -> Archive:
    library = open_library(f"disk://{folder}/library", folder, None)
    database = open_database(f"sqlite:///{folder}/outspoken.db", busy_timeout_s=60)
    return limited(Archive(library, database), files)


def read_all(folder: Path, load: Load, seed: int) -> tuple[int, int]:
    """Read every narration; return how many at once, and the most bytes in use."""
    archive = open_at(folder, load.files)
    numbers = list(range(load.narrations))
    random.Random(seed).shuffle(numbers)  # noqa: S311 - no secret
    at_once = most = 0
    for number in numbers:
        record = archive.find(key_of(number)) or store(archive, number)
        try:
            assert archive.read(record) == narration_of(number).mp3
            at_once += 1
        except StorageFailed as error:
            assert "is missing" in str(error)  # noqa: PT017 - it must not be damaged
            assert number >= load.pinned
        assert stored_in(archive, range(load.pinned)) == list(range(load.pinned))
        most = max(most, archive.usage())
    return at_once, most


@pytest.mark.parametrize(
    "load",
    [
        Load(narrations=30, processes=3, files=8, pinned=2),
        pytest.param(
            Load(narrations=200, processes=8, files=20, pinned=5),
            marks=pytest.mark.trial,
        ),
    ],
)
def test_many_processes_keep_within_the_limit(tmp_path: Path, load: Load) -> None:
    archive = open_at(tmp_path, load.files)
    for number in range(load.pinned):
        store(archive, number)
        pin(archive.database, number)
    with ProcessPoolExecutor(load.processes, get_context("spawn")) as processes:
        futures = [
            processes.submit(read_all, tmp_path, load, seed)
            for seed in range(load.processes)
        ]
        found = [future.result() for future in futures]
    assert max(most for _, most in found) <= load.files * SIZE + 500
    assert sum(at_once for at_once, _ in found) > load.narrations
    stored = sum(blob.bytes for blob in archive.library.narrations.list())
    assert stored == archive.usage()
    temporary = [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert temporary == []
