"""The quota of the library: what is evicted first, and what never."""

import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.support.scripts import script_of
from tests.support.storage import age, names
from workers.errors import LibraryFull, StorageFailed
from workers.narration import Narration, NarrationRecord
from workers.settings import WorkerSettings
from workers.storage.archive import Archive, audio_name, open_archive
from workers.storage.library_quota import library_quota, sentence_store
from workers.storage.quota import Quota
from workers.storage.usage_counter import (
    DiskUsageCounter,
)

SIZE = 1000
SCRIPT = script_of("The tide turns", "It turned at noon.")


@dataclass
class LibraryFixture:
    """An archive on disk with a limit, and what is pinned and live in it."""

    settings: WorkerSettings
    pins: set[str]
    live: set[str]

    def open(self, idle_s: float = 0) -> tuple[Archive, Quota]:
        archive = open_archive(self.settings)
        quota = library_quota(
            self.settings,
            archive,
            lambda: self.pins,
            lambda key: key in self.live,
            idle_s,
        )
        assert quota
        return archive.within(quota), quota


def settings_of(folder: Path, **limits: int | str) -> WorkerSettings:
    return WorkerSettings(
        data=folder / "data",
        cache=folder / "cache",
        _env_file=None,
        **limits,  # type: ignore[arg-type]  # each is of its field's kind
    )


@pytest.fixture(name="library")
def _library(tmp_path: Path) -> LibraryFixture:
    return LibraryFixture(
        settings_of(tmp_path, library_limit=5 * SIZE + 500), set(), set()
    )


def key_of(number: int) -> str:
    return f"{number:032x}"


def narration_of(number: int) -> Narration:
    mp3 = number.to_bytes(4, "big") * (SIZE // 4)
    return Narration(mp3, (), 50, 22050, "tone 1", repeatable=True)


def keep(archive: Archive, number: int) -> NarrationRecord:
    return archive.store(key_of(number), SCRIPT, "tone", narration_of(number))


def test_without_a_limit_there_is_no_quota(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    archive = open_archive(settings)
    quota = library_quota(settings, archive, set, lambda _: False)
    assert quota is None
    assert archive.within(quota) is archive


def test_eviction_order_is_sentences_segments_narrations(
    library: LibraryFixture,
) -> None:
    archive, quota = library.open()
    sentences = sentence_store(library.settings, quota)
    library.live = {key_of(2)}
    keep(archive, 0)
    for name in (key_of(1), key_of(2)):
        archive.library.segments.put_if_absent(f"{name}/0001/000000", b"x" * SIZE)
    sentences.put_if_absent("ab/1", b"x" * SIZE)
    sentences.put_if_absent("ab/2", b"x" * SIZE)
    age(library.settings.data, 3600)
    remains = []
    for number in range(3, 7):
        keep(archive, number)
        remains.append(
            (
                len(names(sentences.list())),
                [name[31] for name in names(archive.library.segments.list())],
                archive.find(key_of(0)) is not None,
            )
        )
    assert remains == [
        (1, ["1", "2"], True),
        (0, ["1", "2"], True),
        (0, ["2"], True),
        (0, ["2"], False),
    ]


def test_eviction_keeps_the_record(library: LibraryFixture) -> None:
    archive, _ = library.open()
    first = keep(archive, 0)
    age(library.settings.data, 3600)
    for number in range(1, 6):
        keep(archive, number)
    assert archive.find(key_of(0)) is None
    records = library.settings.records_folder / "narrations"
    assert (records / f"{key_of(0)}.json").exists()
    assert keep(archive, 0) == first
    assert archive.find(key_of(0)) == first


def test_recently_used_audio_stays(library: LibraryFixture) -> None:
    archive, _ = library.open(idle_s=600)
    heard = keep(archive, 0)
    for number in range(1, 5):
        keep(archive, number)
    age(library.settings.data / "library", 3600)
    archive.read(heard, 0, 10)
    for number in range(5, 8):
        keep(archive, number)
    assert archive.find(key_of(0)) == heard
    assert [archive.find(key_of(number)) for number in range(1, 4)] == [None] * 3


def test_eviction_allows_for_the_touch_interval(library: LibraryFixture) -> None:
    archive, _ = library.open(idle_s=600)
    keep(archive, 0)
    age(library.settings.data / "library", 700)  # heard since, perhaps
    for number in range(1, 8):
        keep(archive, number)
    assert archive.find(key_of(0))
    age(library.settings.data / "library", 300)
    keep(archive, 8)
    assert archive.find(key_of(0)) is None


def test_recently_used_audio_may_exceed_the_limit(library: LibraryFixture) -> None:
    archive, _ = library.open(idle_s=600)
    kept = [keep(archive, number) for number in range(10)]
    assert [archive.read(key) for key in kept] == [
        narration_of(number).mp3 for number in range(10)
    ]


def test_pins_stay_until_they_fill_the_library(library: LibraryFixture) -> None:
    archive, quota = library.open()
    library.pins = {key_of(number) for number in range(5)}
    for number in range(5):
        keep(archive, number)
    assert quota.is_full(SIZE)
    with pytest.raises(LibraryFull):
        keep(archive, 5)
    with pytest.raises(LibraryFull):
        archive.library.segments.put_if_absent(f"{key_of(5)}/0001/000000", b"x" * SIZE)
    assert all(archive.find(key) for key in library.pins)
    library.pins.remove(key_of(0))
    assert archive.find(keep(archive, 5).key)
    assert archive.find(key_of(0)) is None


def test_shared_audio_is_pinned_by_either_narration(library: LibraryFixture) -> None:
    archive, _ = library.open()
    keep(archive, 0)
    twin = archive.store(key_of(99), SCRIPT, "tone", narration_of(0))
    library.pins = {key_of(99)}
    age(library.settings.data, 3600)
    for number in range(1, 9):
        keep(archive, number)
    assert archive.find(key_of(99)) == twin


def test_cached_sentences_have_a_separate_limit(tmp_path: Path) -> None:
    store = sentence_store(settings_of(tmp_path, sentences_limit=3 * SIZE + 500), None)
    for number in range(6):
        store.put_if_absent(f"ab/{number}", b"x" * SIZE)
        age(tmp_path / "cache", 1)
    assert names(store.list()) == ["ab/3", "ab/4", "ab/5"]


def test_a_limit_may_be_written_in_gigabytes(tmp_path: Path) -> None:
    assert settings_of(tmp_path, library_limit="20GB").library_limit == 20 * 10**9


# Many processes


@dataclass(frozen=True)
class Rush:
    """Load of the test."""

    narrations: int
    processes: int
    files: int
    pins: int


def total(settings: WorkerSettings, archive: Archive) -> int:
    """Count while no process writes."""
    with DiskUsageCounter(settings.data / "library.lock").locked():
        return sum(item.bytes for item in archive.library.narrations.list())


def ask(folder: Path, rush: Rush, seed: int) -> tuple[int, int]:
    """Ask for every narration; returns how many were heard and the most bytes seen."""
    settings = settings_of(folder, library_limit=rush.files * SIZE)
    pins = {key_of(number) for number in range(rush.pins)}
    archive, _ = LibraryFixture(settings, pins, set()).open()
    numbers = list(range(rush.narrations))
    random.Random(seed).shuffle(numbers)  # noqa: S311 - no secret
    heard = most = 0
    for number in numbers:
        recording = archive.find(key_of(number)) or keep(archive, number)
        try:
            assert archive.read(recording) == narration_of(number).mp3
            heard += 1
        except StorageFailed as error:
            assert "is missing" in str(error)  # noqa: PT017 - it must not be damaged
            assert recording.key not in pins
        assert all(archive.find(pin) for pin in pins)
        most = max(most, total(settings, archive))
    return heard, most


@pytest.mark.parametrize(
    "rush",
    [
        Rush(narrations=30, processes=3, files=8, pins=2),
        pytest.param(
            Rush(narrations=200, processes=8, files=20, pins=5),
            marks=pytest.mark.trial,
        ),
    ],
)
def test_many_processes_keep_within_the_limit(tmp_path: Path, rush: Rush) -> None:
    archive = open_archive(settings_of(tmp_path))
    for number in range(rush.pins):
        keep(archive, number)
    with ProcessPoolExecutor(rush.processes, get_context("spawn")) as processes:
        asked = [
            processes.submit(ask, tmp_path, rush, seed)
            for seed in range(rush.processes)
        ]
        found = [future.result() for future in asked]
    print(f"heard at once, most bytes of {rush.files * SIZE}: {found}")  # noqa: T201 - a trial prints its table
    assert max(most for _, most in found) <= rush.files * SIZE
    assert sum(heard for heard, _ in found) > rush.narrations
    assert {
        audio_name(r.sha256) for n in range(rush.pins) if (r := archive.find(key_of(n)))
    } <= set(names(archive.library.narrations.list()))
    temporary = [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert temporary == []
