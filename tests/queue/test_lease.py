"""Leases: one worker at a time renders a job, and only while it lives."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from tests.support.jobs import ARTICLE, BRIEF, OTHER_ARTICLE, SPEC, expire_lease
from workers.interruptions import LeaseLost
from workers.queue.jobs import ClaimResult, Jobs, Lane, State
from workers.queue.lease import ATTEMPTS, Lease, LeaseTimeouts, TakeResult


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
    expire_lease(jobs)
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
    expire_lease(jobs)
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


def take(jobs: Jobs, timeouts: LeaseTimeouts | None = None) -> TakeResult:
    return Lease(jobs, SPEC.key, timeouts or LeaseTimeouts()).take()


def lose_workers(jobs: Jobs, timeouts: LeaseTimeouts | None = None) -> None:
    """Have as many workers take the job and end as it is given."""
    for _ in range(ATTEMPTS):
        assert take(jobs, timeouts) is TakeResult.TAKEN
        expire_lease(jobs)


def test_a_job_that_crashes_its_workers_is_poisoned(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    jobs.increment(SPEC.key, "faults")
    take(jobs)
    expire_lease(jobs)
    jobs.increment(SPEC.key, "faults")
    for _ in range(ATTEMPTS - 1):
        assert take(jobs) is TakeResult.TAKEN
        expire_lease(jobs)
    assert take(jobs) is TakeResult.POISONED


def test_a_job_whose_workers_were_killed_is_tried_again_later(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lose_workers(jobs)
    assert take(jobs) is TakeResult.DEFERRED
    job = jobs.find(SPEC.key)
    assert job
    assert job.state is State.QUEUED
    # The pause is not over.
    assert take(jobs) is TakeResult.DEFERRED


def test_a_job_that_ends_its_workers_after_every_pause_is_poisoned(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    timeouts = LeaseTimeouts(deferrals_s=(0, 0))
    for _ in timeouts.deferrals_s:
        lose_workers(jobs, timeouts)
        assert take(jobs, timeouts) is TakeResult.DEFERRED
    lose_workers(jobs, timeouts)
    assert take(jobs, timeouts) is TakeResult.POISONED


def test_progress_forgets_faults_and_pauses(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    timeouts = LeaseTimeouts(deferrals_s=(0,))
    lose_workers(jobs, timeouts)
    assert take(jobs, timeouts) is TakeResult.DEFERRED
    lease = Lease(jobs, SPEC.key, timeouts)
    lease.take()
    jobs.increment(SPEC.key, "faults")
    lease.advance(1)
    expire_lease(jobs)
    lose_workers(jobs, timeouts)
    assert take(jobs, timeouts) is TakeResult.DEFERRED


def test_attempts_with_progress_are_not_counted(jobs: Jobs) -> None:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    for done in range(2 * ATTEMPTS):
        lease = Lease(jobs, SPEC.key, LeaseTimeouts())
        assert lease.take() is TakeResult.TAKEN
        lease.advance(done + 1)
        expire_lease(jobs)


def test_unrecorded_progress_does_not_stop_a_job(
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = Jobs(Redis.from_url("unix:///absent.sock", decode_responses=True))
    lease = Lease(away, SPEC.key, LeaseTimeouts())
    lease.advance(1)
    assert "progress 1 is not recorded" in caplog.text
