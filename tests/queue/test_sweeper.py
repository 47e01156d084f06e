"""The sweeper publishes jobs again whose worker or message was lost."""

import json
import time

import pytest
from redis import Redis

from tests.support.jobs import ARTICLE, OTHER_SPEC, SPEC, expire_lease, waiting
from voices.engine import SOUND_VERSION
from workers.process.stale_segments import remove_stale_segments
from workers.queue.jobs import Jobs, Lane, State
from workers.queue.lease import Lease, LeaseTimeouts, TakeResult
from workers.queue.publisher import Queue
from workers.queue.sweeper import Sweeper
from workers.storage.blobs import MemoryBlobStore


def test_a_dead_workers_job_is_published_again(queue: Queue, redis: Redis) -> None:
    queue.submit(SPEC)
    redis.delete(*Lane.INTERACTIVE.lists)  # the dead one had taken the message
    Lease(queue.jobs, SPEC.key, LeaseTimeouts()).take()
    sweeper = Sweeper(queue, redis)
    assert sweeper.sweep() == []
    expire_lease(queue.jobs)
    assert sweeper.sweep() == [SPEC.key]
    assert sweeper.sweep() == []
    assert waiting(redis, Lane.INTERACTIVE) == 1
    assert Lease(queue.jobs, SPEC.key, LeaseTimeouts()).take() is TakeResult.TAKEN


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
