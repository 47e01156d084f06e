"""The supervisor: start, restart and stop a service's processes."""

import contextlib
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from service.errors import PortInUse
from service.supervisor.exclusive import lock_data_folder, open_listen_socket
from tests.support.cli import call
from tests.support.full_disk import mount, unmount
from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import (
    children_of,
    command_of,
    wait_until,
    wait_until_gone,
)
from tests.support.service import RunningService, environment, run, serving

pytestmark = pytest.mark.live

ARTICLE = {"text": "The tide turned at noon on Monday. Nobody saw it turn."}


def processes_of(service: RunningService) -> set[int]:
    """Return the ids of a service's processes."""
    family = {service.process.pid}
    while more := {child for pid in family for child in children_of(pid)} - family:
        family |= more
    return family


@contextlib.contextmanager
def client_of(service: RunningService) -> Iterator[httpx2.Client]:
    """Open a client of a service."""
    with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
        yield client


def wait_until_ready(client: httpx2.Client) -> None:
    """Return once the service is ready; it may have to restart a process first."""
    wait_until(lambda: client.get("/readyz").status_code == 200)


def wait_until_unused(folder: Path) -> None:
    """Return once no process has a working directory in the folder."""
    wait_until(lambda: not working_in(folder))


def working_in(folder: Path) -> set[int]:
    """Return the processes whose working directory is in the folder."""
    pids = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it ended, or is another user's
                if (entry / "cwd").readlink().is_relative_to(folder):
                    pids.add(int(entry.name))
    return pids


@contextlib.contextmanager
def starting(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a service without waiting until it is ready."""
    with subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve", "--port=0", "--data", data],
        env=environment(voice="tone"),
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield process


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


def test_second_service_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with lock_data_folder(tmp_path / "data"):
        second = run("serve", "--port", "0", data=tmp_path / "data")
    assert second.returncode == 1
    assert second.stderr.startswith("outspoken: Another service is using ")
    assert second.stdout == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"redis_url": "nonsense"}, "OUTSPOKEN_REDIS_URL"),
        ({"origins": "https://a"}, "origins"),
        ({"public_url": "audio.example"}, "OUTSPOKEN_PUBLIC_URL"),
        ({"host": ""}, "OUTSPOKEN_HOST"),
    ],
)
def test_invalid_setting_is_refused_at_start(
    tmp_path: Path, settings: dict[str, str], message: str
) -> None:
    refused = call("serve", "--port", "0", data=tmp_path / "data", **settings)
    assert refused.returncode in {1, 2}
    assert message in refused.stderr
    assert refused.stderr.count("\n") == 1, refused.stderr


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"voice": "nobody"}, "no voice 'nobody'"),
        ({"redis_url": "unix:///nowhere/redis.sock"}, "queue does not answer"),
        ({"markers": "/nowhere/gone.toml"}, "gone.toml"),
    ],
)
def test_fault_that_would_fail_every_request_is_refused_at_start(
    tmp_path: Path, settings: dict[str, str], message: str
) -> None:
    refused = run("serve", "--port", "0", data=tmp_path / "data", **settings)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert refused.stderr.count("\n") == 1, refused.stderr


def test_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(PortInUse, match=f"Cannot listen on 127.0.0.1:{port}"),
            open_listen_socket("127.0.0.1", port),
        ):
            pass
        refused = run("serve", "--port", str(port), data=tmp_path / "data")
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "choose --port" in refused.stderr


def test_unwritable_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    refused = run("serve", "--port", "0", data=tmp_path / "data")
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_process_that_cannot_start_ends_the_service(tmp_path: Path) -> None:
    refused = run("serve", data=tmp_path / "data", port="0", library="a shelf")
    assert refused.returncode == 1
    child, service = refused.stderr.splitlines()[-2:]
    assert child.startswith("outspoken: OUTSPOKEN_LIBRARY is not")
    assert re.match(r"outspoken: The (worker|API) exited \(exit code", service)
    wait_until_unused(tmp_path)


def test_killed_process_is_restarted(tmp_path: Path) -> None:
    roles = {
        "API 2": "service.api",
        "worker": "service.cli\0worker",
        "broker": "valkey",
    }
    with serving(tmp_path / "data", voice="tone", api_processes="2") as service:
        for number, command in enumerate(roles.values()):
            children = sorted(children_of(service.process.pid))
            assert len(children) == 4
            victim = [pid for pid in children if command in command_of(pid)][-1]
            os.kill(victim, signal.SIGKILL)
            wait_until_gone([victim])
            with client_of(service) as client:
                wait_until_ready(client)
                text = f"{ARTICLE['text']} It was day {number}."
                created = client.put(f"/v1/articles/{number}", json={"text": text})
                links = created.json()["narration"]["links"]
                assert client.get(links["audio"]).status_code == 200
            wait_until(lambda: len(children_of(service.process.pid)) == 4)
            assert victim not in children_of(service.process.pid)
        assert service.stop() == 0
        records = [json.loads(line) for line in service.log.read_text().splitlines()]
        exits = [line["message"] for line in records if line["program"] == "serve"]
        restarted = "exited (SIGKILL); restarting it in 0 seconds"
        assert exits == [f"the {name} {restarted}" for name in roles]
    wait_until_unused(tmp_path)


@pytest.mark.trial
def test_process_that_cannot_run_does_not_stop_the_others(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        # Processes that are restarted from now on read it.
        (tmp_path / ".env").write_text("OUTSPOKEN_LIBRARY=a shelf\n")
        (worker,) = [
            pid
            for pid in children_of(service.process.pid)
            if "service.cli\0worker" in command_of(pid)
        ]
        os.kill(worker, signal.SIGKILL)

        def delays() -> list[float]:
            pattern = r"worker exited .* restarting it in ([0-9.]+)"
            return [
                float(delay) for delay in re.findall(pattern, service.log.read_text())
            ]

        wait_until(lambda: len(delays()) == 5)
        assert delays() == sorted(delays())
        assert delays()[-1] > 0
        assert httpx2.get(f"{service.address}/healthz").status_code == 200
        (tmp_path / ".env").unlink()
        with client_of(service) as client:
            wait_until_ready(client)
        assert service.stop() == 0
    wait_until_unused(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(
    "started",
    [
        0,
        2,
        pytest.param(1, marks=pytest.mark.trial),
        pytest.param(3, marks=pytest.mark.trial),
    ],
)
def test_service_ended_during_start_leaves_no_process(
    tmp_path: Path, started: int, number: int
) -> None:
    with starting(tmp_path / "data") as process:
        wait_until(lambda: len(children_of(process.pid)) >= started)
        process.send_signal(number)
        process.wait(START_TIMEOUT_S)
    wait_until_unused(tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        "service.api",
        pytest.param("service.cli\0worker", marks=pytest.mark.trial),
        pytest.param("valkey", marks=pytest.mark.trial),
    ],
)
def test_service_killed_during_a_restart_leaves_no_process(
    tmp_path: Path, command: str
) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        children = children_of(service.process.pid)
        (victim,) = [pid for pid in children if command in command_of(pid)]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in children_of(service.process.pid))
        service.process.kill()
    wait_until_unused(tmp_path)


def test_jobs_of_a_killed_service_are_rendered_after_restart(tmp_path: Path) -> None:
    settings = {"voice": "tone", "worker_processes": "1", "lease_seconds": "2"}
    with serving(tmp_path / "data", **settings) as service:
        with client_of(service) as client:
            client.put("/v1/articles/long", json=article_of(600))
            wait_until(lambda: state_of(client, "long") == "making")
            for number in range(5):
                text = f"The tide turned on day {number}. Nobody saw it turn."
                response = client.put(f"/v1/articles/{number}", json={"text": text})
                assert response.status_code == 202
            assert state_of(client, "long") == "making"
        service.process.kill()
        service.process.wait()
        wait_until_unused(tmp_path)
    with serving(tmp_path / "data", **settings):
        # Not asked for through the API, which would queue a missing narration.
        wait_until(lambda: len(narration_records(tmp_path / "data")) == 6)


def test_rendering_resumes_after_a_stop(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        with client_of(service) as client:
            client.put("/v1/articles/long", json=article_of(400))
            wait_until(lambda: state_of(client, "long") == "making")
        assert service.stop(signal.SIGTERM) == 0
        # The broker stops last, so that the worker can hand its job back.
        assert service.log.read_text() == ""
    with serving(tmp_path / "data", voice="tone"):
        wait_until(lambda: len(narration_records(tmp_path / "data")) == 1)


def article_of(sentences: int) -> dict[str, str]:
    """Return an article with this number of different sentences."""
    tides = (f"Nobody saw tide {number} turn." for number in range(sentences))
    return {"text": " ".join(tides)}


def narration_records(data: Path) -> list[Path]:
    """Return the records of all finished narrations."""
    return list((data / "records" / "narrations").glob("*.json"))


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


def test_full_disk_is_reported_and_the_service_recovers(small_disk: Path) -> None:
    with (
        serving(small_disk, voice="tone") as service,
        client_of(service) as client,
    ):
        children = children_of(service.process.pid)
        days = itertools.count()

        def submit() -> httpx2.Response:
            text = f"The tide turned on day {next(days)}. Nobody saw it turn."
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
