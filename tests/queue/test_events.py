"""The event stream records every change of a job, in order."""

import threading

import pytest
from redis import Redis

from tests.support.jobs import ARTICLE, SCRIPT, SPEC, expire_lease
from workers.queue.celery_app import create_celery_app
from workers.queue.claimants import Claimant
from workers.queue.events import EventStream
from workers.queue.jobs import Jobs, Lane, State
from workers.queue.lease import Lease, LeaseTimeouts
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.queue.sweeper import Sweeper

TOTAL = len(SCRIPT.sentences)


@pytest.fixture(name="events")
def _events(redis: Redis) -> EventStream:
    return EventStream(redis)


def changes(events: EventStream) -> list[tuple[State, int]]:
    read = events.read()
    assert {(event.key, event.total) for event in read} <= {(SPEC.key, TOTAL)}
    return [(event.state, event.done) for event in read]


def taken(jobs: Jobs) -> Lease:
    jobs.claim(SPEC, Lane.BULK, ARTICLE)
    lease = Lease(jobs, SPEC.key, LeaseTimeouts())
    lease.take()
    return lease


def test_events_follow_a_job_from_claim_to_end(jobs: Jobs, events: EventStream) -> None:
    lease = taken(jobs)
    lease.advance(1)
    lease.advance(2)
    lease.finish(State.READY)
    assert changes(events) == [
        (State.QUEUED, 0),
        (State.MAKING, 0),
        (State.MAKING, 1),
        (State.MAKING, 2),
        (State.READY, TOTAL),
    ]


def test_joining_a_job_and_heartbeats_emit_no_event(
    jobs: Jobs, events: EventStream
) -> None:
    lease = taken(jobs)
    before = changes(events)
    jobs.claim(SPEC, Lane.BULK, Claimant.article("b"))
    with lease.renewed():
        lease.keep_alive()
    assert changes(events) == before


def test_a_cancelled_job_emits_one_event(jobs: Jobs, events: EventStream) -> None:
    lease = taken(jobs)
    jobs.release(SPEC.key, ARTICLE)
    lease.finish(State.CANCELLED)
    assert changes(events)[2:] == [(State.CANCELLED, 0)]


def test_a_failed_and_a_requeued_job_emit_events(
    jobs: Jobs, events: EventStream
) -> None:
    lease = taken(jobs)
    lease.finish(State.QUEUED)
    lease.take()
    lease.finish(State.FAILED, problem="It is broken.")
    states = [state for state, _ in changes(events)]
    assert states[2:] == [State.QUEUED, State.MAKING, State.FAILED]


def test_a_job_of_a_dead_worker_emits_queued(
    broker: str, redis: Redis, jobs: Jobs, events: EventStream
) -> None:
    taken(jobs)
    expire_lease(jobs)
    queue = Queue(create_celery_app(broker), jobs, Stats(redis))
    Sweeper(queue, redis).sweep()
    assert changes(events)[2:] == [(State.QUEUED, 0)]


def test_reading_continues_after_an_event(jobs: Jobs, events: EventStream) -> None:
    lease = taken(jobs)
    last = events.last_id()
    assert events.read(last) == []
    lease.advance(1)
    assert [(event.state, event.done) for event in events.read(last)] == [
        (State.MAKING, 1)
    ]


def test_a_blocked_reader_gets_the_next_event(jobs: Jobs, events: EventStream) -> None:
    lease = taken(jobs)
    last, read = events.last_id(), list[int]()
    reader = threading.Thread(
        target=lambda: read.extend(
            event.done for event in events.read(last, block_ms=30_000)
        )
    )
    reader.start()
    lease.advance(2)
    reader.join(30)
    assert read == [2]


def test_an_empty_stream_has_no_events(events: EventStream) -> None:
    assert events.last_id() == "0-0"
    assert events.read() == []
