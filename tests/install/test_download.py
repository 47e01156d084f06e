"""Files are fetched whole and right, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.voices_mirror import MirrorFiles, md5, run_mirror
from voices.errors import DownloadFailed
from voices.install.download import ExpectedFile, fetch, read_small

CONTENT = bytes(range(256)) * 4000
"""A megabyte, no two of its thousands alike in place."""


@pytest.fixture(name="mirror")
def _mirror() -> Iterator[MirrorFiles]:
    with run_mirror() as mirror:
        mirror.files["voice.onnx"] = CONTENT
        yield mirror


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "voice.onnx"


def announced(mirror: MirrorFiles, content: bytes = CONTENT) -> ExpectedFile:
    return ExpectedFile(f"{mirror.address}/voice.onnx", len(content), md5(content))


def part_of(path: Path) -> Path:
    return path.with_name("voice.onnx.part")


def unheard(_: int) -> None:
    pass


def test_a_file_is_fetched_and_its_progress_told(
    mirror: MirrorFiles, path: Path
) -> None:
    told: list[int] = []
    fetch(announced(mirror), path, told.append)
    assert path.read_bytes() == CONTENT
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
    assert list(path.parent.iterdir()) == [path]


def test_a_connection_that_is_cut_is_opened_again_where_it_was_cut(
    mirror: MirrorFiles, path: Path
) -> None:
    mirror.cut_after = 400_000
    fetch(announced(mirror), path, unheard)
    assert path.read_bytes() == CONTENT
    assert mirror.ranges_requested(".onnx") == [None, "bytes=400000-", "bytes=800000-"]


def test_what_an_interrupted_download_left_is_not_fetched_again(
    mirror: MirrorFiles, path: Path
) -> None:
    part_of(path).write_bytes(CONTENT[:700_000])
    fetch(announced(mirror), path, unheard)
    assert path.read_bytes() == CONTENT
    assert mirror.ranges_requested(".onnx") == ["bytes=700000-"]


def test_what_was_fetched_before_is_not_ranges_requested(
    mirror: MirrorFiles, path: Path
) -> None:
    path.write_bytes(CONTENT)
    fetch(announced(mirror), path, unheard)
    assert mirror.requests == []


def test_another_file_of_the_same_name_is_fetched_anew(
    mirror: MirrorFiles, path: Path
) -> None:
    path.write_bytes(CONTENT[::-1])
    fetch(announced(mirror), path, unheard)
    assert path.read_bytes() == CONTENT


def test_a_server_that_knows_no_ranges_is_ranges_requested_everything(
    mirror: MirrorFiles, path: Path
) -> None:
    mirror.supports_ranges = False
    part_of(path).write_bytes(b"x" * 700_000)
    fetch(announced(mirror), path, unheard)
    assert path.read_bytes() == CONTENT


def test_a_download_that_comes_no_further_says_how_far_it_came(
    mirror: MirrorFiles, path: Path
) -> None:
    mirror.supports_ranges = False
    mirror.cut_after = 400_000
    with pytest.raises(DownloadFailed, match=r"stopped at 0\.4 of 1\.0 MB; the same"):
        fetch(announced(mirror), path, unheard)
    assert part_of(path).read_bytes() == CONTENT[:400_000]
    assert not path.exists()


@pytest.mark.parametrize(
    "other", [CONTENT[::-1], CONTENT[:-1], CONTENT + b"x", b""], ids=len
)
def test_a_file_that_is_not_the_announced_one_is_refused(
    mirror: MirrorFiles, path: Path, other: bytes
) -> None:
    mirror.files["voice.onnx"] = other
    with pytest.raises(DownloadFailed):
        fetch(announced(mirror), path, unheard)
    assert not path.exists()
    left = part_of(path)
    assert not left.exists() or left.read_bytes() == b"", "nothing wrong to go on with"
    mirror.files["voice.onnx"] = CONTENT
    fetch(announced(mirror), path, unheard)
    assert path.read_bytes() == CONTENT


def test_a_file_that_is_gone_is_named_with_the_answer(
    mirror: MirrorFiles, path: Path
) -> None:
    del mirror.files["voice.onnx"]
    with pytest.raises(DownloadFailed, match=r"/voice\.onnx cannot be fetched.* 404"):
        fetch(announced(mirror), path, unheard)


def test_a_file_that_moved_is_followed(mirror: MirrorFiles, path: Path) -> None:
    mirror.moved["voice.onnx"] = f"{mirror.address}/elsewhere.bin"
    mirror.files["elsewhere.bin"] = CONTENT
    part_of(path).write_bytes(CONTENT[:10])
    fetch(announced(mirror), path, unheard)
    assert path.read_bytes() == CONTENT
    assert mirror.ranges_requested("elsewhere.bin") == ["bytes=10-"]


@pytest.mark.parametrize("scheme", ["file", "ftp", "data"])
def test_nothing_but_the_web_is_opened(
    mirror: MirrorFiles, path: Path, tmp_path: Path, scheme: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    address = f"{scheme}://{secret}"
    with pytest.raises(DownloadFailed):
        read_small(address, 100)
    mirror.moved["voice.onnx"] = address
    with pytest.raises(DownloadFailed):
        fetch(announced(mirror), path, unheard)
    assert not path.exists()


def test_a_server_that_is_not_there_is_named(path: Path) -> None:
    with run_mirror() as gone:
        expected = announced(gone)
    with pytest.raises(DownloadFailed, match="cannot be reached"):
        fetch(expected, path, unheard)
    with pytest.raises(DownloadFailed, match=r"cannot be reached .*refused"):
        read_small(expected.url, 100)


def test_what_fits_into_memory_is_returned_and_what_does_not_is_refused(
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
