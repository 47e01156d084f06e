"""The supervisor: start, restart and stop a service's processes."""

import contextlib
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

from service.errors import PortInUse
from service.supervisor.data_folder_lock import lock_data_folder, open_listen_socket
from tests.support.cli import call
from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import (
    children_of,
    command_of,
    wait_until,
    wait_until_gone,
    wait_until_unused,
    working_in,
)
from tests.support.service import (
    client_of,
    environment,
    run,
    serving,
    wait_until_ready,
)

pytestmark = pytest.mark.live

ARTICLE = {"text": "The tide turned at noon on Monday. No one saw it turn."}


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
        ({"voice": "absent"}, "no voice 'absent'"),
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
    refused = run("serve", data=tmp_path / "data", port="0", library="ftp://x")
    assert refused.returncode == 1
    child, service = refused.stderr.splitlines()[-2:]
    assert child.startswith("outspoken: OUTSPOKEN_LIBRARY is not")
    assert re.match(r"outspoken: The (worker|API) exited \(exit code", service)
    wait_until_unused(tmp_path)
    assert working_in(tmp_path) == set()


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
    assert working_in(tmp_path) == set()


@pytest.mark.trial
def test_process_that_cannot_run_does_not_stop_the_others(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone") as service:
        # Processes that are restarted from now on read it.
        (tmp_path / ".env").write_text("OUTSPOKEN_LIBRARY=ftp://x\n")
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
    assert working_in(tmp_path) == set()


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
    assert working_in(tmp_path) == set()


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
    assert working_in(tmp_path) == set()
