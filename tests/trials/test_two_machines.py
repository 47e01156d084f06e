"""Trials of two machines over one Redis, one PostgreSQL and one S3."""

import hashlib
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from tests.support.databases.fixtures import OpenDatabase, empty
from tests.support.databases.invariants import require_invariants
from tests.support.objects.s3 import Bucket
from tests.support.processes import wait_until_gone
from tests.support.service import RunningService, processes_of, serving
from tests.support.trials.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    is_in,
    metric,
    post,
)
from workers.storage.archive import Archive
from workers.storage.blobs import open_library

pytestmark = [pytest.mark.live, pytest.mark.trial, pytest.mark.timeout(900)]

Machines = tuple[RunningService, RunningService]

PUBLIC_URL = "https://listen.example"


@pytest.fixture(name="address")
def _address(postgresql: str) -> str:
    """The address of an empty database."""
    return empty(postgresql)


@pytest.fixture(name="machines")
def _machines(
    tmp_path: Path, broker: str, redis: Redis, address: str, bucket: Bucket
) -> Iterator[Machines]:
    """Two services with folders of their own, which share everything else."""
    assert redis.dbsize() == 0
    with ExitStack() as stack:
        yield tuple(
            stack.enter_context(
                serving(
                    tmp_path / name,
                    cache=str(tmp_path / f"{name}-cache"),
                    redis_url=broker,
                    database_url=address,
                    library=bucket.address,
                    public_url=PUBLIC_URL,
                    lease_seconds="1",
                    voice="tone",
                )
            )
            for name in ("first", "second")
        )  # type: ignore[misc]  # of two


@pytest.fixture(name="clients")
def _clients(machines: Machines) -> Iterator[list[httpx2.Client]]:
    with ExitStack() as stack:
        yield [stack.enter_context(frontend(machine)) for machine in machines]


def test_fifty_requests_to_both_machines_are_one_rendering(
    clients: list[httpx2.Client], bucket: Bucket, figures: Figures
) -> None:
    text = article("two machines", 12)
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda number: post(clients[number % 2], text), range(50)))
    (key,) = keys
    bodies = {client.get(f"/v1/narrations/{key}.mp3").content for client in clients}
    assert len(bodies) == 1
    eventually(partial(is_in, clients[0], key, "ready"))
    assert bucket.objects() == 1
    rendered = 'outspoken_sentences_total{source="rendered"}'
    eventually(lambda: metric(clients[1], rendered) >= 12)
    assert metric(clients[1], rendered) == 12
    figures("50 requests to two machines", "12 of 12 sentences rendered, one object")


def test_a_machine_that_dies_in_mid_article_is_replaced_by_the_other(
    machines: Machines, clients: list[httpx2.Client], redis: Redis, figures: Figures
) -> None:
    text = article("a machine dies", 300)
    key = post(clients[0], text)
    eventually(partial(is_in, clients[0], key, "making"))
    holder = redis.get(f"outspoken:lease:{key}")
    assert isinstance(holder, str)
    pid = int(holder.split(":")[1])
    dying = next(machine for machine in machines if pid in processes_of(machine))
    other = clients[1 - machines.index(dying)]
    family = processes_of(dying)
    with other.stream("GET", f"/v1/narrations/{key}.mp3") as listening:
        assert listening.status_code == 200
        chunks = listening.iter_raw()
        heard = next(chunks)
        os.kill(dying.process.pid, signal.SIGKILL)
        wait_until_gone(family)
        assert not is_in(other, key, "ready")
        heard += b"".join(chunks)
    eventually(partial(is_in, other, key, "ready"))
    finished = other.get(f"/v1/narrations/{key}.mp3")
    assert finished.content == heard
    sha256 = hashlib.sha256(finished.content).hexdigest()
    assert finished.headers["ETag"] == f'"{sha256}"'
    figures("a machine killed in mid-article", "the other resumed, heard whole")


def test_both_machines_show_the_same(
    clients: list[httpx2.Client], address: str, bucket: Bucket, open_at: OpenDatabase
) -> None:
    first, second = clients
    for number in range(6):
        # Narrations that sound the same would share a file.
        sent = {"text": article(f"shown {number}", 2 + number), "tags": ["sea"]}
        put = clients[number % 2].put(f"/v1/articles/tide-{number}", json=sent)
        shown = clients[1 - number % 2].get(f"/v1/articles/tide-{number}")
        key = put.json()["narration"]["key"]
        assert shown.json()["narration"]["key"] == key
        eventually(partial(is_in, clients[1 - number % 2], key, "ready"))
    assert articles_of(first) == articles_of(second)
    assert len(articles_of(first)) == 6
    assert feed_of(first) == feed_of(second)
    assert feed_of(first).count("<item>") == 6

    # Taken down on one machine while the other serves it, then restored there.
    path = f"/v1/narrations/{key}"
    whole = second.get(f"{path}.mp3").content
    assert first.delete(path).status_code == 204
    for client in clients:
        assert client.get(path).status_code == 410
        assert client.get(f"{path}.mp3").status_code == 410
        assert feed_of(client).count("<item>") == 5
    assert bucket.objects() == 5
    restored = second.put("/v1/articles/tide-5", json=sent | {"restore": True})
    assert restored.json()["narration"]["key"] == key
    eventually(partial(is_in, first, key, "ready"))
    assert first.get(f"{path}.mp3").content == whole

    assert first.delete("/v1/articles/tide-0").status_code == 204
    assert second.get("/v1/articles/tide-0").status_code == 404
    library = open_library(bucket.address, Path(), None)
    require_invariants(Archive(library, open_at(address)))


def test_a_takedown_on_one_machine_ends_the_stream_of_the_other(
    clients: list[httpx2.Client], bucket: Bucket
) -> None:
    first, second = clients
    key = post(first, article("a stream", 200))
    with second.stream("GET", f"/v1/narrations/{key}.mp3") as answer:
        chunks = answer.iter_raw()
        next(chunks)
        assert first.delete(f"/v1/narrations/{key}").status_code == 204
        with pytest.raises(httpx2.RemoteProtocolError):
            list(chunks)
    assert second.get(f"/v1/narrations/{key}.mp3").status_code == 410
    assert bucket.objects() == 0


def articles_of(client: httpx2.Client) -> list[object]:
    found: list[object] = (
        client.get("/v1/articles").raise_for_status().json()["articles"]
    )
    return found


def feed_of(client: httpx2.Client) -> str:
    feed = client.get("/feeds/all.xml").raise_for_status().text
    return re.sub("<lastBuildDate>[^<]*", "", feed)
