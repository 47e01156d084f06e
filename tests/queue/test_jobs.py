"""Jobs, leases and the sweeper, with real Redis."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from tests.support.scripts import script_of
from voices.engine import SOUND_VERSION
from voices.tone import TONE
from workers.errors import QueueFull, QueueUnavailable
from workers.interruptions import JobCancelled, LeaseLost
from workers.narration import JobSpec, narration_key
from workers.process.stale_segments import remove_stale_segments
from workers.queue.celery_app import create_celery_app
from workers.queue.claimants import Claimant
from workers.queue.jobs import ClaimResult, Jobs, Lane, State
from workers.queue.lease import ATTEMPTS, Lease, LeaseTimeouts, TakeResult
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.queue.sweeper import Sweeper
from workers.storage.blobs import MemoryBlobStore

SCRIPT = script_of("The tide turns", "It turned at noon.", "Nobody saw it.")
SPEC = JobSpec(narration_key(SCRIPT, TONE), TONE.id, SCRIPT)
OTHER_SPEC = JobSpec("f" * 32, TONE.id, SCRIPT)
ARTICLE = Claimant.article("a")
OTHER_ARTICLE = Claimant.article("b")
BRIEF = LeaseTimeouts(lease_s=0.5, sentence_s=60)


@pytest.fixture(name="jobs")
def _jobs(redis: Redis) -> Jobs:
    return Jobs(redis, limit=3)


@pytest.fixture(name="queue")
def _queue(broker: str, redis: Redis, jobs: Jobs) -> Queue:
    return Queue(create_celery_app(broker), jobs, Stats(redis))


def waiting(redis: Redis, lane: Lane) -> int:
    return sum(redis.llen(name) for name in lane.lists)


def test_one_of_many_concurrent_claims_creates_the_job(jobs: Jobs) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(jobs.claim, SPEC, Lane.BULK, Claimant.article(str(n)))
            for n in range(40)
        ]
        claims = [future.result() for future in asked]
    assert sorted(claims) == [*[ClaimResult.JOINED] * 39, ClaimResult.NEW]


def test_one_message_is_sent_for_many_claims(queue: Queue, redis: Redis) -> None:
    for _ in range(3):
        queue.submit(SPEC)
    assert waiting(redis, Lane.INTERACTIVE) == 1


def test_a_job_spec_round_trips(queue: Queue) -> None:
    queue.submit(SPEC)
    assert queue.jobs.spec(SPEC.key) == SPEC
    job = queue.jobs.find(SPEC.key)
    assert job
    assert (job.state, job.done, job.total, job.voice) == ("queued", 0, 3, "tone")


def test_an_interactive_claim_moves_a_bulk_job(queue: Queue, redis: Redis) -> None:
    queue.submit(SPEC, Lane.BULK)
    queue.submit(SPEC, Lane.INTERACTIVE)
    queue.submit(SPEC, Lane.INTERACTIVE)
    assert waiting(redis, Lane.INTERACTIVE) == 1
    assert queue.jobs.lane(SPEC.key) is Lane.INTERACTIVE


def test_a_full_queue_has_a_retry_time(queue: Queue) -> None:
    for digit in "123":
        queue.submit(JobSpec(digit * 32, "tone", SCRIPT))
    with pytest.raises(QueueFull, match="OUTSPOKEN_QUEUE_LIMIT") as caught:
        queue.submit(SPEC)
    assert 5 <= caught.value.retry_after <= 600
    assert queue.jobs.find(SPEC.key) is None
    queue.submit(JobSpec("1" * 32, "tone", SCRIPT))


def test_only_one_worker_takes_a_job(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    leases = [Lease(jobs, SPEC.key, LeaseTimeouts()) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(Lease.take, leases))
    assert sorted(taken) == [*[TakeResult.HELD] * 7, TakeResult.TAKEN]


@pytest.mark.parametrize("state", [State.READY, State.FAILED, State.CANCELLED])
def test_an_ended_job_is_not_taken(jobs: Jobs, state: State) -> None:
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.OVER
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    assert lease.take() is TakeResult.TAKEN
    assert lease.finish(state)
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.OVER
    assert jobs.spec(SPEC.key) is None  # its words are gone
    assert not jobs.is_live(SPEC.key)


def test_a_live_worker_keeps_its_lease(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, BRIEF)
    lease.take()
    with lease.renewed():
        # Four times as long as it would take a dead one's to be free.
        assert not threading.Event().wait(4 * BRIEF.lease_s)
        assert Lease(jobs, SPEC.key, BRIEF).take() is TakeResult.HELD


def free(jobs: Jobs, key: str) -> None:
    """Let a worker's lease end, as it does when the worker is dead."""
    jobs.redis.delete(f"outspoken:lease:{key}")


def test_a_dead_workers_job_is_published_again(queue: Queue, redis: Redis) -> None:
    queue.submit(SPEC)
    redis.delete(*Lane.INTERACTIVE.lists)  # the dead one had taken the message
    Lease(queue.jobs, SPEC.key, LeaseTimeouts()).take()
    sweeper = Sweeper(queue, redis)
    assert sweeper.sweep() == []
    free(queue.jobs, SPEC.key)
    assert sweeper.sweep() == [SPEC.key]
    assert sweeper.sweep() == []
    assert waiting(redis, Lane.INTERACTIVE) == 1
    assert Lease(queue.jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.TAKEN


def test_a_dead_workers_job_is_taken_at_once_on_the_same_machine(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    assert lease.take() is TakeResult.TAKEN
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    held = str(jobs.redis.get(f"outspoken:lease:{SPEC.key}"))
    token = held.replace(f":{os.getpid()}:", f":{ended.pid}:")
    jobs.redis.set(f"outspoken:lease:{SPEC.key}", token)
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.TAKEN
    jobs.redis.set(f"outspoken:lease:{SPEC.key}", f"elsewhere:{ended.pid}:1")
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.HELD


def age(jobs: Jobs, seconds: int = 60) -> None:
    """Let a job be so much older, and the look at all messages due."""
    jobs.redis.hincrby(f"outspoken:job:{SPEC.key}", "seen", -seconds)
    jobs.redis.delete(f"outspoken:scanned:{SOUND_VERSION}")


def test_a_job_without_a_message_is_published(queue: Queue, redis: Redis) -> None:
    queue.jobs.claim(SPEC, Lane.BULK, ARTICLE)
    sweeper = Sweeper(queue, redis)
    assert sweeper.sweep() == []  # it may be on its way
    age(queue.jobs)
    assert sweeper.sweep() == [SPEC.key]
    assert waiting(redis, Lane.BULK) == 1


@pytest.mark.parametrize("lane", list(Lane))
def test_a_lost_message_is_sent_again_in_any_backlog(
    queue: Queue, redis: Redis, lane: Lane
) -> None:
    queue.submit(SPEC, lane)
    queue.submit(OTHER_SPEC, lane)
    sweeper = Sweeper(queue, redis)
    age(queue.jobs)
    assert sweeper.sweep() == []  # both messages wait
    taken = next(name for name in lane.lists if redis.llen(name))
    redis.rpop(taken)  # a worker took the first and died
    age(queue.jobs)
    assert sweeper.sweep() == [SPEC.key]
    age(queue.jobs)
    assert sweeper.sweep() == []


def test_an_unacknowledged_message_is_not_lost(queue: Queue, redis: Redis) -> None:
    queue.submit(SPEC)
    message = redis.rpop(Lane.INTERACTIVE.lists[0])
    # As kombu keeps it until it is acknowledged.
    held = json.dumps([json.loads(str(message)), "", "interactive"])
    redis.hset("outspoken:unacked", "a tag", held)
    age(queue.jobs)
    assert Sweeper(queue, redis).sweep() == []


def test_a_job_of_another_sound_version_is_left_to_its_workers(
    queue: Queue, redis: Redis
) -> None:
    queue.submit(SPEC)
    name = f"outspoken:job:{SPEC.key}"
    redis.hset(name, "version", SOUND_VERSION - 1)
    redis.hincrby(name, "seen", -3600)
    redis.zadd("outspoken:workers", {f"{SOUND_VERSION - 1}:them": 1})
    redis.hset("outspoken:workers:versions", f"{SOUND_VERSION - 1}", int(time.time()))
    sweeper = Sweeper(queue, redis)
    assert sweeper.sweep() == []
    assert queue.jobs.is_live(SPEC.key)
    redis.delete("outspoken:workers")
    assert sweeper.sweep() == []  # they may only be restarting
    assert queue.jobs.is_live(SPEC.key)
    redis.hset("outspoken:workers:versions", f"{SOUND_VERSION - 1}", 1)
    assert sweeper.sweep() == []
    job = queue.jobs.find(SPEC.key)
    assert job
    assert job.state is State.FAILED
    assert "request it again" in (job.problem or "")
    queue.submit(SPEC)
    assert queue.jobs.is_live(SPEC.key)


def test_segments_of_a_failed_narration_are_removed(jobs: Jobs) -> None:
    store = MemoryBlobStore()
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    store.put_if_absent(f"{SPEC.key}/0001/000000", b"being made")
    store.put_if_absent(f"{OTHER_SPEC.key}/0001/000000", b"left")
    remove_stale_segments(store, jobs, time.time())
    assert len(list(store.list())) == 2
    remove_stale_segments(store, jobs, time.time() + 4000)
    assert [item.name for item in store.list()] == [f"{SPEC.key}/0001/000000"]


def test_only_a_known_job_is_requeued(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    jobs.redis.flushall()
    assert not lease.finish(State.QUEUED)
    assert jobs.claim(SPEC, Lane.BULK, ARTICLE) is ClaimResult.NEW
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.TAKEN


def test_a_cancelled_job_is_not_requeued(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    jobs.cancel(SPEC.key)
    assert not lease.finish(State.QUEUED)
    job = jobs.find(SPEC.key)
    assert job
    assert job.state is State.CANCELLED


def test_a_cancelled_worker_does_not_end_a_new_job(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    jobs.cancel(SPEC.key)
    assert jobs.claim(SPEC, Lane.BULK, OTHER_ARTICLE) is ClaimResult.NEW
    assert not lease.finish(State.CANCELLED)
    assert jobs.spec(SPEC.key) == SPEC
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.TAKEN


def test_a_worker_that_lost_its_lease_stops(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    slow, fast = (Lease(jobs, SPEC.key, LeaseTimeouts()) for _ in range(2))
    slow.take()
    free(jobs, SPEC.key)
    fast.take()
    with pytest.raises(LeaseLost):
        slow.advance(1)
    fast.advance(2)
    assert not slow.finish(State.FAILED, problem="late")
    job = jobs.find(SPEC.key)
    assert job
    assert (job.state, job.done) == (State.MAKING, 2)


def test_an_expired_lease_is_renewed_if_no_worker_took_it(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    free(jobs, SPEC.key)
    lease.advance(1)
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.HELD


@pytest.mark.parametrize("state", [State.READY, State.FAILED])
def test_a_late_heartbeat_does_not_revive_a_job(jobs: Jobs, state: State) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    lease.finish(state)
    with pytest.raises(LeaseLost):
        lease.advance(3)
    job = jobs.find(SPEC.key)
    assert job
    assert job.state is state
    assert jobs.redis.exists(f"outspoken:lease:{SPEC.key}") == 0


def test_a_job_that_crashes_its_workers_is_poisoned(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    for _ in range(ATTEMPTS):
        assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.TAKEN
        free(jobs, SPEC.key)
    assert Lease(jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.POISONED


def test_attempts_with_progress_are_not_counted(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    for done in range(2 * ATTEMPTS):
        lease = Lease(jobs, SPEC.key, LeaseTimeouts())
        assert lease.take() is TakeResult.TAKEN
        lease.advance(done + 1)
        free(jobs, SPEC.key)


def test_a_job_without_claimants_is_cancelled(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    jobs.claim(SPEC, Lane.BULK, OTHER_ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    assert not jobs.release(SPEC.key, ARTICLE)
    lease.advance(1)
    assert jobs.release(SPEC.key, OTHER_ARTICLE)
    with pytest.raises(JobCancelled):
        lease.advance(2)


def test_a_job_with_listeners_is_not_cancelled(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    stream = Claimant.new_live_stream()
    jobs.listen(SPEC.key, stream, 30)
    jobs.listen(SPEC.key, Claimant.new_live_stream(), -1)  # expired
    assert not jobs.release(SPEC.key, ARTICLE)
    assert jobs.release(SPEC.key, stream)


def test_one_bulk_job_yields_per_waiting_interactive_job(queue: Queue) -> None:
    queue.submit(SPEC, Lane.BULK)
    other = JobSpec("e" * 32, "tone", SCRIPT)
    queue.submit(other, Lane.BULK)
    assert not queue.should_yield(SPEC.key)
    queue.submit(OTHER_SPEC)
    assert not queue.should_yield(OTHER_SPEC.key)
    assert queue.should_yield(SPEC.key)
    assert not queue.should_yield(other.key)


def test_an_unreachable_redis_is_queue_unavailable(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    nobody = f"{tmp_path_factory.mktemp('x')}/nobody.sock"
    jobs = Jobs(Redis.from_url(f"unix://{nobody}", decode_responses=True))
    with pytest.raises(QueueUnavailable, match="try again"):
        jobs.claim(SPEC, Lane.BULK, ARTICLE)
    with pytest.raises(QueueUnavailable):
        jobs.find(SPEC.key)


def test_unrecorded_progress_does_not_stop_a_job(
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = Jobs(Redis.from_url("unix:///nobody.sock", decode_responses=True))
    lease = Lease(away, SPEC.key, LeaseTimeouts())
    lease.advance(1)
    assert "progress 1 is not recorded" in caplog.text
