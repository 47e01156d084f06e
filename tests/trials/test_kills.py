"""Trials of an API and a worker that are killed: what was acknowledged stays."""

import contextlib
import hashlib
import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.support.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    kill_worker,
    sized,
)
from tests.support.databases.fixtures import OpenDatabase, empty
from tests.support.databases.invariants import (
    abandon_unfinished_files,
    require_invariants,
)
from tests.support.processes import children_of, command_of, wait_until_gone
from tests.support.service import RunningService, serving
from workers.storage.archive import Archive
from workers.storage.blobs import open_library

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

PER_KILL = 7
"""Articles that are sent for each kill."""


def kill_api(service: RunningService) -> None:
    """Kill an API process; return once it has ended."""
    running = [
        pid
        for pid in children_of(service.process.pid)
        if "service.api" in command_of(pid)
    ]
    for pid in running[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        wait_until_gone([pid])


class Publisher:
    """Sends articles, again until each is acknowledged, as a news system does."""

    def __init__(self, service: RunningService, total: int) -> None:
        self._service = service
        self._waiting = iter(range(total))
        self._lock = threading.Lock()
        self.acknowledged: dict[str, str] = {}
        """Keys of narrations by article."""

        self.repeated = 0

    def work(self) -> None:
        with frontend(self._service) as client:
            while (number := self._next()) is not None:
                sent = {"text": article(number, 2), "title": f"Tide {number}"}
                answer = self._put(client, f"tide-{number}", sent)
                self.acknowledged[f"tide-{number}"] = answer["narration"]["key"]

    def _next(self) -> int | None:
        with self._lock:
            return next(self._waiting, None)

    def _put(
        self, client: httpx2.Client, source: str, sent: object
    ) -> dict[str, dict[str, str]]:
        while True:
            with contextlib.suppress(httpx2.TransportError):
                answer = client.put(f"/v1/articles/{source}", json=sent)
                if answer.status_code in {200, 202}:
                    found: dict[str, dict[str, str]] = answer.json()
                    return found
                assert answer.status_code == 503, answer.text
            self.repeated += 1
            threading.Event().wait(0.1)


def wait_until_each_is_heard(client: httpx2.Client, keys: list[str]) -> None:
    """Return once the audio of every narration was read whole."""
    for key in keys:
        path = f"/v1/narrations/{key}"
        eventually(lambda path=path: state_of(client, path) == "ready")
        audio = client.get(f"{path}.mp3")
        sha256 = hashlib.sha256(audio.content).hexdigest()
        assert audio.headers["ETag"] == f'"{sha256}"'


def state_of(client: httpx2.Client, path: str) -> str | None:
    with contextlib.suppress(httpx2.TransportError):
        answer = client.get(path)
        if answer.status_code == 200:
            return str(answer.json()["state"])
    return None


@pytest.fixture(name="database_url", params=["sqlite", "postgresql"])
def _database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/outspoken.db"
    return empty(request.getfixturevalue("postgresql"))


@sized(3, 30)
def test_every_acknowledged_article_survives_kills(
    tmp_path: Path,
    database_url: str,
    open_at: OpenDatabase,
    count: int,
    figures: Figures,
) -> None:
    chance = random.Random(count)  # noqa: S311 - no secret
    settings = {"voice": "tone", "database_url": database_url, "worker_processes": "2"}
    with (
        serving(tmp_path / "data", **settings) as service,
        frontend(service) as client,
    ):
        publisher = Publisher(service, PER_KILL * count)
        with ThreadPoolExecutor(4) as pool:
            publishing = [pool.submit(publisher.work) for _ in range(4)]
            for number in range(count):
                threading.Event().wait(chance.uniform(0, 0.5))  # a random moment
                if number % 2:
                    kill_worker(service, ["group", "child", "main"][number % 3])
                else:
                    kill_api(service)
            for done in publishing:
                done.result()
        keys = list(publisher.acknowledged.values())
        wait_until_each_is_heard(client, keys)
        for source, key in publisher.acknowledged.items():
            found = client.get(f"/v1/articles/{source}").json()
            assert (found["narration"]["key"], found["narration"]["state"]) == (
                key,
                "ready",
            )
    database = open_at(database_url)
    library = open_library(f"disk://{tmp_path}/data/library", tmp_path, None)
    abandon_unfinished_files(database)
    require_invariants(Archive(library, database))
    figures(
        f"{count} kills of API and worker over {database_url.split(':', maxsplit=1)[0]}",
        f"{len(keys)} of {len(keys)} acknowledged articles there and heard;"
        f" {publisher.repeated} requests repeated",
    )
