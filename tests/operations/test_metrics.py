"""What an operator sees."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from service.api import ApiContext
from service.narrations.backend import NarrationBackend
from service.operations.metrics import Metrics
from service.operations.readiness import Readiness
from service.supervisor.broker import embedded_broker
from service.ttl_cache import TtlCached
from tests.support.api_server import answering, context_of
from tests.support.paths import ROOT
from tests.support.scripts import script_of
from tests.support.service import server_program
from voices.tone import TONE
from workers.errors import QueueFull
from workers.narration import JobSpec, narration_key
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs, Lane
from workers.queue.publisher import Queue
from workers.queue.stats import RenderedOutput, Stats

SCRIPT = script_of("The tide turns", "It turned at noon.")
KEY = narration_key(SCRIPT, TONE)
ORDER = JobSpec(KEY, TONE.id, SCRIPT)

Figures = dict[tuple[str, ...], float]


@pytest.fixture(name="context")
def _context(tmp_path: Path, broker: str, redis: Redis) -> ApiContext:
    assert redis.dbsize() == 0
    return context_of(tmp_path / "data", broker)


@pytest.fixture(name="client")
def _client(context: ApiContext) -> Iterator[httpx2.Client]:
    with answering(context) as client:
        yield client


def figures(client: httpx2.Client) -> Figures:
    """Return every figure by its name and its labels' values, sorted by label."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_queue_and_what_was_done_are_told(
    context: ApiContext, client: httpx2.Client, redis: Redis
) -> None:
    stats = Stats(redis)
    stats.note_end("ready", RenderedOutput(audio=60, bytes=480_000))
    stats.note_stint(made=7, remembered=3, seconds=15)
    stats.note_end("failed")
    stats.note_worker("here")
    context.backend.queue.submit(ORDER, Lane.BULK)
    told = figures(client)
    expected: Figures = {
        ("outspoken_redis_up",): 1,
        ("outspoken_library_up",): 1,
        ("outspoken_queue_depth", "bulk"): 1,
        ("outspoken_queue_depth", "interactive"): 0,
        ("outspoken_jobs_live",): 1,
        ("outspoken_jobs_total", "ready"): 1,
        ("outspoken_jobs_total", "failed"): 1,
        ("outspoken_audio_seconds_total",): 60,
        ("outspoken_making_seconds_total",): 15,
        ("outspoken_real_time_factor",): 0.25,
        ("outspoken_sentences_total", "made"): 7,
        ("outspoken_sentences_total", "remembered"): 3,
        ("outspoken_bytes_total",): 480_000,
        ("outspoken_workers",): 1,
        ("outspoken_listeners",): 0,
    }
    assert {name: told.get(name) for name in expected} == expected
    assert told["outspoken_oldest_job_seconds",] >= 0
    assert told["outspoken_worker_heartbeat_age_seconds",] >= 0


def test_the_voices_are_told_by_what_makes_their_sound(
    client: httpx2.Client, redis: Redis
) -> None:
    Stats(redis).note_voice("tone", "a beat a word")
    assert figures(client)["outspoken_voice_info", "a beat a word", "tone"] == 1


def test_what_lies_in_the_library_is_told_by_shelf(
    context: ApiContext, client: httpx2.Client
) -> None:
    context.archive.library.narrations.put_if_absent("ab/abc.mp3", b"12345")
    context.archive.library.segments.put_if_absent("0/0001/000000", b"123")
    told = figures(client)
    assert told["outspoken_library_bytes", "narrations"] == 5
    assert told["outspoken_library_bytes", "segments"] == 3
    assert ("outspoken_library_limit_bytes",) not in told


def test_answers_are_counted_by_route_and_never_by_path(client: httpx2.Client) -> None:
    for number in range(3):
        client.get(f"/v1/narrations/{number:032x}")
        client.get(f"/nowhere/{number}")
    client.get("/v1/voices")
    client.post("/v1/narrations", json={})
    told = figures(client)
    assert told["outspoken_requests_total", "/v1/narrations/{key}", "4xx"] == 3
    assert told["outspoken_requests_total", "none", "4xx"] == 3
    assert told["outspoken_requests_total", "/v1/voices", "2xx"] == 1
    assert told["outspoken_requests_total", "/v1/narrations", "4xx"] == 1


def test_while_redis_is_away_the_rest_is_told(tmp_path: Path) -> None:
    with embedded_broker(tmp_path / "queue", server_program()) as broker:
        context = context_of(tmp_path / "data", broker.address)
    with answering(context) as client:
        told = figures(client)
        assert told["outspoken_redis_up",] == 0
        assert told["outspoken_library_up",] == 1
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["type"] == "about:not-ready"
    assert "queue does not answer" in ready.json()["detail"]


def test_while_the_library_is_away_the_rest_is_told(
    context: ApiContext, client: httpx2.Client, tmp_path: Path
) -> None:
    context.archive.library.narrations.put_if_absent("ab/abc.mp3", b"12345")
    library = tmp_path / "data" / "library"
    library.rename(tmp_path / "away")
    library.symlink_to(library)
    told = figures(client)
    assert told["outspoken_library_up",] == 0
    assert told["outspoken_redis_up",] == 1


def test_without_a_worker_it_is_not_ready(client: httpx2.Client, redis: Redis) -> None:
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert "No worker" in ready.json()["detail"]
    Stats(redis).note_worker("here")
    assert client.get("/readyz").status_code == 200


def test_a_worker_that_makes_another_sound_does_not_count(
    client: httpx2.Client, redis: Redis
) -> None:
    redis.zadd("outspoken:workers", {"0:elsewhere": int(redis.time()[0])})
    assert "No worker" in client.get("/readyz").json()["detail"]


def full(context: ApiContext) -> ApiContext:
    backend = replace(context.backend, is_full=lambda: True)
    readiness = replace(context.readiness, backend=backend)
    return replace(context, backend=backend, readiness=readiness)


def test_all_that_lacks_is_named_at_once(context: ApiContext) -> None:
    with answering(full(context)) as client:
        detail = client.get("/readyz").json()["detail"]
    assert "No worker" in detail
    assert "fills the library" in detail


def test_a_disk_that_cannot_be_read_is_named(
    context: ApiContext, redis: Redis, tmp_path: Path
) -> None:
    Stats(redis).note_worker("here")
    gone: Readiness = replace(context.readiness, folder=tmp_path / "gone")
    with answering(replace(context, readiness=gone)) as client:
        assert f"{tmp_path / 'gone'}" in client.get("/readyz").json()["detail"]


def test_a_full_library_takes_no_new_work_and_serves_what_it_has(
    context: ApiContext, client: httpx2.Client
) -> None:
    text = {"text": "The tide turned at noon. Nobody saw it."}
    before = client.post("/v1/narrations", json=text)
    assert before.status_code == 202
    with answering(full(context)) as other:
        refused = other.post("/v1/narrations", json={"text": "High water."})
        assert refused.status_code == 507
        assert refused.json()["type"] == "about:library-full"
        # It is under way.
        assert other.post("/v1/narrations", json=text).status_code == 202
        assert other.get(before.json()["links"]["self"]).status_code == 200


def test_a_full_queue_says_when_to_come_back(
    context: ApiContext, broker: str, redis: Redis
) -> None:
    stats = Stats(redis)
    queue = Queue(create_celery_app(broker), Jobs(redis, limit=1), stats)
    queue.submit(ORDER)
    with pytest.raises(QueueFull) as refused:
        queue.submit(replace(ORDER, key="1" * 32))
    with answering(
        replace(context, backend=NarrationBackend(context.archive, queue))
    ) as client:
        answer = client.post("/v1/narrations", json={"text": "High water."})
    assert answer.status_code == 503
    assert answer.json()["type"] == "about:queue-full"
    assert answer.headers["Retry-After"] == str(refused.value.retry_after)


def test_every_figure_is_documented_and_no_other(
    context: ApiContext, client: httpx2.Client, redis: Redis
) -> None:
    Stats(redis).note_worker("here")
    Stats(redis).note_stint(made=1, remembered=0, seconds=1)
    client.get("/metrics")  # before anything is ready there is no factor
    Stats(redis).note_end("ready", RenderedOutput(audio=1, bytes=1))
    Stats(redis).note_voice("tone", "a beat a word")
    limited = Metrics(Stats(redis), context.archive.library, 1, lambda: 0)
    client.get("/healthz")
    told = {name for name, *_ in figures(client)}
    told |= set(re.findall(r"^(\w+)[ {]", limited.write().decode(), re.MULTILINE))
    reference = (ROOT / "docs" / "REFERENCE.md").read_text()
    documented = re.findall(r"`(outspoken_\w+)[`{]", reference)
    assert {name for name in told if not name.endswith("_created")} == set(documented)


def test_what_is_costly_is_asked_for_now_and_then() -> None:
    now = 0.0
    answers: Callable[[], int] = TtlCached(
        itertools.count().__next__, ttl_s=10, clock=lambda: now
    )
    assert [answers(), answers()] == [0, 0]
    now = 9.9
    assert answers() == 0
    now = 10.0
    assert [answers(), answers()] == [1, 1]
