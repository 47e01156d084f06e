"""Running a job: lease, rendering, end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from redis import Redis

from tests.support.engines import OtherEngine
from tests.support.scripts import script_of
from voices.engine import Engine, Utterance
from voices.errors import SynthesisFailed, VoiceNotFound
from voices.sentence import Sentence
from voices.tone import TONE, ToneEngine
from workers.database import memory_database
from workers.errors import (
    DatabaseFull,
    DatabaseUnavailable,
    StorageFailed,
    StoreUnavailable,
)
from workers.narration import JobSpec, narration_key
from workers.process.run_job import MAX_STORAGE_RETRIES, WorkerContext, run_job
from workers.queue.celery_app import create_celery_app
from workers.queue.claimants import Claimant
from workers.queue.jobs import Job, Jobs, Lane, State
from workers.queue.lease import ATTEMPTS, Lease, LeaseTimeouts
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.rendering.render import render_script
from workers.rendering.segment_log import find_segment_log
from workers.rendering.sentence_cache import CachingEngine
from workers.storage.archive import Archive
from workers.storage.blobs import MemoryBlobStore, memory_library

SCRIPT = script_of("The tide turns", "It turned at noon.", "No one saw it.", "Or so.")
SPEC = JobSpec(narration_key(SCRIPT, TONE), TONE.id, SCRIPT)
ARTICLE = Claimant.article("a")
URGENT = replace(SPEC, key="f" * 32)


@dataclass
class WorkerFixture:
    """A worker with a tone engine that can run code before a sentence."""

    context: WorkerContext
    engine: "WatchedEngine"
    redis: Redis
    rung: threading.Event

    @property
    def jobs(self) -> Jobs:
        return self.context.queue.jobs

    def job(self) -> Job:
        job = self.jobs.find(SPEC.key)
        assert job
        return job

    def waiting(self, lane: Lane) -> int:
        return sum(self.redis.llen(name) for name in lane.lists)


@dataclass
class WatchedEngine:
    """Another engine, watched: what it says, and what happens then."""

    engine: Engine
    said: list[str] = field(default_factory=list)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    voice = TONE
    repeatable = True

    @property
    def description(self) -> str:
        return self.engine.description

    def speak(self, sentence: Sentence) -> Utterance:
        self.before.get(sentence.spoken, str)()
        self.said.append(sentence.spoken)
        return self.engine.speak(sentence)


@pytest.fixture(name="worker")
def _house(broker: str, redis: Redis) -> WorkerFixture:
    engine, rung = WatchedEngine(ToneEngine()), threading.Event()
    caching = CachingEngine(engine, MemoryBlobStore())
    stats = Stats(redis)
    context = WorkerContext(
        archive=Archive(memory_library(), memory_database()),
        queue=Queue(create_celery_app(broker), Jobs(redis), stats),
        stats=stats,
        open_engine=lambda _: caching,
        stopping=rung.is_set,
        timeouts=LeaseTimeouts(),
    )
    return WorkerFixture(context, engine, redis, rung)


def happening(what: Exception) -> Callable[[], None]:
    def happen() -> None:
        raise what

    return happen


def test_a_job_is_rendered_stored_and_counted(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC)
    run_job(SPEC.key, worker.context)
    record = worker.context.archive.find(SPEC.key)
    assert record
    assert worker.job() == Job(SPEC.key, State.READY, 4, 4, "tone")
    assert find_segment_log(worker.context.archive.library.segments, SPEC.key) is None
    counts = worker.context.stats.snapshot().counts
    assert counts["ended_ready"] == 1
    assert counts["sentences_rendered"] == 4
    assert counts["bytes"] == record.bytes
    assert counts["audio_seconds"] == pytest.approx(record.seconds, abs=0.001)


def test_a_job_delivered_three_times_is_rendered_once(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC)
    for _ in range(3):
        run_job(SPEC.key, worker.context)
    assert len(worker.engine.said) == 4


def test_an_archived_narration_is_not_rendered_again_after_a_redis_flush(
    worker: WorkerFixture,
) -> None:
    worker.context.queue.submit(SPEC)
    run_job(SPEC.key, worker.context)
    worker.redis.flushall()
    worker.context.queue.submit(SPEC)
    run_job(SPEC.key, worker.context)
    assert len(worker.engine.said) == 4
    assert worker.job() == Job(SPEC.key, State.READY, 4, 4, "tone")


def test_a_job_leased_by_another_worker_is_skipped(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC)
    Lease(worker.jobs, SPEC.key, LeaseTimeouts()).take()
    run_job(SPEC.key, worker.context)
    assert worker.engine.said == []
    assert worker.job().state is State.MAKING


def test_bulk_job_yields_to_interactive_job_and_resumes(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC, Lane.BULK)
    worker.redis.delete(*Lane.BULK.lists)  # a worker has taken the message
    second = SCRIPT.sentences[1].spoken
    worker.engine.before[second] = lambda: worker.context.queue.submit(URGENT)
    run_job(SPEC.key, worker.context)
    said = [sentence.spoken for sentence in SCRIPT.sentences]
    assert worker.engine.said == said[:2]
    assert (worker.job().state, worker.job().done) == (State.QUEUED, 2)
    # Before bulk jobs that are not begun.
    assert worker.redis.llen(Lane.BULK.lists[0]) == 1
    worker.redis.delete(*Lane.INTERACTIVE.lists)
    worker.engine.before.clear()
    run_job(SPEC.key, worker.context)
    # The first once more: is this the engine that began it?
    assert worker.engine.said == [*said[:2], said[0], *said[2:]]
    assert worker.job().state is State.READY


def test_interactive_job_never_yields(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC)
    second = SCRIPT.sentences[1].spoken
    worker.engine.before[second] = lambda: worker.context.queue.submit(URGENT)
    run_job(SPEC.key, worker.context)
    assert worker.job().state is State.READY


def test_a_worker_that_shuts_down_requeues_its_job(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC)
    worker.engine.before[SCRIPT.sentences[0].spoken] = worker.rung.set
    run_job(SPEC.key, worker.context)
    assert (worker.job().state, worker.job().done) == (State.QUEUED, 1)
    worker.rung.clear()
    worker.engine.before.clear()
    run_job(SPEC.key, worker.context)
    assert worker.job().state is State.READY


def test_a_cancelled_job_stops_within_a_sentence(worker: WorkerFixture) -> None:
    worker.context.queue.submit(SPEC, claimant=ARTICLE)
    worker.engine.before[SCRIPT.sentences[1].spoken] = lambda: worker.jobs.release(
        SPEC.key, ARTICLE
    )
    run_job(SPEC.key, worker.context)
    assert len(worker.engine.said) == 2
    assert worker.job().state is State.CANCELLED
    assert list(worker.context.archive.library.segments.list()) == []
    assert worker.context.archive.find(SPEC.key) is None


def test_a_narration_withdrawn_during_rendering_leaves_nothing(
    worker: WorkerFixture,
) -> None:
    worker.context.queue.submit(SPEC)
    worker.engine.before[SCRIPT.sentences[-1].spoken] = lambda: (
        worker.context.archive.withdraw(SPEC.key)
    )
    run_job(SPEC.key, worker.context)
    assert worker.job().state is State.CANCELLED
    assert list(worker.context.archive.library.segments.list()) == []
    assert list(worker.context.archive.library.narrations.list()) == []


def test_an_unspeakable_sentence_fails_the_job_permanently(
    worker: WorkerFixture,
) -> None:
    worker.context.queue.submit(SPEC)
    worker.engine.before[SCRIPT.sentences[2].spoken] = happening(
        SynthesisFailed("Mute.")
    )
    run_job(SPEC.key, worker.context)
    problem = worker.job().problem or ""
    assert problem == "Sentence 3 of 4 cannot be spoken: Mute."
    worker.context.queue.submit(SPEC)
    assert worker.job().state is State.FAILED


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (StorageFailed("The disk is full; free some."), "The disk is full"),
        (RuntimeError("No one saw it"), "The worker failed (RuntimeError)"),
    ],
)
def test_a_failure_of_the_environment_is_not_permanent(
    worker: WorkerFixture, what: Exception, said: str
) -> None:
    worker.context.queue.submit(SPEC)
    worker.engine.before[SCRIPT.sentences[2].spoken] = happening(what)
    run_job(SPEC.key, worker.context)
    problem = worker.job().problem or ""
    assert problem.startswith(said)
    assert "saw it" not in problem
    worker.engine.before.clear()
    worker.context.queue.submit(SPEC)
    assert worker.job() == Job(SPEC.key, State.QUEUED, 0, 4, "tone")
    run_job(SPEC.key, worker.context)
    assert worker.job().state is State.READY


@pytest.mark.parametrize("what", [DatabaseUnavailable, DatabaseFull, StoreUnavailable])
def test_a_job_that_cannot_be_stored_is_tried_again_with_what_was_rendered(
    worker: WorkerFixture, what: type[Exception]
) -> None:
    context = replace(worker.context, storage_pause_s=0)
    worker.context.queue.submit(SPEC)
    worker.engine.before[SCRIPT.sentences[3].spoken] = happening(what("It is away."))
    for _ in range(2):
        run_job(SPEC.key, context)
        assert (worker.job().state, worker.job().done) == (State.QUEUED, 3)
    worker.engine.before.clear()
    run_job(SPEC.key, context)
    assert worker.job().state is State.READY
    for sentence in SCRIPT.sentences[1:]:
        assert worker.engine.said.count(sentence.spoken) == 1


def test_a_store_that_stays_away_fails_the_job_and_keeps_what_was_rendered(
    worker: WorkerFixture,
) -> None:
    context = replace(worker.context, storage_pause_s=0)
    worker.context.queue.submit(SPEC)
    worker.engine.before[SCRIPT.sentences[2].spoken] = happening(
        StoreUnavailable("The bucket is away.")
    )
    for _ in range(MAX_STORAGE_RETRIES):
        run_job(SPEC.key, context)
        assert worker.job().state is State.QUEUED
    run_job(SPEC.key, context)
    assert worker.job().state is State.FAILED
    assert worker.job().problem == "The bucket is away."
    worker.engine.before.clear()
    worker.engine.said.clear()
    worker.context.queue.submit(SPEC)
    run_job(SPEC.key, context)
    assert worker.job().state is State.READY
    assert SCRIPT.sentences[1].spoken not in worker.engine.said


def test_a_sentence_that_crashes_its_worker_is_named(
    worker: WorkerFixture,
) -> None:
    worker.context.queue.submit(SPEC)
    for _ in range(ATTEMPTS):
        lease = Lease(worker.jobs, SPEC.key, LeaseTimeouts())
        lease.take()
        lease.advance(2)
        worker.redis.delete(f"outspoken:lease:{SPEC.key}")
    worker.jobs.increment(SPEC.key, "faults")
    # The first of these attempts began before sentence 1 and brought it further.
    Lease(worker.jobs, SPEC.key, LeaseTimeouts()).take()
    worker.redis.delete(f"outspoken:lease:{SPEC.key}")
    run_job(SPEC.key, worker.context)
    assert worker.job().state is State.FAILED
    problem = worker.job().problem or ""
    assert problem.startswith("Sentence 3 of 4 crashed its worker repeatedly")


def test_a_narration_started_by_another_engine_is_rendered_again(
    worker: WorkerFixture,
) -> None:
    worker.context.queue.submit(SPEC, Lane.BULK)
    worker.engine.before[SCRIPT.sentences[2].spoken] = worker.rung.set
    run_job(SPEC.key, worker.context)
    store = worker.context.archive.library.segments
    assert len(list(store.list())) == 3
    worker.rung.clear()
    worker.engine.before.clear()
    other = WatchedEngine(OtherEngine())
    seen: list[int] = []
    other.before[SCRIPT.sentences[3].spoken] = lambda: seen.extend(
        log.number for log in [find_segment_log(store, SPEC.key)] if log
    )
    caching = CachingEngine(other, MemoryBlobStore())
    run_job(SPEC.key, replace(worker.context, open_engine=lambda _: caching))
    assert seen == [2]
    said = [sentence.spoken for sentence in SCRIPT.sentences]
    # Twice for comparison: with the segment log, and with the cached sentence.
    assert other.said == [said[0], *said]
    record = worker.context.archive.find(SPEC.key)
    assert record
    alone = render_script(SCRIPT, OtherEngine(), lambda _done, _total: None)
    assert worker.context.archive.read(record) == alone.mp3
    assert list(store.list()) == []


def test_a_job_for_a_different_voice_is_handed_back(
    worker: WorkerFixture,
) -> None:
    foreign = replace(SPEC, key="a" * 32)
    worker.context.queue.submit(foreign, Lane.BULK)
    worker.redis.delete(*Lane.BULK.lists)
    run_job(foreign.key, worker.context)
    assert worker.waiting(Lane.BULK) == 1
    assert worker.engine.said == []
    worker.redis.hset(f"outspoken:job:{foreign.key}", "handed_back", 99)
    run_job(foreign.key, worker.context)
    job = worker.jobs.find(foreign.key)
    assert job
    assert job.state is State.FAILED
    assert "same voices on every machine" in (job.problem or "")


def test_a_job_for_a_missing_voice_is_handed_back(
    worker: WorkerFixture,
) -> None:
    def missing(_: str) -> CachingEngine:
        raise VoiceNotFound("There is no such voice.")

    worker.context.queue.submit(SPEC, Lane.BULK)
    run_job(SPEC.key, replace(worker.context, open_engine=missing))
    assert worker.job().state is State.QUEUED
    run_job(SPEC.key, worker.context)
    assert worker.job().state is State.READY
