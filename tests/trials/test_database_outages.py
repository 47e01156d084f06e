"""Trials of a database that stops, freezes, or is locked: nothing is lost."""

import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.support.databases.fixtures import OpenDatabase, empty
from tests.support.databases.invariants import (
    abandon_unfinished_files,
    require_invariants,
)
from tests.support.databases.postgresql_server import PostgresServer
from tests.support.service import RunningService, processes_of, serving
from tests.support.trials.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    is_in,
    post,
)
from tests.support.trials.publisher import Publisher
from workers.storage.archive import Archive
from workers.storage.blobs import open_library

pytestmark = [pytest.mark.live, pytest.mark.trial, pytest.mark.timeout(900)]

CHANGES = [("PUT", "/v1/articles/outage"), ("DELETE", "/v1/articles/tide-0")]
QUESTIONS = [
    ("GET", "/v1/articles/tide-0"),
    ("GET", "/v1/articles"),
    ("GET", "/feeds/all.xml"),
]


@contextmanager
def away(server: PostgresServer, how: str) -> Iterator[None]:
    """Take a server away during the block."""
    if how == "frozen":
        with server.frozen():
            yield
        return
    server.stop(signal.SIGQUIT if how == "killed" else signal.SIGINT)
    try:
        yield
    finally:
        server.start()


def ask(client: httpx2.Client, method: str, path: str) -> httpx2.Response:
    body = {"text": article("outage", 2), "title": "Tide"} if method == "PUT" else None
    return client.request(method, path, json=body)


def slowest_refusal(client: httpx2.Client, requests: list[tuple[str, str]]) -> float:
    """Return the longest time in which one of these requests was refused."""
    slowest = 0.0
    for method, path in requests:
        began = time.monotonic()
        answer = ask(client, method, path)
        slowest = max(slowest, time.monotonic() - began)
        assert answer.status_code == 503, (method, path, answer.text)
        assert int(answer.headers["Retry-After"]) > 0
        assert "database" in answer.json()["detail"]
    return slowest


def is_logged(service: RunningService, words: str) -> bool:
    return words in service.log.read_text()


def require_agreement(data: Path, address: str, open_at: OpenDatabase) -> None:
    """Fail unless database and library agree."""
    library = open_library(f"disk://{data}/library", data, None)
    archive = Archive(library, open_at(address))
    abandon_unfinished_files(archive.database)
    require_invariants(archive)


@pytest.mark.parametrize(
    ("how", "outage"),
    [
        ("killed", 10),
        ("stopped", 10),
        ("frozen", 10),
    ],
)
def test_nothing_is_lost_while_postgresql_is_away(
    tmp_path: Path,
    server: PostgresServer,
    open_at: OpenDatabase,
    how: str,
    outage: float,
    figures: Figures,
) -> None:
    settings = {"voice": "tone", "database_url": empty(server.address)}
    with (
        serving(tmp_path / "data", **settings) as service,
        frontend(service) as client,
    ):
        processes = processes_of(service)
        publisher = Publisher(service, 20)
        with publisher.sending():
            eventually(partial(publisher.has_sent, 2))
            eventually(lambda: "tide-0" in publisher.acknowledged)
            key = post(client, article(f"a long day {how} {outage}", 60))
            eventually(partial(is_in, client, key, "making"))
            began = time.monotonic()
            with away(server, how):
                readiness = [("GET", "/readyz")]
                slowest = slowest_refusal(client, CHANGES + QUESTIONS + readiness)
                # It ends meanwhile, and is not lost.
                eventually(partial(is_logged, service, f"{key} is tried again"))
                threading.Event().wait(outage)
            lasted = time.monotonic() - began
        publisher.require_all_heard()
        eventually(partial(is_in, client, key, "ready"))
        eventually(lambda: client.get("/readyz").status_code == 200)
        # No process was started again.
        assert processes <= processes_of(service)
    require_agreement(tmp_path / "data", server.address, open_at)
    figures(
        f"PostgreSQL {how} for {lasted:.0f} s",
        f"503 with Retry-After within {slowest:.1f} s; 20 of 20 articles and a"
        f" narration that ended meanwhile ready; repeated: {dict(publisher.refused)}",
    )


@contextmanager
def holding(data: Path, *statements: str) -> Iterator[None]:
    """Hold a transaction of SQLite open during the block."""
    connection = sqlite3.connect(data / "outspoken.db", isolation_level=None)
    for statement in statements:
        connection.execute(statement).fetchall()
    try:
        yield
    finally:
        connection.close()


@pytest.mark.parametrize("count", [20])
def test_changes_wait_for_a_writer_of_sqlite_and_questions_do_not(
    tmp_path: Path, open_at: OpenDatabase, count: int, figures: Figures
) -> None:
    with (
        serving(tmp_path / "data", voice="tone") as service,
        frontend(service) as client,
    ):
        publisher = Publisher(service, 20)
        with publisher.sending():
            eventually(partial(publisher.has_sent, 2))
            eventually(lambda: "tide-0" in publisher.acknowledged)
            with holding(service.data, "BEGIN IMMEDIATE"):
                slowest = slowest_refusal(client, CHANGES)
                for method, path in [*QUESTIONS, ("GET", "/readyz")]:
                    assert ask(client, method, path).status_code == 200
                threading.Event().wait(count)
        publisher.require_all_heard()
    require_agreement(
        tmp_path / "data", f"sqlite:///{tmp_path}/data/outspoken.db", open_at
    )
    figures(
        "SQLite locked by a writer",
        f"changes get 503 with Retry-After within {slowest:.1f} s, questions 200;"
        f" 20 of 20 articles ready; repeated: {dict(publisher.refused)}",
    )


@pytest.mark.parametrize("count", [40])
def test_a_reader_of_sqlite_that_does_not_end_has_no_effect(
    tmp_path: Path, count: int, figures: Figures
) -> None:
    with (
        serving(tmp_path / "data", voice="tone") as service,
        frontend(service) as client,
    ):
        withdrawn = post(client, article("withdrawn", 2))
        eventually(partial(is_in, client, withdrawn, "ready"))
        publisher = Publisher(service, count)
        with holding(service.data, "BEGIN", "SELECT * FROM articles"):
            with publisher.sending():
                gone = client.delete(f"/v1/narrations/{withdrawn}")
            assert gone.status_code == 204
            publisher.require_all_heard()
        assert client.get(f"/v1/narrations/{withdrawn}").status_code == 410
    assert not publisher.refused
    figures("SQLite read for long", f"{count} of {count} articles ready, none refused")
