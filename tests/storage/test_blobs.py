"""Blob stores: one test body over disk, memory, Redis and objects."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis import Redis

from tests.support.objects.s3 import Bucket
from tests.support.storage import HOUR_S, NAME, Clock, age, names
from workers.errors import StorageFailed
from workers.storage.blobs import (
    BlobStore,
    DiskBlobStore,
    MemoryBlobStore,
    RedisBlobStore,
)
from workers.storage.blobs.object_store import ObjectBlobStore


@dataclass
class Place:
    """A store, and a way to advance its clock."""

    store: BlobStore
    pass_by: Callable[[float], None]
    folder: Path | None = field(default=None)


def disk_place(folder: Path) -> Place:
    return Place(DiskBlobStore(folder), lambda seconds: age(folder, seconds), folder)


def memory_place() -> Place:
    clock = Clock()
    return Place(MemoryBlobStore(clock), clock.pass_by)


def redis_place(address: str) -> Place:
    clock = Clock()
    store = RedisBlobStore(Redis.from_url(address), "outspoken:test", clock)
    return Place(store, clock.pass_by)


@pytest.fixture(name="place", params=["disk", "memory", "redis"])
def _place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return make_place(request, request.param, tmp_path)


@pytest.fixture(name="store", params=["disk", "memory", "redis", "objects"])
def _store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "objects":
        bucket: Bucket = request.getfixturevalue("bucket")
        return ObjectBlobStore(bucket.address)
    return make_place(request, request.param, tmp_path).store


def make_place(request: pytest.FixtureRequest, kind: str, folder: Path) -> Place:
    """Return a store whose clock the test advances; objects have none."""
    if kind == "redis":
        request.getfixturevalue("redis").flushall()
        return redis_place(request.getfixturevalue("broker"))
    return disk_place(folder / "store") if kind == "disk" else memory_place()


def test_a_stored_blob_is_found(store: BlobStore) -> None:
    assert store.put_if_absent(NAME, b"sound")
    assert store.size(NAME) == 5
    assert store.read(NAME) == b"sound"


def test_an_absent_blob_is_not_found(store: BlobStore) -> None:
    assert store.size(NAME) is None
    assert store.read(NAME) is None
    assert store.read(NAME, 0, 0) is None
    assert list(store.list()) == []


def test_put_if_absent_keeps_the_first_content(store: BlobStore) -> None:
    assert store.put_if_absent(NAME, b"first")
    assert not store.put_if_absent(NAME, b"another")
    assert not store.put_if_absent(NAME, b"first")
    assert store.read(NAME) == b"first"


def test_one_of_many_concurrent_puts_wins(store: BlobStore) -> None:
    contents = [bytes([number]) * 1000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda body: store.put_if_absent(NAME, body), contents))
    assert won.count(True) == 1
    assert store.read(NAME) == contents[won.index(True)]


@pytest.mark.parametrize(
    ("start", "length", "piece"),
    [
        (0, 2, b"so"),
        (2, 3, b"und"),
        (3, 99, b"nd"),
        (3, None, b"nd"),
        (5, 1, b""),
        (9, 9, b""),
        (9, None, b""),
        (0, 0, b""),
        (1, 0, b""),
        (3, -2, b""),
    ],
)
def test_any_range_can_be_read(
    store: BlobStore, start: int, length: int | None, piece: bytes
) -> None:
    store.put_if_absent(NAME, b"sound")
    assert store.read(NAME, start, length) == piece


def test_an_empty_blob_can_be_stored(store: BlobStore) -> None:
    assert store.put_if_absent("empty", b"")
    assert not store.put_if_absent("empty", b"x")
    assert store.size("empty") == 0
    assert store.read("empty") == b""


def test_a_removed_blob_can_be_stored_again(store: BlobStore) -> None:
    store.put_if_absent(NAME, b"sound")
    store.remove(NAME)
    store.remove(NAME)
    assert store.size(NAME) is None
    assert store.read(NAME) is None
    assert list(store.list()) == []
    assert store.put_if_absent(NAME, b"other")
    assert store.read(NAME) == b"other"


def test_a_folder_is_listed(store: BlobStore) -> None:
    inside = ["key-1/0001/000000", "key-1/0001/000001", "key-1/0002/000000"]
    beside = ["key-1.x/0001/000000", "key-10/0001/000000", "key", "key-2/a"]
    for name in [*inside, *beside]:
        store.put_if_absent(name, b"sound")
    assert names(store.list("key-1")) == inside
    assert names(store.list("key-1/0001")) == inside[:2]
    assert names(store.list("key-1/0001/000000")) == []
    assert names(store.list("nothing")) == []
    assert names(store.list()) == sorted([*inside, *beside])


def test_a_listing_of_several_redis_pages_is_complete(
    broker: str, redis: Redis
) -> None:
    redis.flushall()
    store = redis_place(broker).store
    wanted = [f"key/{number:06d}" for number in range(1101)]
    for name in [*wanted, "kez"]:
        store.put_if_absent(name, b"x")
    assert [item.name for item in store.list("key")] == wanted
    assert [item.name for item in store.list()] == [*wanted, "kez"]


def test_an_entry_has_length_and_last_use(place: Place) -> None:
    place.store.put_if_absent("old", b"12345")
    place.pass_by(HOUR_S)
    place.store.put_if_absent("new", b"1")
    items = {item.name: item for item in place.store.list()}
    assert items["old"].bytes == 5
    assert items["new"].bytes == 1
    assert items["new"].used - items["old"].used == pytest.approx(HOUR_S, abs=60)


def used(store: BlobStore, name: str) -> float:
    return next(item.used for item in store.list() if item.name == name)


def test_touch_updates_the_last_use(place: Place) -> None:
    place.store.put_if_absent("touched", b"1")
    place.store.put_if_absent("other", b"1")
    place.pass_by(HOUR_S)
    place.store.touch("touched")
    later = used(place.store, "touched") - used(place.store, "other")
    assert later == pytest.approx(HOUR_S, abs=60)


def test_last_use_is_written_at_most_every_five_minutes(place: Place) -> None:
    place.store.put_if_absent("a", b"1")
    place.pass_by(240)
    before = used(place.store, "a")
    place.store.touch("a")
    assert used(place.store, "a") == before
    place.pass_by(120)
    before = used(place.store, "a")
    place.store.touch("a")
    assert used(place.store, "a") > before + 300


def test_touching_an_absent_blob_does_nothing(store: BlobStore) -> None:
    store.touch(NAME)
    assert list(store.list()) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../up", "a/../b", "/a", "a/", "a//b", ".tmp", "a/.b"),
        *("ä", "a b", "a\n", "a/b/c/d/e/f/g"),
    ],
)
def test_an_invalid_blob_name_is_refused(store: BlobStore, name: str) -> None:
    for ask in (store.size, store.read, store.touch, store.remove):
        with pytest.raises(StorageFailed, match="is not a blob name"):
            ask(name)
    with pytest.raises(StorageFailed, match="is not a blob name"):
        store.put_if_absent(name, b"x")


def test_an_unreachable_redis_is_a_storage_failure(tmp_path: Path) -> None:
    redis = Redis.from_url(f"unix://{tmp_path}/absent.sock")
    away = RedisBlobStore(redis, "outspoken:test")
    for ask in (away.size, away.read, away.touch, away.remove):
        with pytest.raises(StorageFailed):
            ask(NAME)
    with pytest.raises(StorageFailed):
        list(away.list())


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
def test_a_redis_that_evicts_audio_is_refused(
    broker: str, redis: Redis, policy: str
) -> None:
    redis.flushall()
    redis.config_set("maxmemory-policy", policy)
    try:
        store = RedisBlobStore(Redis.from_url(broker), "outspoken:test")
        with pytest.raises(StorageFailed, match="maxmemory-policy to noeviction"):
            store.put_if_absent(NAME, b"sound")
        assert store.read(NAME) is None
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
