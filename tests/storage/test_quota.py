"""Quota: least recently used blobs are evicted, pinned ones never."""

from collections.abc import Callable

import pytest

from tests.support.scripts import script_of
from tests.support.storage import Clock, names
from workers.errors import LibraryFull, StorageFailed
from workers.storage.blobs import BlobInfo, BlobStore, MemoryBlobStore
from workers.storage.quota import Member, Quota, QuotaStore
from workers.storage.usage_counter import (
    MemoryUsageCounter,
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
