"""Records: one test body over disk, memory and Redis."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from tests.support.storage import age
from workers.errors import StorageFailed
from workers.storage.records import DiskRecords, MemoryRecords, Records, RedisRecords


@pytest.fixture(name="records", params=["disk", "memory", "redis"])
def _records(
    request: pytest.FixtureRequest, tmp_path: Path, broker: str, redis: Redis
) -> Records:
    redis.flushall()
    makers: dict[str, Callable[[], Records]] = {
        "disk": lambda: DiskRecords(tmp_path),
        "memory": MemoryRecords,
        "redis": lambda: RedisRecords(Redis.from_url(broker)),
    }
    return makers[request.param]()


def test_a_created_document_is_found(records: Records) -> None:
    assert records.create("articles", "a1", {"title": "Tide", "tags": ["sea"]})
    assert records.find("articles", "a1") == {"title": "Tide", "tags": ["sea"]}
    assert records.find("articles", "a2") is None
    assert records.find("narrations", "a1") is None


def test_an_empty_document_is_found(records: Records) -> None:
    records.create("articles", "a1", {})
    assert records.find("articles", "a1") == {}


def test_create_keeps_the_first_document(records: Records) -> None:
    assert records.create("articles", "a1", {"n": 1})
    assert not records.create("articles", "a1", {"n": 1})
    assert not records.create("articles", "a1", {"n": 2})
    assert records.find("articles", "a1") == {"n": 1}


def test_one_of_many_concurrent_creates_wins(records: Records) -> None:
    documents: list[dict[str, object]] = [{"n": number} for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        won = list(
            threads.map(lambda document: records.create("a", "b", document), documents)
        )
    assert won.count(True) == 1
    assert records.find("a", "b") == documents[won.index(True)]


def test_a_replaced_document_is_found(records: Records) -> None:
    records.create("articles", "a1", {"n": 1})
    records.replace("articles", "a1", {"n": 2})
    records.replace("articles", "a2", {"n": 3})
    assert records.find("articles", "a1") == {"n": 2}
    assert records.find("articles", "a2") == {"n": 3}


def test_a_removed_document_can_be_created_again(records: Records) -> None:
    records.remove("articles", "a1")
    records.create("articles", "a1", {"n": 1})
    records.create("articles", "a2", {"n": 2})
    records.remove("articles", "a1")
    records.remove("articles", "a1")
    assert records.find("articles", "a1") is None
    assert records.names("articles") == ["a2"]
    assert records.create("articles", "a1", {"n": 3})


def test_names_are_listed_sorted_by_kind(records: Records) -> None:
    for name in ("b@000002", "a", "b@000010"):
        records.create("articles", name, {})
    records.create("narrations", "c", {})
    assert records.names("articles") == ["a", "b@000002", "b@000010"]
    assert records.names("nothing") == []


@pytest.mark.parametrize("name", ["../up", "..", ".hidden", "a/b", "ä ö", "x" * 200])
def test_any_text_can_be_a_name(records: Records, name: str) -> None:
    assert records.create("articles", name, {"n": 1})
    assert records.find("articles", name) == {"n": 1}
    assert records.names("articles") == [name]
    records.remove("articles", name)
    assert records.names("articles") == []


@pytest.mark.parametrize("name", ["../up", "..", ".hidden", "a/b"])
def test_no_name_escapes_the_folder(tmp_path: Path, name: str) -> None:
    DiskRecords(tmp_path / "records").create("articles", name, {"n": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["records"]


def test_stale_temporary_files_are_removed(tmp_path: Path) -> None:
    """They may hold an article's words."""
    records = DiskRecords(tmp_path)
    records.create("articles", ".left.tmp", {})
    left, fresh = (tmp_path / "articles" / name for name in (".a.tmp", ".b.tmp"))
    left.write_text("half")
    age(tmp_path, 3660)
    fresh.write_text("half")
    assert records.names("articles") == [".left.tmp"]
    assert not left.exists()
    assert fresh.exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(document=st.dictionaries(st.text(), JSON))
def test_every_document_round_trips(
    tmp_path_factory: pytest.TempPathFactory, broker: str, document: dict[str, object]
) -> None:
    with Redis.from_url(broker) as redis:
        for records in (
            DiskRecords(tmp_path_factory.mktemp("records")),
            MemoryRecords(),
            RedisRecords(redis),
        ):
            records.replace("any", "a", document)
            assert records.find("any", "a") == document


@pytest.mark.parametrize("half", [b'{"n', b"[1]", b"\xff"])
def test_a_damaged_record_is_named(
    tmp_path: Path, broker: str, redis: Redis, half: bytes
) -> None:
    on_disk = DiskRecords(tmp_path)
    on_disk.create("articles", "a1", {"n": 1})
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(half)
    in_redis = RedisRecords(Redis.from_url(broker))
    in_redis.create("articles", "a1", {"n": 1})
    redis.hset("outspoken:records:articles", "a1", half)
    for records in (on_disk, in_redis):
        with pytest.raises(StorageFailed, match="a1"):
            records.find("articles", "a1")


def test_an_unreachable_redis_is_a_storage_failure(tmp_path: Path) -> None:
    away = RedisRecords(Redis.from_url(f"unix://{tmp_path}/absent.sock"))
    for ask in (away.find, away.remove):
        with pytest.raises(StorageFailed):
            ask("articles", "a1")
    for keep in (away.create, away.replace):
        with pytest.raises(StorageFailed):
            keep("articles", "a1", {})


def test_a_redis_that_evicts_records_is_refused(broker: str, redis: Redis) -> None:
    redis.flushall()
    redis.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StorageFailed, match="maxmemory-policy to noeviction"):
            RedisRecords(Redis.from_url(broker)).create("articles", "a1", {})
        assert redis.keys() == []
    finally:
        redis.config_set("maxmemory-policy", "noeviction")
