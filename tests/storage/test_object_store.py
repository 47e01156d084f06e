"""Objects in S3: faults of the server, races, forks and signed addresses."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.support.objects.faults import DROPPED, FaultyServer
from tests.support.objects.s3 import Bucket
from tests.support.paths import ROOT, START_TIMEOUT_S
from tests.support.processes import wait_until
from tests.support.storage import NAME, names
from workers.errors import StorageFailed, StoreUnavailable
from workers.storage.blobs import SignedUrls, object_store
from workers.storage.blobs.object_store import (
    OF_REQUESTS,
    ObjectBlobStore,
    Patience,
)

SECRET = "test-secret"  # noqa: S105 - of the test's own server

ALWAYS = 500
"""More faults than there are retries."""


def brief(bucket: Bucket, seconds: float = 0.3) -> ObjectBlobStore:
    """Return a store that asks again for a short time."""
    return ObjectBlobStore(bucket.address, Patience(60, seconds))


@pytest.fixture(name="store")
def _store(bucket: Bucket) -> ObjectBlobStore:
    return ObjectBlobStore(bucket.address)


Use = Callable[[ObjectBlobStore], object]

USES: dict[str, Use] = {
    "put": lambda store: store.put_if_absent(NAME, b"sound"),
    "size": lambda store: store.size(NAME),
    "read": lambda store: store.read(NAME),
    "range": lambda store: store.read(NAME, 1, 2),
    "remove": lambda store: store.remove(NAME),
    "list": lambda store: list(store.list()),
}

each_use = pytest.mark.parametrize("use", USES.values(), ids=USES)


@each_use
@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_for_a_moment_is_asked_again(
    store: ObjectBlobStore, faulty: FaultyServer, use: Use, status: int
) -> None:
    store.put_if_absent("ab/other.mp3", b"sound")
    faulty.faults += [status, status]
    use(store)
    assert not faulty.faults


@each_use
def test_a_lost_connection_is_opened_again(
    store: ObjectBlobStore, faulty: FaultyServer, use: Use
) -> None:
    store.put_if_absent("ab/other.mp3", b"sound")
    faulty.faults += [DROPPED]
    use(store)
    assert not faulty.faults


def test_a_slow_server_is_waited_for(
    store: ObjectBlobStore, faulty: FaultyServer
) -> None:
    faulty.may_answer.clear()
    with ThreadPoolExecutor(1) as other:
        put = other.submit(store.put_if_absent, NAME, b"sound")
        wait_until(lambda: faulty.seen == ["PUT"])
        assert not put.done()
        faulty.may_answer.set()
        assert put.result()
    assert store.read(NAME) == b"sound"


@each_use
@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_keeps_failing_is_one_sentence(
    bucket: Bucket, faulty: FaultyServer, use: Use, status: int
) -> None:
    faulty.faults += [status] * ALWAYS
    with pytest.raises(StoreUnavailable, match="does not answer or fails") as caught:
        use(brief(bucket))
    assert "AWS_ENDPOINT_URL" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_retries_end_in_bounded_time(bucket: Bucket, faulty: FaultyServer) -> None:
    store = ObjectBlobStore(bucket.address, OF_REQUESTS)
    faulty.faults += [503] * ALWAYS
    started = time.monotonic()
    with pytest.raises(StorageFailed, match=f"The library {bucket.address} does not"):
        store.size(NAME)
    assert time.monotonic() - started < START_TIMEOUT_S
    assert len(faulty.seen) > 1
    assert faulty.faults


@each_use
def test_refused_credentials_are_one_sentence(
    store: ObjectBlobStore, faulty: FaultyServer, use: Use
) -> None:
    faulty.faults += [403] * ALWAYS
    with pytest.raises(StorageFailed, match="refuses the credentials") as caught:
        use(store)
    assert "AWS_ACCESS_KEY_ID" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "made by the test" not in str(caught.value)


@each_use
def test_a_missing_bucket_is_one_sentence(bucket: Bucket, use: Use) -> None:
    store = ObjectBlobStore(f"s3://{bucket.name}-missing/prefix")
    with pytest.raises(StorageFailed, match="does not exist; create it"):
        use(store)


def test_missing_credentials_are_one_sentence(
    bucket: Bucket, faulty: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", faulty.endpoint)
    faulty.faults += [500] * ALWAYS
    store = brief(bucket)
    with pytest.raises(StorageFailed, match=r"no credentials .* set AWS_ACCESS_KEY_ID"):
        store.size(NAME)
    assert store.signed_url(NAME, 60) is None


def test_settings_that_lack_an_account_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(StorageFailed, match="AZURE_STORAGE_ACCOUNT_NAME"):
        ObjectBlobStore("az://container/prefix").size(NAME)


def test_a_write_that_conflicts_is_repeated(
    store: ObjectBlobStore, faulty: FaultyServer
) -> None:
    faulty.faults += [409]
    assert store.put_if_absent(NAME, b"sound")
    assert store.read(NAME) == b"sound"


def test_one_of_sixteen_puts_of_two_stores_wins(bucket: Bucket) -> None:
    stores = [ObjectBlobStore(bucket.address), ObjectBlobStore(bucket.address)]
    contents = [bytes([number]) * 1000 for number in range(16)]
    with ThreadPoolExecutor(16) as threads:
        won = list(
            threads.map(
                lambda store, content: store.put_if_absent(NAME, content),
                stores * 8,
                contents,
            )
        )
    assert won.count(True) == 1
    assert stores[0].read(NAME) == contents[won.index(True)]


_PUT = f"""
import sys
from workers.storage.blobs.object_store import ObjectBlobStore
print(ObjectBlobStore(sys.argv[1]).put_if_absent({NAME!r}, sys.argv[2].encode()))
"""


def test_one_of_two_processes_wins(store: ObjectBlobStore, bucket: Bucket) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PUT, bucket.address, content],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for content in ("first", "second")
    ]
    won = [process.communicate(timeout=START_TIMEOUT_S)[0] for process in processes]
    assert sorted(won) == ["False\n", "True\n"]
    assert store.read(NAME) == [b"first", b"second"][won.index("True\n")]


def test_objects_lie_below_the_prefix(store: ObjectBlobStore, bucket: Bucket) -> None:
    store.put_if_absent(NAME, b"sound")
    beside = ObjectBlobStore(f"s3://{bucket.name}/news/audio2")
    assert names(beside.list()) == []
    below = ObjectBlobStore(f"s3://{bucket.name}/news")
    assert names(below.list()) == [f"audio/{NAME}"]


def test_last_use_is_the_creation(store: ObjectBlobStore) -> None:
    store.put_if_absent(NAME, b"sound")
    store.touch(NAME)
    (item,) = store.list()
    assert item.bytes == 5
    assert abs(item.used - time.time()) < START_TIMEOUT_S


def test_a_listing_of_several_pages_is_complete(
    store: ObjectBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "_PAGE", 3)
    wanted = [f"key/{number:02d}" for number in range(10)]
    for name in wanted:
        store.put_if_absent(name, b"x")
    assert names(store.list("key")) == wanted


def test_a_signed_address_serves_the_audio(store: ObjectBlobStore) -> None:
    assert isinstance(store, SignedUrls)
    store.put_if_absent(NAME, b"sound")
    address = store.signed_url(NAME, 60)
    assert address
    answer = httpx2.get(address, headers={"Range": "bytes=1-3"})
    assert answer.status_code == 206
    assert answer.content == b"oun"
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert SECRET not in address


# A child of these tests' process would inherit the threads of other tests.
_FORK = f"""
import multiprocessing, sys
from workers.errors import StorageFailed
from workers.storage.blobs.object_store import ObjectBlobStore

store = ObjectBlobStore(sys.argv[1])

def use():
    try:
        print(store.put_if_absent({NAME!r}, b"sound"), flush=True)
    except StorageFailed as error:
        print(error, flush=True)

if sys.argv[2] == "used":
    store.size("any")
child = multiprocessing.get_context("fork").Process(target=use)
child.start()
child.join()
"""


def forked(bucket: Bucket, parent: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", _FORK, bucket.address, parent],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=START_TIMEOUT_S,
    ).stdout


def test_a_store_that_was_not_used_survives_a_fork(bucket: Bucket) -> None:
    assert forked(bucket, "unused") == "True\n"


def test_a_child_of_a_process_that_used_a_store_does_not_hang(bucket: Bucket) -> None:
    assert "before this process was forked" in forked(bucket, "used")
