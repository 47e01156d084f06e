"""One machine: everything starts with one command and ends with it."""

import os
import signal
import socket
from pathlib import Path

import httpx2
import pytest

from tests.conftest import STARTING, House, run, serving

pytestmark = pytest.mark.live


def processes_of(house: House) -> set[int]:
    """Return the ids of the service's process and of all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    family = {house.process.pid}
    while more := {child for child, one in parents.items() if one in family} - family:
        family |= more
    return family


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_with_one_line_and_leaves_nothing_behind(
    tmp_path: Path, number: int
) -> None:
    with serving(tmp_path / "data", voice="tone") as house:
        assert httpx2.get(f"{house.address}/readyz").json() == {"status": "ok"}
        family = processes_of(house)
        lines = " ".join(command_of(pid) for pid in family)
        assert all(one in lines for one in ("valkey", "service.api", "worker"))
        assert house.stop(number) == 0
        assert house.process.stdout
        assert house.process.stdout.read() == ""
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    article = {"text": "The tide turned at noon on Monday. Nobody saw it turn."}
    with serving(tmp_path / "data", voice="tone") as house:
        with httpx2.Client(base_url=house.address, timeout=STARTING) as client:
            made = client.put("/v1/articles/tide-1", json=article).json()
            first = client.get(made["narration"]["links"]["audio"])
        assert house.stop() == 0
    with (
        serving(tmp_path / "data", voice="tone") as house,
        httpx2.Client(base_url=house.address, timeout=STARTING) as client,
    ):
        kept = client.get("/v1/articles/tide-1").json()
        assert kept["narration"]["state"] == "ready"
        path = kept["narration"]["links"]["audio"]
        assert client.get(path).content == first.content
        assert client.put("/v1/articles/tide-1", json=article).status_code == 200


def test_a_second_service_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone"):
        second = run("serve", "--port", "0", data=tmp_path / "data")
    assert second.returncode == 1
    assert second.stderr.startswith("outspoken: Another service is using ")
    assert second.stdout == ""


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


def test_a_child_that_dies_ends_the_service_with_a_word(tmp_path: Path) -> None:
    with serving(tmp_path / "data", voice="tone") as house:
        commands = {pid: command_of(pid) for pid in processes_of(house)}
        api = next(pid for pid, line in commands.items() if "service.api" in line)
        os.kill(api, signal.SIGKILL)
        assert house.process.wait(STARTING) == 1
    assert not [pid for pid in commands if Path(f"/proc/{pid}").exists()]
