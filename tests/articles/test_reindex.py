"""Tests of reindexing after a flush of Redis."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from service.api import ApiContext
from service.articles.reindex import reindex
from service.narrations.backend import NarrationBackend
from service.supervisor.embedded_redis import embedded_broker
from tests.support.api.server import answering, context_of
from tests.support.service import run, server_program, serving
from workers.errors import QueueUnavailable
from workers.queue.jobs import Lane, State
from workers.queue.lease import Lease, LeaseTimeouts


def put(client: httpx2.Client, source_id: str, **more: object) -> str:
    """Publish an article and return the key of its narration."""
    sent = {"text": f"The ferry of pier {source_id} is late.", "title": source_id}
    answer = client.put(f"/v1/articles/{source_id}", json=sent | more)
    assert answer.status_code in {200, 202}, answer.text
    key: str = answer.json()["narration"]["key"]
    return key


def test_reindex_requeues_lost_jobs_as_bulk(context: ApiContext, redis: Redis) -> None:
    jobs = context.backend.jobs
    with answering(context) as client:
        key, withdrawn = put(client, "one"), put(client, "two")
        client.delete(f"/v1/narrations/{withdrawn}")
        redis.flushall()
        report = reindex(context.backend)
        assert str(report) == "articles 2, ready 0, queued 1, failed 0, withdrawn 1"
        job = jobs.find(key)
        assert job
        assert (job.state, job.lane) == (State.QUEUED, Lane.BULK)
        assert jobs.find(withdrawn) is None
        # The article claims the new job: its removal cancels the job.
        client.delete("/v1/articles/one")
        assert not jobs.is_live(key)


def test_reindex_twice_changes_nothing(context: ApiContext) -> None:
    with answering(context) as client:
        key = put(client, "one")
    for _ in range(2):
        assert reindex(context.backend).queued == 1
    assert context.backend.jobs.lane(key) is Lane.INTERACTIVE


def test_reindex_does_not_requeue_failed_jobs(context: ApiContext) -> None:
    with answering(context) as client:
        key = put(client, "one")
    lease = Lease(context.backend.jobs, key, LeaseTimeouts())
    lease.take()
    lease.finish(State.FAILED, problem="Sentence 1 cannot be spoken.", final=1)
    report = reindex(context.backend)
    assert (report.failed, report.queued) == (1, 0)


def test_reindex_without_redis_raises_queue_unavailable(
    context: ApiContext, tmp_path: Path
) -> None:
    with answering(context) as client:
        put(client, "one")
    with embedded_broker(tmp_path / "queue", server_program()) as broker:
        away = context_of(tmp_path / "other", broker.address).backend.queue
    with pytest.raises(QueueUnavailable):
        reindex(NarrationBackend(context.archive, away))


@contextmanager
def service_client(data: Path, **settings: str) -> Iterator[httpx2.Client]:
    """Run the whole service and yield a client."""
    with (
        serving(data, voice="tone", **settings) as service,
        httpx2.Client(base_url=service.address, timeout=60) as client,
    ):
        yield client


@pytest.mark.live
@pytest.mark.trial
def test_reindex_after_a_redis_flush_restores_the_queue(
    tmp_path: Path, broker: str, redis: Redis
) -> None:
    """Articles, feed and withdrawals survive too."""
    data = tmp_path / "data"
    with service_client(data, redis_url=broker) as client:
        ready, withdrawn = put(client, "ready"), put(client, "withdrawn")
        audio = client.get(f"/v1/narrations/{ready}.mp3").content
        assert client.get(f"/v1/narrations/{withdrawn}.mp3").status_code == 200
        assert client.delete(f"/v1/narrations/{withdrawn}").status_code == 204
    # Requested without workers, so that it is not rendered before the flush.
    with answering(context_of(data, broker)) as client:
        waiting = put(client, "waiting")
    redis.flushall()
    completed = run("reindex", "--json", data=data, redis_url=broker)
    counts = {"articles": 3, "ready": 1, "queued": 1, "failed": 0, "withdrawn": 1}
    assert json.loads(completed.stdout) == counts
    with service_client(data, redis_url=broker) as client:
        assert client.get(f"/v1/narrations/{waiting}.mp3").status_code == 200
        assert client.get(f"/v1/narrations/{ready}.mp3").content == audio
        assert client.get(f"/v1/narrations/{withdrawn}.mp3").status_code == 410
        shown = client.get("/v1/articles/withdrawn").json()
        assert shown["narration"]["state"] == "withdrawn"
        feed = client.get("/feeds/all.xml").text
        assert [key in feed for key in (ready, waiting)] == [True, True]
        assert withdrawn not in feed


@pytest.mark.live
@pytest.mark.trial
def test_reindex_restores_a_removed_queue_folder(tmp_path: Path) -> None:
    """Reindexing works with and without a running service."""
    data = tmp_path / "data"
    with service_client(data) as client:
        key = put(client, "one")
        assert client.get(f"/v1/narrations/{key}.mp3").status_code == 200
    shutil.rmtree(data / "queue")
    shutil.rmtree(data / "library")
    report = "articles 1, ready 0, queued 1, failed 0, withdrawn 0\n"
    assert run("reindex", data=data).stdout == report
    with service_client(data) as client:
        assert client.get(f"/v1/narrations/{key}.mp3").status_code == 200
        report = "articles 1, ready 1, queued 0, failed 0, withdrawn 0\n"
        assert run("reindex", data=data).stdout == report
