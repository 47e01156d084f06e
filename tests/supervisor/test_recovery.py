"""Recovery of a service: nothing queued or rendered is lost."""

import contextlib
import itertools
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from tests.support.full_disk import mount, unmount
from tests.support.processes import (
    children_of,
    command_of,
    wait_until,
    wait_until_gone,
    wait_until_unused,
)
from tests.support.service import (
    RunningService,
    client_of,
    processes_of,
    serving,
    wait_until_ready,
)

pytestmark = pytest.mark.live

ARTICLE = {"text": "The tide turned at noon on Monday. No one saw it turn."}


def stop_and_require_silence(service: RunningService, number: int) -> None:
    """Stop a service; it exits with 0, prints nothing more and leaves no process."""
    family = processes_of(service)
    commands = " ".join(command_of(pid) for pid in family)
    assert all(name in commands for name in ("valkey", "service.api", "worker"))
    assert service.stop(number) == 0
    assert service.process.stdout
    assert service.process.stdout.read() == ""
    assert service.log.read_text() == ""
    wait_until_gone(family)


def test_restart_keeps_articles_and_stop_leaves_no_process(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        assert httpx2.get(f"{service.address}/readyz").json() == {"status": "ok"}
        with client_of(service) as client:
            created = client.put("/v1/articles/tide-1", json=ARTICLE).json()
            first = client.get(created["narration"]["links"]["audio"])
        stop_and_require_silence(service, signal.SIGINT)
    with serving(tmp_path / "data", voice="tone") as service:
        with client_of(service) as client:
            article = client.get("/v1/articles/tide-1").json()
            assert article["narration"]["state"] == "ready"
            path = article["narration"]["links"]["audio"]
            assert client.get(path).content == first.content
            assert client.put("/v1/articles/tide-1", json=ARTICLE).status_code == 200
        stop_and_require_silence(service, signal.SIGTERM)


def test_article_survives_redis_flush(tmp_path: Path, broker: str) -> None:
    with (
        serving(tmp_path / "data", voice="tone", redis_url=broker) as service,
        client_of(service) as client,
    ):
        created = client.put("/v1/articles/a", json=ARTICLE).json()
        client.get(created["narration"]["links"]["audio"])
        Redis.from_url(broker).flushall()
        for file in (tmp_path / "data" / "library").rglob("*.mp3"):
            file.unlink()
        narration = client.get("/v1/articles/a").json()["narration"]
        assert narration["state"] in {"queued", "making"}
        assert client.get(narration["links"]["audio"]).status_code == 200


def test_jobs_of_a_killed_service_are_rendered_after_restart(tmp_path: Path) -> None:
    settings = {"voice": "tone", "worker_processes": "1", "lease_seconds": "2"}
    with serving(tmp_path / "data", **settings) as service:
        with client_of(service) as client:
            client.put("/v1/articles/long", json=article_of(400))
            wait_until(lambda: state_of(client, "long") == "making")
            for number in range(5):
                text = f"The tide turned on day {number}. No one saw it turn."
                response = client.put(f"/v1/articles/{number}", json={"text": text})
                assert response.status_code == 202
            assert state_of(client, "long") == "making"
        service.process.kill()
        service.process.wait()
        wait_until_unused(tmp_path)
    with serving(tmp_path / "data", **settings):
        # Not asked for through the API, which would queue a missing narration.
        wait_until(lambda: finished_narrations(tmp_path / "data") == 6)


@pytest.mark.trial
def test_rendering_resumes_after_a_stop(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        with client_of(service) as client:
            client.put("/v1/articles/long", json=article_of(250))
            wait_until(lambda: state_of(client, "long") == "making")
        assert service.stop(signal.SIGTERM) == 0
        # The broker stops last, so that the worker can hand its job back.
        assert service.log.read_text() == ""
    with serving(tmp_path / "data", voice="tone"):
        wait_until(lambda: finished_narrations(tmp_path / "data") == 1)


def article_of(sentences: int) -> dict[str, str]:
    """Return an article with this number of different sentences."""
    tides = (f"No one saw tide {number} turn." for number in range(sentences))
    return {"text": " ".join(tides)}


def finished_narrations(data: Path) -> int:
    """Return the number of narrations that were stored."""
    database = sqlite3.connect(f"file:{data / 'outspoken.db'}?mode=ro", uri=True)
    with contextlib.closing(database):
        (count,) = database.execute("SELECT count(*) FROM narrations").fetchone()
    return int(count)


def state_of(client: httpx2.Client, article: str) -> str:
    """Return the state of an article's narration."""
    response = client.get(f"/v1/articles/{article}").json()
    return str(response["narration"]["state"])


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a disk with little more space than the service needs."""
    disk = tmp_path / "data"
    disk.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=160m", "tmpfs", disk):
        pytest.skip("this user may not mount a file system")
    yield disk
    unmount(disk)


def fill(disk: Path) -> Path:
    """Fill the disk; return the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


@pytest.mark.trial
def test_full_disk_is_reported_and_the_service_recovers(small_disk: Path) -> None:
    with (
        serving(small_disk, voice="tone") as service,
        client_of(service) as client,
    ):
        children = children_of(service.process.pid)
        days = itertools.count()

        def submit() -> httpx2.Response:
            text = f"The tide turned on day {next(days)}. No one saw it turn."
            return client.post("/v1/narrations", json={"text": text})

        assert submit().is_success
        ballast = fill(small_disk)
        # Until the broker cannot write either, and the worker has noticed.
        wait_until(lambda: submit().is_error)
        wait_until(lambda: client.get("/readyz").is_error)
        wait_until(lambda: service.log.read_text().count("Cannot connect") > 1)
        assert submit().status_code in {503, 507}
        ballast.unlink()
        wait_until_ready(client)
        audio = client.get(submit().json()["links"]["audio"])
        assert audio.status_code == 200
        assert children_of(service.process.pid) == children
        assert service.stop() == 0
    wait_until_unused(small_disk)
