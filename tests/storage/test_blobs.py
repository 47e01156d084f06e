"""Blob stores: one test body over disk, memory and Redis."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis

from workers.errors import StorageFailed
from workers.storage.blobs import (
    BlobInfo,
    BlobStore,
    DiskBlobStore,
    MemoryBlobStore,
    RedisBlobStore,
    memory_library,
    open_library,
)

NAME = "ab/" + "ab" * 32 + ".mp3"
HOUR = 3600


@dataclass
class Clock:
    """A clock set by the test."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Place:
    """A shelf, and a way to let time pass there."""

    store: BlobStore
    pass_by: Callable[[float], None]
    folder: Path | None = field(default=None)


def disk_place(folder: Path) -> Place:
    return Place(DiskBlobStore(folder), lambda seconds: age(folder, seconds), folder)


def age(folder: Path, seconds: float) -> None:
    """Make every file older than it is."""
    for path in folder.rglob("*"):
        if path.is_file():
            mtime = path.stat().st_mtime - seconds
            os.utime(path, (mtime, mtime))


def memory_place() -> Place:
    clock = Clock()
    return Place(MemoryBlobStore(clock), clock.pass_by)


def redis_place(address: str) -> Place:
    clock = Clock()
    store = RedisBlobStore(Redis.from_url(address), "outspoken:test", clock)
    return Place(store, clock.pass_by)


@pytest.fixture(name="place", params=["disk", "memory", "redis"])
def _place(
    request: pytest.FixtureRequest, tmp_path: Path, broker: str, redis: Redis
) -> Place:
    redis.flushall()
    makers: dict[str, Callable[[], Place]] = {
        "disk": lambda: disk_place(tmp_path / "store"),
        "memory": memory_place,
        "redis": lambda: redis_place(broker),
    }
    return makers[request.param]()


@pytest.fixture(name="store")
def _store(place: Place) -> BlobStore:
    return place.store


def names(items: Iterator[BlobInfo]) -> list[str]:
    return sorted(item.name for item in items)


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
    place.pass_by(HOUR)
    place.store.put_if_absent("new", b"1")
    items = {item.name: item for item in place.store.list()}
    assert items["old"].bytes == 5
    assert items["new"].bytes == 1
    assert items["new"].used - items["old"].used == pytest.approx(HOUR, abs=60)


def used(store: BlobStore, name: str) -> float:
    return next(item.used for item in store.list() if item.name == name)


def test_touch_updates_the_last_use(place: Place) -> None:
    place.store.put_if_absent("touched", b"1")
    place.store.put_if_absent("other", b"1")
    place.pass_by(HOUR)
    place.store.touch("touched")
    later = used(place.store, "touched") - used(place.store, "other")
    assert later == pytest.approx(HOUR, abs=60)


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


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/folder",
        "disk:",
        "s3://bucket",
        "http://x",
        "disk://[x",
        "disk://host/x",
        "memory:",
    ],
)
def test_an_invalid_library_address_is_refused(address: str) -> None:
    with pytest.raises(StorageFailed, match="disk:///folder or redis://"):
        open_library(address)


def test_an_address_opens_its_library(tmp_path: Path, broker: str) -> None:
    folder = tmp_path / "50% #1"
    library = open_library(f"disk://{quote(str(folder))}")
    library.narrations.put_if_absent(NAME, b"sound")
    assert (folder / NAME).read_bytes() == b"sound"
    assert isinstance(open_library(broker).narrations, RedisBlobStore)


def test_narrations_and_segments_are_separate(
    tmp_path: Path, broker: str, redis: Redis
) -> None:
    redis.flushall()
    for library in (
        open_library(f"disk://{tmp_path}"),
        open_library(broker),
        memory_library(),
    ):
        library.narrations.put_if_absent(NAME, b"sound")
        library.segments.put_if_absent("key/0001/000000", b"part")
        assert names(library.narrations.list()) == [NAME]
        assert names(library.segments.list()) == ["key/0001/000000"]


def test_a_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="file"):
        DiskBlobStore(tmp_path / "file").put_if_absent(NAME, b"sound")


def test_an_unreachable_redis_is_a_storage_failure(tmp_path: Path) -> None:
    redis = Redis.from_url(f"unix://{tmp_path}/nobody.sock")
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


def files(folder: Path) -> list[str]:
    return sorted(name for _, _, found in os.walk(folder) for name in found)


def test_a_full_disk_leaves_no_partial_file(tmp_path: Path) -> None:
    """A limit on file sizes simulates a full disk."""
    program = (
        "import resource, signal, sys; from pathlib import Path;"
        "from workers.storage.blobs import DiskBlobStore; from workers.errors import *;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: DiskBlobStore(Path(sys.argv[1])).put_if_absent('ab', b'x' * 5000)\n"
        "except StorageFailed as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(tmp_path) in done.stdout
    assert files(tmp_path) == []


KILLED = """
import os, sys
from pathlib import Path
from workers.storage.blobs import DiskBlobStore
step, last = 0, int(sys.argv[2])
def watch(event, _):
    global step
    if event.startswith(("open", "os.", "pathlib")):
        step += 1
        if step > last:
            os.kill(os.getpid(), 9)
shelf = DiskBlobStore(Path(sys.argv[1]))
sys.addaudithook(watch)
shelf.put_if_absent("key/0001/000000", b"sound" * 100)
shelf.remove("key/0001/000001")
last = 10_000
"""


def test_a_write_killed_at_any_step_leaves_a_whole_file_or_none(
    tmp_path: Path,
) -> None:
    """Killed before its 1st, 2nd, … call of the operating system."""
    left = set()
    for last in range(40):
        folder = tmp_path / str(last)
        store = DiskBlobStore(folder)
        store.put_if_absent("key/0001/000001", b"other")
        done = subprocess.run(
            [sys.executable, "-c", KILLED, folder, str(last)], check=False
        )
        content = store.read("key/0001/000000")
        assert content in (None, b"sound" * 100)
        age(folder, 2 * HOUR)
        assert len(names(store.list())) == len(files(folder))
        assert all(not name.startswith(".") for name in files(folder))
        assert store.put_if_absent("key/0001/000000", b"sound" * 100) == (
            content is None
        )
        left.add((done.returncode == 0, content is None))
        if done.returncode == 0:
            break
    assert left == {(False, True), (False, False), (True, False)}


def test_stale_temporary_files_are_removed(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    left, fresh = tmp_path / "ab" / ".left.tmp", tmp_path / "ab" / ".fresh.tmp"
    left.write_bytes(b"half")
    age(tmp_path, HOUR + 60)
    fresh.write_bytes(b"half")
    store = DiskBlobStore(tmp_path)
    assert store.read("ab/x") is None
    assert left.exists()
    store.put_if_absent("cd/x", b"sound")
    assert not left.exists()
    assert fresh.exists()
    age(tmp_path, HOUR + 60)
    assert names(store.list()) == ["cd/x"]
    assert not fresh.exists()


def test_empty_folders_are_removed(tmp_path: Path) -> None:
    store = DiskBlobStore(tmp_path)
    store.put_if_absent("key/0001/000000", b"sound")
    store.put_if_absent("key/0002/000000", b"sound")
    store.remove("key/0001/000000")
    assert [path.name for path in (tmp_path / "key").iterdir()] == ["0002"]
    store.remove("key/0002/000000")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "gone" / "0001").mkdir(parents=True)
    list(store.list())
    list(store.list())
    assert list(tmp_path.iterdir()) == []


def test_writing_survives_concurrent_removal_of_folders(tmp_path: Path) -> None:
    def keep_and_remove(owner: int) -> int:
        store = DiskBlobStore(tmp_path)
        kept = 0
        for number in range(150):
            name = f"key/0001/{owner}-{number}"
            kept += store.put_if_absent(name, b"sound")
            store.remove(name)
            list(store.list())
        return kept

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(keep_and_remove, range(4))) == [150] * 4
    assert list(tmp_path.iterdir()) == []


def test_stored_files_are_readable_by_other_users(tmp_path: Path) -> None:
    """A web server sends these files."""
    DiskBlobStore(tmp_path).put_if_absent("ab", b"sound")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "ab").stat().st_mode & 0o777 == 0o666 & ~umask
