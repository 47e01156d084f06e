"""Bounded store: the least recently used blobs are evicted before a write."""

from pathlib import Path

import pytest

from tests.support.storage import Clock, age, names
from workers.errors import LibraryFull
from workers.settings import WorkerSettings
from workers.storage.blobs import MemoryBlobStore
from workers.storage.bounded_store import BoundedStore
from workers.storage.open_storage import open_sentence_store
from workers.storage.usage_counter import MemoryUsageCounter

SIZE = 1000


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="store")
def _store(clock: Clock) -> MemoryBlobStore:
    return MemoryBlobStore(clock)


def put(bounded: BoundedStore, name: str, clock: Clock) -> None:
    """Store a blob, a second after the one before."""
    clock.pass_by(1)
    assert bounded.put_if_absent(name, b"x" * SIZE)


def bounded_to(size: int, store: MemoryBlobStore, clock: Clock) -> BoundedStore:
    return BoundedStore(store, size, MemoryUsageCounter(), clock)


def test_the_least_recently_used_blob_is_evicted(
    store: MemoryBlobStore, clock: Clock
) -> None:
    bounded = bounded_to(3 * SIZE + 500, store, clock)
    for name in "abc":
        put(bounded, name, clock)
    clock.pass_by(600)
    bounded.touch("a")
    put(bounded, "d", clock)
    assert names(store.list()) == ["a", "c", "d"]
    assert (bounded.read("c"), bounded.size("b")) == (b"x" * SIZE, None)
    bounded.remove("c")
    assert names(bounded.list()) == ["a", "d"]


def test_nothing_is_evicted_below_the_limit(
    store: MemoryBlobStore, clock: Clock
) -> None:
    bounded = bounded_to(5 * SIZE, store, clock)
    for name in "abcde":
        put(bounded, name, clock)
    assert names(store.list()) == list("abcde")


def test_a_name_that_is_taken_evicts_nothing(
    store: MemoryBlobStore, clock: Clock
) -> None:
    bounded = bounded_to(2 * SIZE, store, clock)
    put(bounded, "a", clock)
    put(bounded, "b", clock)
    assert not bounded.put_if_absent("b", b"y" * SIZE)
    assert names(store.list()) == ["a", "b"]


def test_a_blob_larger_than_the_limit_is_refused(
    store: MemoryBlobStore, clock: Clock
) -> None:
    bounded = bounded_to(SIZE, store, clock)
    put(bounded, "a", clock)
    with pytest.raises(LibraryFull):
        bounded.put_if_absent("b", b"x" * (SIZE + 1))
    assert names(store.list()) == ["a"]


class ListingCounter(MemoryBlobStore):
    """Counts its listings."""

    listings = 0

    def list(self, under: str = ""):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as its parent's
        self.listings += 1
        return super().list(under)


def test_the_blobs_are_not_counted_on_each_write(clock: Clock) -> None:
    store = ListingCounter(clock)
    bounded = bounded_to(1000 * SIZE, store, Clock())
    for number in range(50):
        put(bounded, f"n{number}", clock)
    assert store.listings == 1


def test_writes_past_the_limit_are_counted_within_a_minute(
    store: MemoryBlobStore, clock: Clock
) -> None:
    bounded = bounded_to(3 * SIZE + 500, store, clock)
    put(bounded, "a", clock)
    for name in "bcd":
        store.put_if_absent(name, b"x" * SIZE)
    clock.pass_by(61)
    put(bounded, "e", clock)
    assert len(names(store.list())) == 3


def test_cached_sentences_keep_within_the_limit_of_the_settings(tmp_path: Path) -> None:
    settings = WorkerSettings(
        data=tmp_path / "data",
        cache=tmp_path / "cache",
        sentences_limit=3 * SIZE + 500,  # type: ignore[arg-type]  # pydantic converts it
        _env_file=None,
    )
    store = open_sentence_store(settings)
    for number in range(6):
        store.put_if_absent(f"ab/{number}", b"x" * SIZE)
        age(tmp_path / "cache", 1)
    assert names(store.list()) == ["ab/3", "ab/4", "ab/5"]
