"""Library addresses and the stores that they open."""

from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis

from tests.support.storage import NAME, names
from workers.errors import StorageFailed
from workers.storage.blobs import (
    RedisBlobStore,
    SignedUrls,
    memory_library,
    open_library,
)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/folder",
        "disk:",
        "s3:bucket",
        "s3://",
        "s3:///prefix",
        "gs://bucket/a?x=1",
        "az://container/../other",
        "http://x",
        "disk://[x",
        "disk://host/x",
        "memory:",
    ],
)
def test_an_invalid_library_address_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match=r"disk:///folder, redis://.* s3://bucket"):
        open_library(address, tmp_path, None)


def test_an_address_opens_its_library(tmp_path: Path, broker: str) -> None:
    folder = tmp_path / "50% #1"
    library = open_library(f"disk://{quote(str(folder))}", tmp_path, None)
    library.narrations.put_if_absent(NAME, b"sound")
    assert (folder / NAME).read_bytes() == b"sound"
    assert isinstance(open_library(broker, tmp_path, None).narrations, RedisBlobStore)


@pytest.mark.parametrize("scheme", ["s3", "gs", "az"])
def test_segments_of_objects_are_in_the_queues_redis(
    scheme: str, tmp_path: Path, broker: str
) -> None:
    address = f"{scheme}://bucket/some/prefix"
    assert isinstance(open_library(address, tmp_path, broker).narrations, SignedUrls)
    first = open_library(address, tmp_path, broker).segments
    second = open_library(address, tmp_path / "other machine", broker).segments
    first.put_if_absent(f"{scheme}/0001/000000", b"part")
    assert second.read(f"{scheme}/0001/000000") == b"part"


def test_segments_without_a_queue_are_in_the_data_folder(tmp_path: Path) -> None:
    library = open_library("s3://bucket", tmp_path, None)
    library.segments.put_if_absent("key/0001/000000", b"part")
    assert (tmp_path / "segments" / "key" / "0001" / "000000").exists()


def test_narrations_and_segments_are_separate(
    tmp_path: Path, broker: str, redis: Redis
) -> None:
    redis.flushall()
    for library in (
        open_library(f"disk://{tmp_path}", tmp_path, None),
        open_library(broker, tmp_path, None),
        memory_library(),
    ):
        library.narrations.put_if_absent(NAME, b"sound")
        library.segments.put_if_absent("key/0001/000000", b"part")
        assert names(library.narrations.list()) == [NAME]
        assert names(library.segments.list()) == ["key/0001/000000"]
