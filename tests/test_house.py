"""One machine: everything starts with one command and ends with it."""

import os
import signal
import socket
import time
from collections.abc import Iterable
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from tests.conftest import STARTING, House, run, serving

pytestmark = pytest.mark.live


def processes_of(house: House) -> set[int]:
    """Return the ids of the service's process and of all below it."""
    family = {house.process.pid}
    while more := {child for one in family for child in children_of(one)} - family:
        family |= more
    return family


def children_of(parent: int) -> set[int]:
    """Return the ids of the processes that this one started itself."""
    children = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                children.add(int(entry.name))
    return children


def wait_until_gone(pids: Iterable[int]) -> None:
    """Return once all have ended; a killed one takes its moment."""
    deadline = time.monotonic() + STARTING
    while left := [pid for pid in pids if runs(pid)]:
        assert time.monotonic() < deadline, [command_of(pid) for pid in left]
        time.sleep(0.05)


def runs(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    # A zombie has ended; whoever inherited it has not asked yet.
    return stat.rpartition(")")[2].split()[0] != "Z"


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
    wait_until_gone(family)


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


def test_an_article_survives_an_emptied_redis(tmp_path: Path, broker: str) -> None:
    article = {"text": "The tide turned at noon on Monday. Nobody saw it turn."}
    with (
        serving(tmp_path / "data", voice="tone", redis_url=broker) as house,
        httpx2.Client(base_url=house.address, timeout=STARTING) as client,
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


@pytest.mark.parametrize("child", ["service.api", "service.cli\0worker", "valkey"])
def test_a_child_that_dies_ends_the_service_with_a_word(
    tmp_path: Path, child: str
) -> None:
    with serving(tmp_path / "data", voice="tone") as house:
        family = processes_of(house)
        # The worker's pool has the worker's command line, and is replaced by it.
        own = children_of(house.process.pid)
        (victim,) = [pid for pid in own if child in command_of(pid)]
        os.kill(victim, signal.SIGKILL)
        assert house.process.wait(STARTING) == 1
        assert "ended by itself" in house.log.read_text()
    wait_until_gone(family)
