"""Library addresses and the stores that they open."""

from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis

from tests.support.storage import NAME, names
from workers.errors import StorageFailed
from workers.storage.blobs import (
    RedisBlobStore,
    memory_library,
    open_library,
)


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
