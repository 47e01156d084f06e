"""Trials of an API and a worker that are killed: what was acknowledged stays."""

import contextlib
import os
import random
import signal
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.support.databases.fixtures import OpenDatabase, empty
from tests.support.databases.invariants import (
    abandon_unfinished_files,
    require_invariants,
)
from tests.support.processes import children_of, command_of, wait_until_gone
from tests.support.service import RunningService, serving
from tests.support.trials.crash_trials import Figures, eventually, kill_worker, sized
from tests.support.trials.publisher import Publisher
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


@pytest.fixture(
    name="database_url",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.trial)],
)
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
    with serving(tmp_path / "data", **settings) as service:
        publisher = Publisher(service, PER_KILL * count)
        with publisher.sending():
            for number in range(count):
                eventually(partial(publisher.has_sent, PER_KILL * number))
                threading.Event().wait(chance.uniform(0, 0.3))  # a random moment
                if number % 2:
                    kill_worker(service, ["group", "child", "main"][number % 3])
                else:
                    kill_api(service)
        publisher.require_all_heard()
    library = open_library(f"disk://{tmp_path}/data/library", tmp_path, None)
    archive = Archive(library, open_at(database_url))
    abandon_unfinished_files(archive.database)
    require_invariants(archive)
    sent = len(publisher.acknowledged)
    figures(
        f"{count} kills of API and worker, {database_url.partition(':')[0]}",
        f"{sent} of {PER_KILL * count} articles acknowledged, there and heard;"
        f" repeated: {dict(publisher.refused)}",
    )
