"""Metrics and readiness, over HTTP."""

import itertools
import re
from collections.abc import Callable
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
from service.supervisor.embedded_redis import embedded_broker
from service.ttl_cache import TtlCached
from tests.support.api.server import answering, context_of
from tests.support.paths import ROOT
from tests.support.scripts import script_of
from tests.support.service import server_program
from voices.tone import TONE
from workers.errors import QueueFull
from workers.narration import JobSpec, Narration, narration_key
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs, Lane
from workers.queue.publisher import Queue
from workers.queue.stats import RenderedOutput, Stats

SCRIPT = script_of("The tide turns", "It turned at noon.")
KEY = narration_key(SCRIPT, TONE)
JOB_SPEC = JobSpec(KEY, TONE.id, SCRIPT)

Samples = dict[tuple[str, ...], float]


def read_metrics(client: httpx2.Client) -> Samples:
    """Return every sample, by its name and its labels' values, sorted by label."""
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


def test_metrics_of_queue_and_rendering(
    context: ApiContext, idle_client: httpx2.Client, redis: Redis
) -> None:
    stats = Stats(redis)
    stats.record_end("ready", RenderedOutput(seconds=60, bytes=480_000))
    stats.record_rendering(rendered=7, cached=3, seconds=15)
    stats.record_end("failed")
    stats.record_heartbeat("here")
    context.backend.queue.submit(JOB_SPEC, Lane.BULK)
    values = read_metrics(idle_client)
    expected: Samples = {
        ("outspoken_redis_up",): 1,
        ("outspoken_library_up",): 1,
        ("outspoken_queue_depth", "bulk"): 1,
        ("outspoken_queue_depth", "interactive"): 0,
        ("outspoken_jobs_live",): 1,
        ("outspoken_jobs_total", "ready"): 1,
        ("outspoken_jobs_total", "failed"): 1,
        ("outspoken_audio_seconds_total",): 60,
        ("outspoken_rendering_seconds_total",): 15,
        ("outspoken_real_time_factor",): 0.25,
        ("outspoken_sentences_total", "rendered"): 7,
        ("outspoken_sentences_total", "cached"): 3,
        ("outspoken_bytes_total",): 480_000,
        ("outspoken_workers",): 1,
        ("outspoken_listeners",): 0,
    }
    assert {name: values.get(name) for name in expected} == expected
    assert values["outspoken_oldest_job_seconds",] >= 0
    assert values["outspoken_worker_heartbeat_age_seconds",] >= 0


def test_voice_info_names_the_engine(idle_client: httpx2.Client, redis: Redis) -> None:
    Stats(redis).record_voice("tone", "tone 1")
    assert read_metrics(idle_client)["outspoken_voice_info", "tone 1", "tone"] == 1


def test_library_bytes_are_counted_per_store(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    narration = Narration(b"12345", (), 1, 1, "tone", repeatable=True)
    context.archive.store(JOB_SPEC, narration)
    context.archive.library.segments.put_if_absent("0/0001/000000", b"123")
    values = read_metrics(idle_client)
    assert values["outspoken_library_bytes", "narrations"] == 5
    assert values["outspoken_library_bytes", "segments"] == 3
    assert ("outspoken_library_limit_bytes",) not in values


def test_requests_are_counted_by_route_not_by_path(idle_client: httpx2.Client) -> None:
    for number in range(3):
        idle_client.get(f"/v1/narrations/{number:032x}")
        idle_client.get(f"/nowhere/{number}")
    idle_client.get("/v1/voices")
    idle_client.post("/v1/narrations", json={})
    values = read_metrics(idle_client)
    assert values["outspoken_requests_total", "/v1/narrations/{key}", "4xx"] == 3
    assert values["outspoken_requests_total", "none", "4xx"] == 3
    assert values["outspoken_requests_total", "/v1/voices", "2xx"] == 1
    assert values["outspoken_requests_total", "/v1/narrations", "4xx"] == 1


def test_other_metrics_are_reported_without_redis(tmp_path: Path) -> None:
    with embedded_broker(tmp_path / "queue", server_program()) as broker:
        context = context_of(tmp_path / "data", broker.address)
    with answering(context) as client:
        values = read_metrics(client)
        assert values["outspoken_redis_up",] == 0
        assert values["outspoken_library_up",] == 1
        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["type"] == "about:not-ready"
    assert "queue does not answer" in ready.json()["detail"]


def test_other_metrics_are_reported_without_the_library(
    context: ApiContext, idle_client: httpx2.Client, tmp_path: Path
) -> None:
    context.archive.library.narrations.put_if_absent("ab/abc.mp3", b"12345")
    library = tmp_path / "data" / "library"
    library.rename(tmp_path / "away")
    library.symlink_to(library)
    values = read_metrics(idle_client)
    assert values["outspoken_library_up",] == 0
    assert values["outspoken_redis_up",] == 1


def test_service_without_a_worker_is_not_ready(
    idle_client: httpx2.Client, redis: Redis
) -> None:
    ready = idle_client.get("/readyz")
    assert ready.status_code == 503
    assert "No worker" in ready.json()["detail"]
    Stats(redis).record_heartbeat("here")
    assert idle_client.get("/readyz").status_code == 200


def test_worker_of_another_sound_version_does_not_count(
    idle_client: httpx2.Client, redis: Redis
) -> None:
    redis.zadd("outspoken:workers", {"0:elsewhere": int(redis.time()[0])})
    assert "No worker" in idle_client.get("/readyz").json()["detail"]


def with_full_library(context: ApiContext) -> ApiContext:
    """Return a context whose library is full."""
    backend = replace(context.backend, is_full=lambda: True)
    readiness = replace(context.readiness, backend=backend)
    return replace(context, backend=backend, readiness=readiness)


def test_readiness_names_every_failure(context: ApiContext) -> None:
    with answering(with_full_library(context)) as client:
        detail = client.get("/readyz").json()["detail"]
    assert "No worker" in detail
    assert "fill the library" in detail


def test_unreadable_disk_is_named(
    context: ApiContext, redis: Redis, tmp_path: Path
) -> None:
    Stats(redis).record_heartbeat("here")
    readiness: Readiness = replace(context.readiness, folder=tmp_path / "gone")
    with answering(replace(context, readiness=readiness)) as client:
        assert f"{tmp_path / 'gone'}" in client.get("/readyz").json()["detail"]


def test_full_library_refuses_new_narrations_and_serves_known_ones(
    context: ApiContext, idle_client: httpx2.Client
) -> None:
    text = {"text": "The tide turned at noon. No one saw it."}
    before = idle_client.post("/v1/narrations", json=text)
    assert before.status_code == 202
    with answering(with_full_library(context)) as other:
        refused = other.post("/v1/narrations", json={"text": "High water."})
        assert refused.status_code == 507
        assert refused.json()["type"] == "about:library-full"
        # It is queued already.
        assert other.post("/v1/narrations", json=text).status_code == 202
        assert other.get(before.json()["links"]["self"]).status_code == 200


def test_full_queue_sends_retry_after(
    context: ApiContext, broker: str, redis: Redis
) -> None:
    stats = Stats(redis)
    queue = Queue(create_celery_app(broker), Jobs(redis, limit=1), stats)
    queue.submit(JOB_SPEC)
    with pytest.raises(QueueFull) as refused:
        queue.submit(replace(JOB_SPEC, key="1" * 32))
    with answering(
        replace(context, backend=NarrationBackend(context.archive, queue))
    ) as client:
        answer = client.post("/v1/narrations", json={"text": "High water."})
    assert answer.status_code == 503
    assert answer.json()["type"] == "about:queue-full"
    assert answer.headers["Retry-After"] == str(refused.value.retry_after)


def test_every_metric_is_documented_and_no_other(
    context: ApiContext, idle_client: httpx2.Client, redis: Redis
) -> None:
    Stats(redis).record_heartbeat("here")
    Stats(redis).record_rendering(rendered=1, cached=0, seconds=1)
    idle_client.get("/metrics")  # without the real-time factor
    Stats(redis).record_end("ready", RenderedOutput(seconds=1, bytes=1))
    Stats(redis).record_voice("tone", "tone 1")
    limited = Metrics(Stats(redis), context.archive, 1, lambda: 0)
    idle_client.get("/healthz")
    values = {name for name, *_ in read_metrics(idle_client)}
    values |= set(re.findall(r"^(\w+)[ {]", limited.write().decode(), re.MULTILINE))
    reference = (ROOT / "docs" / "REFERENCE.md").read_text()
    documented = re.findall(r"`(outspoken_\w+)[`{]", reference)
    assert {name for name in values if not name.endswith("_created")} == set(documented)


def test_ttl_cached_asks_again_after_its_time() -> None:
    now = 0.0
    answers: Callable[[], int] = TtlCached(
        itertools.count().__next__, ttl_s=10, clock=lambda: now
    )
    assert [answers(), answers()] == [0, 0]
    now = 9.9
    assert answers() == 0
    now = 10.0
    assert [answers(), answers()] == [1, 1]
