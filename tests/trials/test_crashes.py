"""Trials of crashed processes: nothing is lost, repeated or spliced.

`make trial` runs them at full size and prints the measurements.
"""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from benchmarks.load import Reading, read, read_many
from tests.support.paths import ROOT
from tests.support.processes import wait_until
from tests.support.scripts import script_of
from tests.support.service import RunningService, environment, server_program, serving
from tests.support.trials.crash_trials import (
    Figures,
    article,
    eventually,
    frontend,
    is_in,
    job_of,
    kill_worker,
    metric,
    post,
    sized,
)
from voices.tone import TONE
from workers.narration import JobSpec, narration_key
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Job, Jobs, Lane, State
from workers.queue.publisher import Queue
from workers.queue.stats import Stats

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

JOE = "en_US-joe-medium"


def listen(service: RunningService, key: str) -> Reading:
    """Listen to the end, as a player does; retry on 503."""
    host, _, port = service.address.removeprefix("http://").partition(":")
    while True:
        reading = asyncio.run(read(host, int(port), f"/v1/narrations/{key}.mp3"))
        if reading.status != 503:
            return reading


def rendered_sentences(client: httpx2.Client, expected: float) -> float:
    """Return the count of rendered sentences once it has reached `expected`.

    A narration is ready shortly before its sentences are counted.
    """
    name = 'outspoken_sentences_total{source="rendered"}'
    wait_until(lambda: metric(client, name) >= expected)
    return metric(client, name)


@sized(2, 20)
def test_killed_worker_loses_no_narration(
    tmp_path: Path, count: int, figures: Figures
) -> None:
    chance = random.Random(count)  # noqa: S311 - no secret
    with serving(tmp_path / "data", voice=JOE) as service, frontend(service) as client:
        long = min(12, 3 * count)
        keys = [post(client, article(n, long)) for n in range(max(2, count // 2))]
        with ThreadPoolExecutor(len(keys)) as pool:
            futures = [pool.submit(listen, service, key) for key in keys]
            killed = 0
            for number in range(count):
                if all(is_in(client, key, "ready") for key in keys):
                    keys.append(post(client, article(f"more {number}", long)))
                eventually(lambda: any(is_in(client, key, "making") for key in keys))
                threading.Event().wait(chance.uniform(0, 2))  # a random moment
                kill_worker(service, ["group", "child", "main"][number % 3])
                killed += 1
            eventually(
                lambda: all(is_in(client, key, "ready", "failed") for key in keys)
            )
            readings = [future.result() for future in futures]
        assert all(is_in(client, key, "ready") for key in keys)
        files = list((tmp_path / "data" / "library").rglob("*.mp3"))
        assert len(files) == len(keys)
        for reading, key in zip(readings, keys, strict=False):
            assert reading.whole
            finished = client.get(f"/v1/narrations/{key}.mp3")
            assert finished.headers["ETag"] == f'"{reading.sha256}"'
        figures(
            "kill -9 of a worker in mid-article",
            f"{killed} kills, {len(keys)} of {len(keys)} narrations ready, each once;"
            f" {len(readings)} listeners heard the finished file",
        )


@contextlib.contextmanager
def broker_at(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Redis server that the test may kill and start again."""
    process = subprocess.Popen(
        [
            *(server_program(), "--port", "0", "--unixsocket", folder / "s"),
            *("--dir", folder, "--appendonly", "yes", "--save", ""),
        ],
        stdout=subprocess.DEVNULL,
    )
    redis = Redis(unix_socket_path=str(folder / "s"))

    def answers() -> bool:
        with contextlib.suppress(Exception):
            return bool(redis.ping())
        return False

    wait_until(answers)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.trial
@pytest.mark.parametrize("outage", [0.5, 4], ids=["short", "4 s"])
def test_killed_redis_loses_no_narration(
    tmp_path: Path, outage: float, figures: Figures
) -> None:
    folder = tmp_path / "q"
    folder.mkdir()
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(broker_at(folder))
        service = stack.enter_context(
            serving(tmp_path / "data", voice=JOE, redis_url=f"unix://{folder}/s")
        )
        client = stack.enter_context(frontend(service))
        keys = [post(client, article(f"outage {n}", 6)) for n in range(3)]
        eventually(lambda: is_in(client, keys[0], "making", "ready"))
        broker.kill()
        broker.wait()
        killed_at = time.monotonic()
        refused = client.post("/v1/narrations", json={"text": article("meanwhile", 2)})
        waited = time.monotonic() - killed_at
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        threading.Event().wait(max(0, outage - waited))
        stack.enter_context(broker_at(folder))
        eventually(lambda: all(is_in(client, key, "ready") for key in keys))
        assert len(list((tmp_path / "data" / "library").rglob("*.mp3"))) == len(keys)
        eventually(
            lambda: (
                client.post(
                    "/v1/narrations", json={"text": article("meanwhile", 2)}
                ).status_code
                in {200, 202}
            )
        )
        figures(
            f"kill -9 of the broker, away for {outage} s",
            f"3 of 3 narrations ready; a new request got 503 after {waited:.2f} s",
        )


@pytest.mark.trial
@pytest.mark.parametrize("count", [60])
def test_article_longer_than_every_timeout_is_rendered_once(
    tmp_path: Path, count: int, figures: Figures
) -> None:
    """Its lease and Celery's visibility timeout expire during rendering."""
    timeouts = {
        "lease_seconds": "1",
        "redelivery_seconds": "2",
        "sentence_seconds": "30",
    }
    with (
        serving(
            tmp_path / "data", voice=JOE, worker_processes="2", **timeouts
        ) as service,
        frontend(service) as client,
    ):
        began = time.monotonic()
        key = post(client, article("a long day", count))
        eventually(lambda: is_in(client, key, "ready"))
        took = time.monotonic() - began
        job = job_of(client, key)
        assert job
        total = job["progress"]["total"]  # type: ignore[index]  # JSON
        rendered = rendered_sentences(client, float(total))
        assert rendered == total
        figures(
            "an article longer than every timeout",
            f"lease 1 s, {took:.0f} s of work: {rendered:.0f} of {total} sentences"
            " rendered",
        )


@pytest.mark.trial
@pytest.mark.parametrize("count", [20])
def test_interactive_article_overtakes_bulk(
    tmp_path: Path, count: int, figures: Figures
) -> None:
    with serving(tmp_path / "data", voice=JOE) as service, frontend(service) as client:
        bulk = [
            post(client, article(f"bulk {n}", 6), priority="bulk") for n in range(count)
        ]
        eventually(lambda: any(is_in(client, key, "making") for key in bulk))
        began = time.monotonic()
        key = post(client, article("breaking", 4))
        reading = listen(service, key)
        first = reading.first
        assert reading.whole
        assert reading.status == 200
        assert first < 30  # ten times the limit
        left = sum(not is_in(client, key, "ready") for key in bulk)
        assert left > 0
        eventually(lambda: all(is_in(client, key, "ready") for key in bulk))
        sentences = 6 * count + 4
        assert rendered_sentences(client, sentences) == sentences
        figures(
            f"{count} bulk jobs, then an interactive article",
            f"first byte after {first:.2f} s, {left} bulk jobs not ready by"
            f" {time.monotonic() - began:.0f} s; no sentence rendered twice",
        )


@contextlib.contextmanager
def crashing_worker(data: Path, broker: str) -> Iterator[None]:
    settings = {
        "data": str(data),
        "voice": "tone",
        "redis_url": broker,
        "lease_seconds": "0.5",
        "sentence_seconds": "1",
    }
    with (data.parent / "worker.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.trials.crashing_worker"],
            env=environment(**settings),
            cwd=ROOT,
            stderr=log,
            stdout=log,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize(
    "word", ["crash", pytest.param("hang", marks=pytest.mark.trial)]
)
def test_sentence_that_crashes_its_worker_fails_only_its_narration(
    tmp_path: Path, broker: str, redis: Redis, word: str, figures: Figures
) -> None:
    jobs = Jobs(redis)
    queue = Queue(create_celery_app(broker), jobs, Stats(redis))
    scripts = [
        script_of("The tide", "It turned.", f"It will {word} again.", "The end."),
        script_of("The tide", "It turned.", "It turned back.", "The end."),
    ]
    specs = [
        JobSpec(narration_key(script, TONE), TONE.id, script) for script in scripts
    ]

    def current_jobs() -> list[Job | None]:
        return [jobs.find(spec.key) for spec in specs]

    with crashing_worker(tmp_path / "data", broker):
        for spec in specs:
            queue.submit(spec, Lane.BULK)
        eventually(
            lambda: all(
                job and job.state in {State.READY, State.FAILED}
                for job in current_jobs()
            )
        )
    bad, good = current_jobs()
    assert bad
    assert good
    assert good.state is State.READY
    problem = bad.problem or ""
    assert problem.startswith("Sentence 3 of 4 crashed its worker repeatedly")
    figures(f"a sentence that makes its engine {word}", problem)


@pytest.mark.trial
@pytest.mark.parametrize("count", [1000])
def test_thousand_listeners_share_one_rendering(
    tmp_path: Path, count: int, figures: Figures
) -> None:
    settings = {"voice": JOE, "api_processes": "2"}
    with serving(tmp_path / "data", **settings) as service, frontend(service) as client:
        text = article("a thousand", 12)
        # Concurrent requests share one job, and all listeners one stream.
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _: post(client, text), range(8)))
        (key,) = keys
        path = f"/v1/narrations/{key}.mp3"
        readings = asyncio.run(read_many(service.address, path, count, count))
        assert {reading.status for reading in readings} == {200}
        assert all(reading.whole for reading in readings)
        (sha256,) = {reading.sha256 for reading in readings}
        assert client.get(path).headers["ETag"] == f'"{sha256}"'
        rendered = rendered_sentences(client, 12)
        assert rendered == 12
        eventually(lambda: metric(client, 'outspoken_jobs_total{end="ready"}') == 1)
        first = sorted(reading.first for reading in readings)
        figures(
            f"{count} listeners of a new article, 2 API processes",
            f"{rendered:.0f} of 12 sentences rendered, 1 body; first byte p50"
            f" {first[len(first) // 2]:.2f} s, last {first[-1]:.2f} s",
        )
