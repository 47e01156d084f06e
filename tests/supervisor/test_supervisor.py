"""One machine: everything starts with one command and ends with it."""

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
    """Return the ids of the service's process and of all below it."""
    family = {service.process.pid}
    while more := {child for one in family for child in children_of(one)} - family:
        family |= more
    return family


def wait_until_ready(client: httpx2.Client) -> None:
    """Return once the service says so; it may have to start a child first."""
    wait_until(lambda: client.get("/readyz").status_code == 200)


def wait_until_empty(folder: Path) -> None:
    """Return once no process stands in the folder or below it."""
    wait_until(lambda: not standing_in(folder))


def standing_in(folder: Path) -> set[int]:
    """Return the processes whose working folder it is, or is below it."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it ended, or is somebody else's
                if (entry / "cwd").readlink().is_relative_to(folder):
                    found.add(int(entry.name))
    return found


@contextlib.contextmanager
def starting(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a service and wait for nothing."""
    with subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve", "--port=0", "--data", data],
        env=environment(voice="tone"),
        cwd=data.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_with_one_line_and_leaves_nothing_behind(
    tmp_path: Path, number: int
) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        assert httpx2.get(f"{service.address}/readyz").json() == {"status": "ok"}
        family = processes_of(service)
        lines = " ".join(command_of(pid) for pid in family)
        assert all(one in lines for one in ("valkey", "service.api", "worker"))
        assert service.stop(number) == 0
        assert service.process.stdout
        assert service.process.stdout.read() == ""
        assert service.log.read_text() == ""
    wait_until_gone(family)


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    article = {"text": "The tide turned at noon on Monday. Nobody saw it turn."}
    with serving(tmp_path / "data", voice="tone") as service:
        with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
            made = client.put("/v1/articles/tide-1", json=article).json()
            first = client.get(made["narration"]["links"]["audio"])
        assert service.stop() == 0
    with (
        serving(tmp_path / "data", voice="tone") as service,
        httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client,
    ):
        kept = client.get("/v1/articles/tide-1").json()
        assert kept["narration"]["state"] == "ready"
        path = kept["narration"]["links"]["audio"]
        assert client.get(path).content == first.content
        assert client.put("/v1/articles/tide-1", json=article).status_code == 200


def test_an_article_survives_an_emptied_redis(tmp_path: Path, broker: str) -> None:
    article = {"text": "The tide turned at noon on Monday. Nobody saw it turn."}
    with (
        serving(tmp_path / "data", voice="tone", redis_url=broker) as service,
        httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client,
    ):
        audio = client.put("/v1/articles/a", json=article).json()["narration"]["links"]
        client.get(audio["audio"])
        Redis.from_url(broker).flushall()
        for file in (tmp_path / "data" / "library").rglob("*.mp3"):
            file.unlink()
        kept = client.get("/v1/articles/a").json()["narration"]
        assert kept["state"] in {"queued", "making"}
        assert client.get(kept["links"]["audio"]).status_code == 200


def test_a_second_service_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone"):
        second = run("serve", "--port", "0", data=tmp_path / "data")
    assert second.returncode == 1
    assert second.stderr.startswith("outspoken: Another service is using ")
    assert second.stdout == ""


def test_what_would_fail_every_request_is_refused_at_the_start(tmp_path: Path) -> None:
    for settings, said in (
        ({"voice": "nobody"}, "no voice 'nobody'"),
        ({"redis_url": f"unix://{tmp_path}/nobody.sock"}, "queue does not answer"),
        ({"redis_url": "nonsense"}, "OUTSPOKEN_REDIS_URL"),
        ({"origins": "https://a"}, "origins"),
        ({"markers": f"{tmp_path}/gone.toml"}, "gone.toml"),
        ({"public_url": "audio.example"}, "OUTSPOKEN_PUBLIC_URL"),
        ({"host": ""}, "OUTSPOKEN_HOST"),
    ):
        refused = run("serve", "--port", "0", data=tmp_path / "data", **settings)
        assert refused.returncode in {1, 2}
        assert said in refused.stderr
        assert refused.stderr.count("\n") == 1, refused.stderr


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", "--port", str(port), data=tmp_path / "data")
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "choose --port" in refused.stderr


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    refused = run("serve", "--port", "0", data=tmp_path / "data")
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_a_child_cannot_start_with_ends_the_service(tmp_path: Path) -> None:
    refused = run("serve", data=tmp_path / "data", port="0", library="a shelf")
    assert refused.returncode == 1
    child, service = refused.stderr.splitlines()[-2:]
    assert child.startswith("outspoken: OUTSPOKEN_LIBRARY is not")
    assert re.match(r"outspoken: The (worker|API) exited \(exit code", service)
    wait_until_empty(tmp_path)


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    roles = {
        "API 2": "service.api",
        "worker": "service.cli\0worker",
        "broker": "valkey",
    }
    with serving(tmp_path / "data", voice="tone", api_processes="2") as service:
        for number, command in enumerate(roles.values()):
            own = sorted(children_of(service.process.pid))
            assert len(own) == 4
            victim = [pid for pid in own if command in command_of(pid)][-1]
            os.kill(victim, signal.SIGKILL)
            wait_until_gone([victim])
            with httpx2.Client(
                base_url=service.address, timeout=START_TIMEOUT_S
            ) as client:
                wait_until_ready(client)
                text = f"{ARTICLE['text']} It was day {number}."
                made = client.put(f"/v1/articles/{number}", json={"text": text}).json()
                audio = client.get(made["narration"]["links"]["audio"])
                assert audio.status_code == 200
            wait_until(lambda: len(children_of(service.process.pid)) == 4)
            assert victim not in children_of(service.process.pid)
        assert service.stop() == 0
        said = [json.loads(line) for line in service.log.read_text().splitlines()]
        deaths = [one["message"] for one in said if one["program"] == "serve"]
        again = "exited (SIGKILL); restarting it in 0 seconds"
        assert deaths == [f"the {name} {again}" for name in roles]
    wait_until_empty(tmp_path)


@pytest.mark.trial
def test_a_child_that_cannot_live_does_not_take_the_others_along(
    tmp_path: Path,
) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        # Read by whoever is started from now on.
        (tmp_path / ".env").write_text("OUTSPOKEN_LIBRARY=a shelf\n")
        (worker,) = [
            pid
            for pid in children_of(service.process.pid)
            if "service.cli\0worker" in command_of(pid)
        ]
        os.kill(worker, signal.SIGKILL)

        def waits() -> list[float]:
            said = service.log.read_text()
            found = re.findall(r"worker exited .* restarting it in ([0-9.]+)", said)
            return [float(one) for one in found]

        wait_until(lambda: len(waits()) == 5)
        assert waits() == sorted(waits())
        assert waits()[-1] > 0
        assert httpx2.get(f"{service.address}/healthz").status_code == 200
        (tmp_path / ".env").unlink()
        with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
            wait_until_ready(client)
        assert service.stop() == 0
    wait_until_empty(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(
    "born",
    [
        0,
        2,
        pytest.param(1, marks=pytest.mark.trial),
        pytest.param(3, marks=pytest.mark.trial),
    ],
)
def test_nothing_is_left_of_a_service_that_is_ended_while_it_starts(
    tmp_path: Path, born: int, number: int
) -> None:
    with starting(tmp_path / "data") as process:
        wait_until(lambda: len(children_of(process.pid)) >= born)
        process.send_signal(number)
        process.wait(START_TIMEOUT_S)
    wait_until_empty(tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        "service.api",
        pytest.param("service.cli\0worker", marks=pytest.mark.trial),
        pytest.param("valkey", marks=pytest.mark.trial),
    ],
)
def test_nothing_is_left_of_a_service_that_is_killed_while_it_starts_a_child_again(
    tmp_path: Path, command: str
) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        own = children_of(service.process.pid)
        (victim,) = [pid for pid in own if command in command_of(pid)]
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in children_of(service.process.pid))
        service.process.kill()
    wait_until_empty(tmp_path)


def test_the_next_start_finds_every_job_of_a_service_that_was_killed(
    tmp_path: Path,
) -> None:
    tides = (f"Nobody saw tide {number} turn." for number in range(600))
    long = {"text": " ".join(tides)}
    settings = {"voice": "tone", "worker_processes": "1", "lease_seconds": "2"}
    with serving(tmp_path / "data", **settings) as service:
        with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
            client.put("/v1/articles/long", json=long)
            wait_until(lambda: state_of(client, "long") == "making")
            for number in range(5):
                text = f"The tide turned on day {number}. Nobody saw it turn."
                answer = client.put(f"/v1/articles/{number}", json={"text": text})
                assert answer.status_code == 202
            assert state_of(client, "long") == "making"
        service.process.kill()
        service.process.wait()
        wait_until_empty(tmp_path)
    with serving(tmp_path / "data", **settings):
        # Nobody asks for them: who asks would queue what is missing.
        kept = tmp_path / "data" / "records" / "narrations"
        wait_until(lambda: len(list(kept.glob("*.json"))) == 6)


def test_what_is_made_when_the_service_stops_is_gone_on_with(tmp_path: Path) -> None:
    tides = (f"Nobody saw tide {number} turn." for number in range(400))
    with serving(tmp_path / "data", voice="tone") as service:
        with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
            client.put("/v1/articles/long", json={"text": " ".join(tides)})
            wait_until(lambda: state_of(client, "long") == "making")
        assert service.stop(signal.SIGTERM) == 0
        # The broker outlives the worker, who has to tell it.
        assert service.log.read_text() == ""
    with serving(tmp_path / "data", voice="tone"):
        kept = tmp_path / "data" / "records" / "narrations"
        wait_until(lambda: len(list(kept.glob("*.json"))) == 1)


def state_of(client: httpx2.Client, article: str) -> str:
    """Return where the narration of an article stands."""
    told = client.get(f"/v1/articles/{article}").json()
    return str(told["narration"]["state"])


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a disk that has little more room than the service wants."""
    disk = tmp_path / "data"
    disk.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=160m", "tmpfs", disk):
        pytest.skip("this user may not mount a file system")
    yield disk
    unmount(disk)


def fill(disk: Path) -> Path:
    """Write until nothing more fits; returns the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


def test_a_full_disk_is_told_of_and_the_service_recovers(small_disk: Path) -> None:
    with (
        serving(small_disk, voice="tone") as service,
        httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client,
    ):
        own = children_of(service.process.pid)
        days = itertools.count()

        def ask() -> httpx2.Response:
            text = f"The tide turned on day {next(days)}. Nobody saw it turn."
            return client.post("/v1/narrations", json={"text": text})

        assert ask().is_success
        ballast = fill(small_disk)
        # Until the broker cannot write either, and the worker has heard of it.
        wait_until(lambda: ask().is_error)
        wait_until(lambda: client.get("/readyz").is_error)
        wait_until(lambda: service.log.read_text().count("Cannot connect") > 1)
        assert ask().status_code in {503, 507}
        ballast.unlink()
        wait_until_ready(client)
        audio = client.get(ask().json()["links"]["audio"])
        assert audio.status_code == 200
        assert children_of(service.process.pid) == own
        assert service.stop() == 0
    wait_until_empty(small_disk)
