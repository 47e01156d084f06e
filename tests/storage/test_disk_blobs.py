"""The disk blob store: full disks, killed writers, stale files, permissions."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.storage import HOUR_S, NAME, age, names
from workers.errors import StorageFailed
from workers.storage.blobs import (
    DiskBlobStore,
)


def test_a_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="file"):
        DiskBlobStore(tmp_path / "file").put_if_absent(NAME, b"sound")


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
store = DiskBlobStore(Path(sys.argv[1]))
sys.addaudithook(watch)
store.put_if_absent("key/0001/000000", b"sound" * 100)
store.remove("key/0001/000001")
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
        age(folder, 2 * HOUR_S)
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
    age(tmp_path, HOUR_S + 60)
    fresh.write_bytes(b"half")
    store = DiskBlobStore(tmp_path)
    assert store.read("ab/x") is None
    assert left.exists()
    store.put_if_absent("cd/x", b"sound")
    assert not left.exists()
    assert fresh.exists()
    age(tmp_path, HOUR_S + 60)
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
