"""Trials of a disk that is full, read-only or emptied while rendering."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx2
import psycopg
import pytest

from tests.support.databases.postgresql_server import PostgresServer
from tests.support.full_disk import mount, unmount
from tests.support.service import RunningService, serving
from tests.support.trials.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    is_in,
    post,
)
from tests.support.trials.publisher import Publisher

pytestmark = pytest.mark.live


DATABASE_DISK = "30M"
"""Larger than SQLite's write-ahead log, which is 4 MB."""


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk during the block."""
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", f"size={size}", "outspoken-test", folder):
        pytest.skip("mounting a small disk takes root")
    try:
        yield folder
    finally:
        unmount(folder)


@pytest.fixture(name="disk")
def _disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    with small_disk(tmp_path / "disk", "2000k") as disk:
        yield disk


def create_tablespace(server: PostgresServer, disk: Path) -> str:
    """Create a database on a disk of its own; return its address."""
    if server.user:
        shutil.chown(disk, server.user)
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'".encode())
        connection.execute("CREATE DATABASE small TABLESPACE small")
    return server.address_of("small")


def problem_of(client: httpx2.Client, key: str) -> str:
    eventually(lambda: is_in(client, key, "failed", "ready"))
    return str(client.get(f"/v1/narrations/{key}").json()["problem"])


def fill(disk: Path) -> Path:
    """Write a file that leaves no space."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return path


def require_full_then_recovered(
    service: RunningService, disk: Path, place: str, figures: Figures
) -> None:
    """Fill the disk of the database while articles are sent; free it again."""
    refusals: list[str] = []
    tried = itertools.count()

    def is_refused() -> bool:
        answer = client.put(
            f"/v1/articles/full-{next(tried)}", json={"text": article("full", 9)}
        )
        if answer.status_code == 507:
            refusals.append(answer.json()["detail"])
        return bool(refusals)

    with frontend(service) as client:
        publisher = Publisher(service, 40)
        with publisher.sending():
            eventually(partial(publisher.has_sent, 2))
            filler = fill(disk)
            eventually(is_refused)
            filler.unlink()
        publisher.require_all_heard()
    (refused,) = refusals
    assert place in refused
    assert "full" in refused
    figures(
        f"the disk of {place.partition(':')[0]} full",
        f"507: {refused} 40 of 40 articles ready afterwards;"
        f" repeated: {dict(publisher.refused)}",
    )


@pytest.mark.trial
def test_full_disk_of_sqlite_refuses_changes_until_it_has_space(
    tmp_path: Path, figures: Figures
) -> None:
    with small_disk(tmp_path / "disk", DATABASE_DISK) as disk:
        url = f"sqlite:///{disk}/outspoken.db"
        with serving(tmp_path / "data", voice="tone", database_url=url) as service:
            require_full_then_recovered(service, disk, f"{disk}/outspoken.db", figures)


@pytest.mark.trial
def test_full_disk_of_postgresql_refuses_changes_until_it_has_space(
    tmp_path: Path, server: PostgresServer, figures: Figures
) -> None:
    with small_disk(server.folder / "small", DATABASE_DISK) as disk:
        url = create_tablespace(server, disk)
        with serving(tmp_path / "data", voice="tone", database_url=url) as service:
            require_full_then_recovered(service, disk, "postgresql://", figures)
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute("DROP DATABASE small")
            connection.execute("DROP TABLESPACE small")


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


@pytest.mark.trial
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


@pytest.mark.trial
def test_removed_library_is_rendered_again(tmp_path: Path, figures: Figures) -> None:
    with (
        serving(tmp_path / "data", voice="tone") as service,
        frontend(service) as client,
    ):
        first = post(client, article("before", 2))
        eventually(lambda: is_in(client, first, "ready"))
        key = post(client, article("a long day", 90))
        eventually(lambda: is_in(client, key, "making", "ready"))
        # In one step: a worker may write meanwhile.
        (tmp_path / "data" / "library").rename(tmp_path / "removed")
        eventually(lambda: is_in(client, key, "ready", "failed"))
        finished = client.get(
            f"/v1/narrations/{post(client, article('a long day', 90))}.mp3"
        )
        assert finished.status_code == 200
        again = post(client, article("before", 2))
        assert again == first
        eventually(lambda: is_in(client, first, "ready"))
        figures("a library removed while narrating", "rendered again, whole")
