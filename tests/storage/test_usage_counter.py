"""Usage counters: one test body over disk and memory."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workers.errors import LibraryFull, StorageFailed
from workers.storage.usage_counter import (
    DiskUsageCounter,
    MemoryUsageCounter,
    Usage,
    UsageCounter,
)


@pytest.fixture(name="usage_counter", params=["disk", "memory"])
def _usage_counter(request: pytest.FixtureRequest, tmp_path: Path) -> UsageCounter:
    if request.param == "memory":
        return MemoryUsageCounter()
    return DiskUsageCounter(tmp_path / "data" / "sentences.lock")


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
    path = tmp_path / "sentences.lock"
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
    usage_counter = DiskUsageCounter(tmp_path / "file" / "lock")
    with pytest.raises(StorageFailed), usage_counter.locked():
        pytest.fail("it cannot be locked")
