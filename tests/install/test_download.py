"""Downloads: resumed when interrupted, verified when complete."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.voices.mirror_server import MirrorFiles, md5, run_mirror
from voices.errors import DownloadFailed
from voices.install.download import ExpectedFile, fetch, read_small

CONTENT = bytes(range(256)) * 4000
"""1,024,000 bytes."""


@pytest.fixture(name="mirror")
def _mirror() -> Iterator[MirrorFiles]:
    """A mirror with one file."""
    with run_mirror() as mirror:
        mirror.files["voice.onnx"] = CONTENT
        yield mirror


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """Where to download the file to."""
    return tmp_path / "voice.onnx"


def expected_file(mirror: MirrorFiles, content: bytes = CONTENT) -> ExpectedFile:
    """Return the file as the mirror lists it."""
    return ExpectedFile(f"{mirror.address}/voice.onnx", len(content), md5(content))


def part_of(path: Path) -> Path:
    """Return the path of a partial download."""
    return path.with_name("voice.onnx.part")


def ignore_progress(_: int) -> None:
    """Accept a download's progress."""


def test_progress_of_a_download_is_reported(mirror: MirrorFiles, path: Path) -> None:
    reports: list[int] = []
    fetch(expected_file(mirror), path, reports.append)
    assert path.read_bytes() == CONTENT
    assert reports == sorted(reports)
    assert reports[-1] == len(CONTENT)
    assert list(path.parent.iterdir()) == [path]


def test_dropped_connection_is_resumed(mirror: MirrorFiles, path: Path) -> None:
    mirror.cut_after = 400_000
    fetch(expected_file(mirror), path, ignore_progress)
    assert path.read_bytes() == CONTENT
    assert mirror.ranges_requested(".onnx") == [None, "bytes=400000-", "bytes=800000-"]


def test_partial_download_is_resumed(mirror: MirrorFiles, path: Path) -> None:
    part_of(path).write_bytes(CONTENT[:700_000])
    fetch(expected_file(mirror), path, ignore_progress)
    assert path.read_bytes() == CONTENT
    assert mirror.ranges_requested(".onnx") == ["bytes=700000-"]


def test_complete_file_is_not_downloaded_again(mirror: MirrorFiles, path: Path) -> None:
    path.write_bytes(CONTENT)
    fetch(expected_file(mirror), path, ignore_progress)
    assert mirror.requests == []


def test_different_file_of_the_same_name_is_replaced(
    mirror: MirrorFiles, path: Path
) -> None:
    path.write_bytes(CONTENT[::-1])
    fetch(expected_file(mirror), path, ignore_progress)
    assert path.read_bytes() == CONTENT


def test_server_without_ranges_sends_everything(
    mirror: MirrorFiles, path: Path
) -> None:
    mirror.supports_ranges = False
    part_of(path).write_bytes(b"x" * 700_000)
    fetch(expected_file(mirror), path, ignore_progress)
    assert path.read_bytes() == CONTENT


def test_stalled_download_reports_its_size(mirror: MirrorFiles, path: Path) -> None:
    mirror.supports_ranges = False
    mirror.cut_after = 400_000
    with pytest.raises(DownloadFailed, match=r"stopped at 0\.4 of 1\.0 MB; the same"):
        fetch(expected_file(mirror), path, ignore_progress)
    assert part_of(path).read_bytes() == CONTENT[:400_000]
    assert not path.exists()


@pytest.mark.parametrize(
    "other", [CONTENT[::-1], CONTENT[:-1], CONTENT + b"x", b""], ids=len
)
def test_unexpected_file_is_refused(
    mirror: MirrorFiles, path: Path, other: bytes
) -> None:
    mirror.files["voice.onnx"] = other
    with pytest.raises(DownloadFailed):
        fetch(expected_file(mirror), path, ignore_progress)
    assert not path.exists()
    left = part_of(path)
    assert not left.exists() or left.read_bytes() == b"", (
        "a wrong part would be resumed"
    )
    mirror.files["voice.onnx"] = CONTENT
    fetch(expected_file(mirror), path, ignore_progress)
    assert path.read_bytes() == CONTENT


def test_missing_file_is_named_with_the_status(mirror: MirrorFiles, path: Path) -> None:
    del mirror.files["voice.onnx"]
    with pytest.raises(DownloadFailed, match=r"/voice\.onnx cannot be fetched.* 404"):
        fetch(expected_file(mirror), path, ignore_progress)


def test_redirect_is_followed(mirror: MirrorFiles, path: Path) -> None:
    mirror.moved["voice.onnx"] = f"{mirror.address}/elsewhere.bin"
    mirror.files["elsewhere.bin"] = CONTENT
    part_of(path).write_bytes(CONTENT[:10])
    fetch(expected_file(mirror), path, ignore_progress)
    assert path.read_bytes() == CONTENT
    assert mirror.ranges_requested("elsewhere.bin") == ["bytes=10-"]


@pytest.mark.parametrize("scheme", ["file", "ftp", "data"])
def test_only_http_is_opened(
    mirror: MirrorFiles, path: Path, tmp_path: Path, scheme: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    address = f"{scheme}://{secret}"
    with pytest.raises(DownloadFailed):
        read_small(address, 100)
    mirror.moved["voice.onnx"] = address
    with pytest.raises(DownloadFailed):
        fetch(expected_file(mirror), path, ignore_progress)
    assert not path.exists()


def test_unreachable_server_is_named(path: Path) -> None:
    # Bound and not listening: connections are refused, and the port is not reused.
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        expected = expected_file(MirrorFiles(f"http://127.0.0.1:{port}"))
        with pytest.raises(DownloadFailed, match="cannot be reached"):
            fetch(expected, path, ignore_progress)
        with pytest.raises(DownloadFailed, match=r"cannot be reached .*refused"):
            read_small(expected.url, 100)


def test_read_small_refuses_more_than_the_limit(
    mirror: MirrorFiles,
) -> None:
    mirror.files["card"] = b"a card"
    assert read_small(f"{mirror.address}/card", 6) == b"a card"
    assert read_small(f"{mirror.address}/no-card", 6) is None
    with pytest.raises(DownloadFailed, match="not what was expected"):
        read_small(f"{mirror.address}/card", 5)
    mirror.cut_after = 3
    with pytest.raises(DownloadFailed, match="not what was expected"):
        read_small(f"{mirror.address}/card", 6)
