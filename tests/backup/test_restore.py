"""A backup of a running service, and the service that runs from it."""

import itertools
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.support.databases.installation import query
from tests.support.processes import wait_until
from tests.support.service import (
    RunningService,
    client_of,
    environment,
    run,
    serving,
)

pytestmark = pytest.mark.live


def put(client: httpx2.Client, name: str) -> str:
    """Publish an article; return the path of its audio."""
    text = f"The ferry of {name} sailed at noon. No one saw it sail."
    sent = client.put(f"/v1/articles/{name}", json={"title": name, "text": text})
    assert sent.status_code in {200, 202}, sent.text
    return f"/v1/narrations/{sent.json()['narration']['key']}.mp3"


def hear(client: httpx2.Client, audio: str) -> bytes:
    answer = client.get(audio)
    assert answer.status_code == 200
    return answer.content


@contextmanager
def publishing(service: RunningService) -> Iterator[list[str]]:
    """Publish articles, one after another, until the block ends; yield their names."""
    names: list[str] = []
    stop = threading.Event()

    def publish() -> None:
        with client_of(service) as client:
            for number in itertools.count():
                put(client, f"meanwhile-{number}")
                names.append(f"meanwhile-{number}")
                if stop.is_set():
                    return

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield names
    finally:
        stop.set()
        thread.join()


def is_sound(database: Path) -> bool:
    return query(database, "PRAGMA integrity_check") == [("ok",)]


def test_restored_service_has_every_article_and_its_audio(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    with serving(data, voice="tone") as service, client_of(service) as client:
        withdrawn = put(client, "withdrawn")
        hear(client, withdrawn)
        assert client.delete(withdrawn.removesuffix(".mp3")).status_code == 204
        heard = {
            path: hear(client, path) for path in (put(client, "a"), put(client, "b"))
        }
        with publishing(service) as names:
            for _ in range(2):
                before = len(names)
                wait_until(lambda: len(names) > before)  # noqa: B023 - called in the loop
                acknowledged = list(names)
                done = run("backup", backup, "--json", data=data)
                assert done.returncode == 0, done.stderr
        assert service.log.read_text() == ""
    counts = json.loads(done.stdout)
    assert counts["articles"] >= 3 + len(acknowledged)
    assert counts["missing"] == 0
    assert is_sound(backup / "outspoken.db")
    reindexed = json.loads(run("reindex", "--json", data=backup).stdout)
    assert (reindexed["articles"], reindexed["withdrawn"], reindexed["failed"]) == (
        counts["articles"],
        1,
        0,
    )
    assert reindexed["ready"] >= 2
    with serving(backup, voice="tone") as service, client_of(service) as client:
        for path, audio in heard.items():
            assert hear(client, path) == audio
        for name in acknowledged:
            links = client.get(f"/v1/articles/{name}").json()["narration"]["links"]
            assert client.get(links["audio"]).status_code == 200
        assert client.get(withdrawn).status_code == 410


@pytest.mark.parametrize(
    "moment", ["audio", pytest.param("database", marks=pytest.mark.trial)]
)
@pytest.mark.trial
def test_killed_backup_leaves_the_previous_one(tmp_path: Path, moment: str) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    with serving(data, voice="tone") as service, client_of(service) as client:
        first = put(client, "first")
        hear(client, first)
        assert run("backup", backup, data=data).returncode == 0
        for number in range(20):
            hear(client, put(client, f"{number}"))
        had = len(list(backup.glob("library/*/*.mp3")))
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "backup", backup],
            env=environment(data=str(data), voice="tone"),
            stdout=subprocess.DEVNULL,
        )
        wait_until(
            lambda: (
                bool(list(backup.glob(".partial*")))
                if moment == "database"
                else len(list(backup.glob("library/*/*.mp3"))) > had
            ),
            interval_s=0,
        )
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert is_sound(backup / "outspoken.db")
        listed = query(backup / "outspoken.db", "SELECT name, bytes FROM audio")
        assert listed
        for name, size in listed:
            assert (backup / "library" / str(name)).stat().st_size == size
        completed = run("backup", backup, "--json", data=data)
        assert json.loads(completed.stdout)["files"] == 21
        assert list(backup.glob(".partial*")) == []
