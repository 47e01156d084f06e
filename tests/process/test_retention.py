"""Retention in workers: once an hour, by one of them, a batch at a time."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from tests.support.databases.revisions import REVISION, put
from tests.support.jobs import waiting
from tests.support.processes import wait_until
from tests.support.service import client_of, serving
from voices.tone import ToneEngine
from workers.database import memory_database
from workers.database.columns import now
from workers.process.retention import BATCH_ARTICLES, run_retention, start_retention
from workers.process.run_job import WorkerContext
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs, Lane, State
from workers.queue.lease import LeaseTimeouts
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.rendering.sentence_cache import CachingEngine
from workers.storage.archive import Archive
from workers.storage.blobs import MemoryBlobStore, memory_library


@pytest.fixture(name="worker")
def _worker(broker: str, redis: Redis) -> WorkerContext:
    stats = Stats(redis)
    return WorkerContext(
        archive=Archive(memory_library(), memory_database()),
        queue=Queue(create_celery_app(broker), Jobs(redis), stats),
        stats=stats,
        open_engine=lambda _: CachingEngine(ToneEngine(), MemoryBlobStore()),
        stopping=lambda: False,
        timeouts=LeaseTimeouts(),
    )


def put_old(worker: WorkerContext, number: int) -> str:
    key = f"{number:032x}"
    published = (now() - timedelta(days=2)).isoformat()
    database = worker.archive.database
    put(database, REVISION, source_id=f"{number}", key=key, published=published)
    return key


def test_one_of_many_workers_starts_it_each_hour(
    worker: WorkerContext, redis: Redis
) -> None:
    for _ in range(3):
        start_retention(worker.queue, 1)
    assert waiting(redis, Lane.BULK) == 1
    assert 3500 < redis.ttl("outspoken:retention") <= 3600
    redis.delete("outspoken:retention")  # an hour later
    start_retention(worker.queue, 1)
    assert waiting(redis, Lane.BULK) == 2


def test_other_jobs_take_their_turn_between_batches(
    worker: WorkerContext, redis: Redis
) -> None:
    for number in range(BATCH_ARTICLES + 1):
        put_old(worker, number)
    run_retention(1, worker)
    assert waiting(redis, Lane.BULK) == 1
    run_retention(1, worker)
    assert waiting(redis, Lane.BULK) == 1
    assert worker.archive.is_withdrawn(f"{BATCH_ARTICLES:032x}")


def test_job_of_an_old_article_is_cancelled(worker: WorkerContext) -> None:
    key = put_old(worker, 0)
    spec = worker.archive.find_spec(key)
    assert spec
    worker.queue.submit(spec)
    run_retention(1, worker)
    job = worker.queue.jobs.find(key)
    assert job
    assert job.state is State.CANCELLED
    assert worker.queue.jobs.spec(key) is None


def test_article_of_today_is_kept(worker: WorkerContext) -> None:
    key = put_old(worker, 0)
    run_retention(3, worker)
    assert not worker.archive.is_withdrawn(key)


def article(name: str, days: int) -> dict[str, object]:
    published = now() - timedelta(days=days)
    text = f"The ferry {name} sailed at noon. No one saw it sail."
    return {"title": name, "text": text, "published": published.isoformat()}


def narrate(client: httpx2.Client, name: str, days: int, **more: object) -> str:
    """Publish an article; return the path of its audio once it is there."""
    sent = client.put(f"/v1/articles/{name}", json=article(name, days) | more)
    assert sent.status_code in {200, 202}, sent.text
    audio = f"/v1/narrations/{sent.json()['narration']['key']}.mp3"
    assert client.get(audio).status_code == 200
    return audio


def state_of(client: httpx2.Client, name: str) -> str:
    return str(client.get(f"/v1/articles/{name}").json()["narration"]["state"])


@pytest.mark.live
@pytest.mark.trial
def test_running_worker_withdraws_old_articles(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, voice="tone") as service, client_of(service) as client:
        old, young = narrate(client, "old", 40), narrate(client, "young", 20)
    with (
        serving(data, voice="tone", retention_days="30") as service,
        client_of(service) as client,
    ):
        wait_until(lambda: state_of(client, "old") == "withdrawn")
        assert client.get(old).status_code == 410
        assert client.get(young).status_code == 200
        assert client.get("/v1/articles/old").json()["title"] is None
        wait_until(lambda: len(list(data.glob("library/*/*.mp3"))) == 1)
        refused = client.put("/v1/articles/old", json=article("old", 40))
        assert refused.status_code == 410
        assert narrate(client, "old", 40, restore=True) == old
        assert service.log.read_text() == ""
