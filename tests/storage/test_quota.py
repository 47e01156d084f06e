"""Quota: least recently used blobs are evicted, pinned ones never."""

import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest
from redis import Redis

from tests.storage.test_blobs import Clock, age, names
from tests.support.scripts import script_of
from workers.errors import LibraryFull, StorageFailed
from workers.narration import Narration, NarrationRecord
from workers.settings import WorkerSettings
from workers.storage.archive import Archive, audio_name, open_archive
from workers.storage.blobs import BlobInfo, BlobStore, MemoryBlobStore
from workers.storage.library_quota import library_quota, sentence_store
from workers.storage.quota import Member, Quota, QuotaStore
from workers.storage.usage_counter import (
    DiskUsageCounter,
    MemoryUsageCounter,
    RedisUsageCounter,
    Usage,
    UsageCounter,
)

SIZE = 1000
SCRIPT = script_of("The tide turns", "It turned at noon.")


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


def put(store: BlobStore, name: str, quota: Quota, clock: Clock) -> None:
    """Keep one thing, a second after the one before."""
    clock.pass_by(1)
    with quota.reserve(SIZE):
        store.put_if_absent(name, b"x" * SIZE)


def test_the_least_recently_used_blob_is_evicted(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    quota = Quota(3 * SIZE + 500, [Member(store)], MemoryUsageCounter(), clock)
    for name in "abc":
        put(store, name, quota, clock)
    clock.pass_by(600)
    store.touch("a")
    put(store, "d", quota, clock)
    assert names(store.list()) == ["a", "c", "d"]


def test_nothing_is_evicted_below_the_limit(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    quota = Quota(5 * SIZE, [Member(store)], MemoryUsageCounter(), clock)
    for name in "abcde":
        put(store, name, quota, clock)
    assert names(store.list()) == list("abcde")


def test_the_first_member_is_evicted_first(clock: Clock) -> None:
    old, young = MemoryBlobStore(clock), MemoryBlobStore(clock)
    quota = Quota(
        3 * SIZE + 500, [Member(young), Member(old)], MemoryUsageCounter(), clock
    )
    put(old, "a", quota, clock)
    put(young, "b", quota, clock)
    put(young, "c", quota, clock)
    put(old, "d", quota, clock)
    assert (names(old.list()), names(young.list())) == (["a", "d"], ["c"])
    put(old, "e", quota, clock)
    put(old, "f", quota, clock)
    assert (names(old.list()), names(young.list())) == (["d", "e", "f"], [])


def test_a_unit_is_evicted_as_a_whole(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    member = Member(store, unit=lambda item: item.name.split("/")[0])
    quota = Quota(5 * SIZE + 500, [member], MemoryUsageCounter(), clock)
    for name in ("a/1", "b/1", "a/2", "c/1", "b/2"):
        put(store, name, quota, clock)
    put(store, "c/2", quota, clock)
    assert names(store.list()) == ["b/1", "b/2", "c/1", "c/2"]


def test_a_partly_evicted_unit_has_no_gap(clock: Clock) -> None:
    class FailingShelf(MemoryBlobStore):
        def remove(self, name: str) -> None:
            if name == "a/1":
                raise StorageFailed("The disk is gone; mend it.")
            super().remove(name)

    store = FailingShelf(clock)
    member = Member(store, unit=lambda item: item.name.split("/")[0])
    quota = Quota(3 * SIZE + 500, [member], MemoryUsageCounter(), clock)
    for name in ("a/0", "a/1", "a/2"):
        put(store, name, quota, clock)
    with pytest.raises(StorageFailed):
        put(store, "b", quota, clock)
    assert names(store.list()) == ["a/0", "a/1"]


def among(*chosen: str) -> Callable[[], Callable[[BlobInfo], bool]]:
    return lambda: lambda item: item.name in chosen


def test_pinned_blobs_stay_and_fill_the_quota(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    member = Member(store, pinned=among("a", "b"))
    quota = Quota(3 * SIZE + 500, [member], MemoryUsageCounter(), clock)
    for name in "abcde":
        put(store, name, quota, clock)
    assert names(store.list()) == ["a", "b", "e"]
    with (
        pytest.raises(LibraryFull, match="OUTSPOKEN_LIBRARY_LIMIT"),
        quota.reserve(1600),
    ):
        pytest.fail("there is no room")
    assert {"a", "b"} <= set(names(store.list()))
    assert not quota.is_full()
    assert not quota.is_full(1500)
    assert quota.is_full(1501)
    put(store, "f", quota, clock)
    assert "f" in names(store.list())


def test_a_blob_larger_than_the_limit_is_refused(clock: Clock) -> None:
    quota = Quota(SIZE, [Member(MemoryBlobStore())], MemoryUsageCounter(), clock)
    with pytest.raises(LibraryFull), quota.reserve(SIZE + 1):
        pytest.fail("there is no room")


def test_pins_above_a_lowered_limit_make_the_quota_full(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    for name in "abc":
        store.put_if_absent(name, b"x" * SIZE)
    member = Member(store, pinned=among("a", "b"))
    assert Quota(2 * SIZE - 1, [member], MemoryUsageCounter(), clock).is_full()
    assert not Quota(2 * SIZE, [member], MemoryUsageCounter(), clock).is_full()


def test_blobs_in_use_stay_and_may_exceed_the_limit(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    member = Member(store, in_use=among("a", "b", "c"))
    quota = Quota(2 * SIZE + 500, [member], MemoryUsageCounter(), clock)
    for name in "abcd":
        put(store, name, quota, clock)
    assert names(store.list()) == ["a", "b", "c", "d"]
    put(store, "e", quota, clock)
    assert names(store.list()) == ["a", "b", "c", "e"]


def test_usage_is_not_counted_on_each_write(clock: Clock) -> None:
    class CountedShelf(MemoryBlobStore):
        counts = 0

        def list(self, under: str = ""):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as its parent's
            self.counts += 1
            return super().list(under)

    store = CountedShelf(clock)
    quota = Quota(1000 * SIZE, [Member(store)], MemoryUsageCounter(), clock)
    for number in range(50):
        put(store, f"n{number}", quota, clock)
    assert store.counts == 1
    clock.pass_by(60)
    put(store, "later", quota, clock)
    assert store.counts == 2


def test_writes_past_the_quota_are_counted_within_a_minute(clock: Clock) -> None:
    store = MemoryBlobStore(clock)
    quota = Quota(3 * SIZE + 500, [Member(store)], MemoryUsageCounter(), clock)
    put(store, "a", quota, clock)
    for name in "bcd":
        store.put_if_absent(name, b"x" * SIZE)
    clock.pass_by(61)
    put(store, "e", quota, clock)
    assert len(names(store.list())) == 3


def test_a_quota_store_evicts_in_all_its_quotas(clock: Clock) -> None:
    store, beside = MemoryBlobStore(clock), MemoryBlobStore(clock)
    small = Quota(3 * SIZE + 500, [Member(store)], MemoryUsageCounter(), clock)
    both = Quota(
        5 * SIZE + 500, [Member(store), Member(beside)], MemoryUsageCounter(), clock
    )
    bounded = QuotaStore(store, small, both)
    other = QuotaStore(beside, both)
    for name in "abcd":
        clock.pass_by(1)
        assert bounded.put_if_absent(name, b"x" * SIZE)
        assert not bounded.put_if_absent(name, b"another")
    assert names(bounded.list()) == ["b", "c", "d"]
    for name in "efg":
        clock.pass_by(1)
        other.put_if_absent(name, b"x" * SIZE)
    assert (names(store.list()), names(beside.list())) == (["c", "d"], list("efg"))
    assert bounded.read("c") == b"x" * SIZE
    assert bounded.size("b") is None
    bounded.remove("c")
    assert names(bounded.list()) == ["d"]


# Ledgers


@pytest.fixture(name="usage_counter", params=["disk", "memory", "redis"])
def _ledger(
    request: pytest.FixtureRequest, tmp_path: Path, broker: str, redis: Redis
) -> UsageCounter:
    redis.flushall()
    makers: dict[str, Callable[[], UsageCounter]] = {
        "disk": lambda: DiskUsageCounter(tmp_path / "data" / "library.lock"),
        "memory": MemoryUsageCounter,
        "redis": lambda: RedisUsageCounter(Redis.from_url(broker), "outspoken:quota"),
    }
    return makers[request.param]()


def test_usage_is_stored(usage_counter: UsageCounter) -> None:
    with usage_counter.locked() as figure:
        assert figure == Usage(0, 0)
        figure.bytes, figure.counted = 10**13, 1_700_000_000
    with usage_counter.locked() as figure:
        assert figure == Usage(10**13, 1_700_000_000)
        figure.bytes = 7
    with usage_counter.locked() as figure:
        assert figure == Usage(7, 1_700_000_000)


def test_usage_is_stored_when_the_block_fails(
    usage_counter: UsageCounter,
) -> None:
    def fail() -> None:
        with usage_counter.locked() as figure:
            figure.bytes = 7
            raise LibraryFull("No quota; make some.")

    with pytest.raises(LibraryFull):
        fail()
    with usage_counter.locked() as figure:
        assert figure.bytes == 7


def test_usage_has_one_holder_at_a_time(usage_counter: UsageCounter) -> None:
    def add(_: int) -> None:
        for _ in range(10):
            with usage_counter.locked() as figure:
                figure.bytes += 1

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(4)))
    with usage_counter.locked() as figure:
        assert figure.bytes == 40


def test_a_killed_holder_releases_the_lock(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path;"
        "from workers.storage.usage_counter import DiskUsageCounter\n"
        "with DiskUsageCounter(Path(sys.argv[1])).locked() as figure:\n"
        "    figure.bytes = 7; os.kill(os.getpid(), 9)"
    )
    path = tmp_path / "library.lock"
    killed = subprocess.run([sys.executable, "-c", program, path], check=False)
    assert killed.returncode == -9
    with DiskUsageCounter(path).locked() as figure:
        assert figure == Usage(0, 0)


@pytest.mark.parametrize("content", [b"", b"7", b"x y", b"\xff"])
def test_a_damaged_usage_file_is_counted_again(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lock").write_bytes(content)
    with DiskUsageCounter(tmp_path / "lock").locked() as figure:
        assert figure == Usage(0, 0)
        figure.bytes = 7
    with DiskUsageCounter(tmp_path / "lock").locked() as figure:
        assert figure.bytes == 7


def test_an_unusable_usage_counter_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    away = Redis.from_url(f"unix://{tmp_path}/nobody.sock")
    for usage_counter in (
        DiskUsageCounter(tmp_path / "file" / "lock"),
        RedisUsageCounter(away, "x"),
    ):
        with pytest.raises(StorageFailed), usage_counter.locked():
            pytest.fail("nobody holds it")


# The rooms of the settings


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
    """How much is asked for."""

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
