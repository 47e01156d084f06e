"""Audio is kept once and read by range, the same in every kind of library."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis

from workers.errors import StorageFailed
from workers.library import (
    DiskLibrary,
    Library,
    MemoryLibrary,
    RedisLibrary,
    open_library,
)

NAME = "ab" * 32


@pytest.fixture(name="library", params=["disk", "memory", "redis"])
def _library(
    request: pytest.FixtureRequest, tmp_path: Path, broker: str, redis: Redis
) -> Library:
    redis.flushall()
    makers: dict[str, Callable[[], Library]] = {
        "disk": lambda: DiskLibrary(tmp_path),
        "memory": MemoryLibrary,
        "redis": lambda: RedisLibrary(Redis.from_url(broker)),
    }
    return makers[request.param]()


def test_what_is_kept_is_found(library: Library) -> None:
    assert library.keep(NAME, b"sound")
    assert library.size(NAME) == 5
    assert library.read(NAME, 0, 5) == b"sound"


def test_what_was_not_kept_is_not_found(library: Library) -> None:
    assert library.size(NAME) is None
    assert library.read(NAME, 0, 1) is None


def test_the_first_to_keep_wins(library: Library) -> None:
    assert library.keep(NAME, b"first")
    assert not library.keep(NAME, b"other")
    assert library.read(NAME, 0, 99) == b"first"


def test_a_file_of_another_length_is_damaged_and_replaced(library: Library) -> None:
    library.keep(NAME, b"so")
    assert library.keep(NAME, b"sound")
    assert library.read(NAME, 0, 99) == b"sound"


@pytest.mark.parametrize(
    ("start", "length", "piece"),
    [
        (0, 2, b"so"),
        (2, 3, b"und"),
        (3, 99, b"nd"),
        (5, 1, b""),
        (9, 9, b""),
        (1, 0, b""),
    ],
)
def test_any_range_can_be_read(
    library: Library, start: int, length: int, piece: bytes
) -> None:
    library.keep(NAME, b"sound")
    assert library.read(NAME, start, length) == piece


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
def test_an_address_of_no_library_is_refused(address: str) -> None:
    with pytest.raises(StorageFailed, match="disk:///folder or redis://"):
        open_library(address)


def test_an_address_opens_its_library(tmp_path: Path, broker: str) -> None:
    assert isinstance(open_library(f"disk://{tmp_path}"), DiskLibrary)
    assert isinstance(open_library(broker), RedisLibrary)
    folder = tmp_path / "50% #1"
    library = open_library(f"disk://{quote(str(folder))}")
    library.keep(NAME, b"sound")
    assert folder.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="file"):
        DiskLibrary(tmp_path / "file").keep(NAME, b"sound")


def test_a_redis_that_is_away_is_a_storage_failure(tmp_path: Path) -> None:
    away = RedisLibrary(Redis.from_url(f"unix://{tmp_path}/nobody.sock"))
    with pytest.raises(StorageFailed):
        away.size(NAME)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    """A limit on the length of files stands for the full disk."""
    program = (
        "import resource, signal, sys; from pathlib import Path;"
        "from workers.library import DiskLibrary; from workers.errors import *;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: DiskLibrary(Path(sys.argv[1])).keep('ab' * 32, b'x' * 5000)\n"
        "except StorageFailed as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(tmp_path) in done.stdout
    assert [name for _, _, names in os.walk(tmp_path) for name in names] == []
