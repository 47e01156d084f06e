"""Trials of a disk that is full, read-only or emptied while rendering."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    is_in,
    post,
)
from tests.support.full_disk import mount, unmount
from tests.support.service import serving

pytestmark = pytest.mark.live


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=2000k", "outspoken-test", folder):
        pytest.skip("mounting a small disk takes root")
    yield folder
    unmount(folder)


def problem_of(client: httpx2.Client, key: str) -> str:
    eventually(lambda: is_in(client, key, "failed", "ready"))
    return str(client.get(f"/v1/narrations/{key}").json()["problem"])


def files_left(disk: Path) -> list[Path]:
    return [
        path for path in disk.rglob("*") if path.is_file() and path.suffix != ".mp3"
    ]


def test_full_disk_fails_an_article_and_the_next_is_rendered(
    tmp_path: Path, disk: Path, figures: Figures
) -> None:
    settings = {"voice": "tone", "library": f"disk://{disk}/library"}
    with serving(tmp_path / "data", **settings) as service, frontend(service) as client:
        problem = problem_of(client, post(client, article("a long day", 60)))
        assert str(disk) in problem
        assert files_left(disk) == []
        key = post(client, article("a short day", 2))
        eventually(lambda: is_in(client, key, "ready"))
        assert client.get("/readyz").status_code in {200, 503}
        figures("a full disk while narrating", problem)


def test_read_only_disk_is_used_again_once_writable(
    tmp_path: Path, disk: Path, figures: Figures
) -> None:
    settings = {"voice": "tone", "library": f"disk://{disk}/library"}
    with serving(tmp_path / "data", **settings) as service, frontend(service) as client:
        first = post(client, article("before", 2))
        eventually(lambda: is_in(client, first, "ready"))
        assert mount("-o", "remount,ro", disk)
        problem = problem_of(client, post(client, article("meanwhile", 2)))
        assert str(disk) in problem
        assert client.get(f"/v1/narrations/{first}.mp3").status_code == 200
        assert mount("-o", "remount,rw", disk)
        again = post(client, article("meanwhile", 2))
        eventually(lambda: is_in(client, again, "ready"))
        figures("a read-only disk while narrating", problem)


def test_removed_library_is_rendered_again(tmp_path: Path, figures: Figures) -> None:
    with (
        serving(tmp_path / "data", voice="tone") as service,
        frontend(service) as client,
    ):
        first = post(client, article("before", 2))
        eventually(lambda: is_in(client, first, "ready"))
        key = post(client, article("a long day", 90))
        eventually(lambda: is_in(client, key, "making", "ready"))
        subprocess.run(["rm", "-rf", tmp_path / "data" / "library"], check=True)  # noqa: S607 - on PATH
        eventually(lambda: is_in(client, key, "ready", "failed"))
        finished = client.get(
            f"/v1/narrations/{post(client, article('a long day', 90))}.mp3"
        )
        assert finished.status_code == 200
        again = post(client, article("before", 2))
        assert again == first
        eventually(lambda: is_in(client, first, "ready"))
        figures("a library removed while narrating", "rendered again, whole")
