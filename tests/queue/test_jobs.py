"""Jobs, leases and the sweeper, with real Redis."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from tests.support.jobs import ARTICLE, OTHER_ARTICLE, OTHER_SPEC, SCRIPT, SPEC, waiting
from workers.errors import QueueFull, QueueUnavailable
from workers.interruptions import JobCancelled
from workers.narration import JobSpec
from workers.queue.claimants import Claimant
from workers.queue.jobs import ClaimResult, Jobs, Lane
from workers.queue.lease import Lease, LeaseTimeouts
from workers.queue.publisher import Queue


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
    absent = f"{tmp_path_factory.mktemp('x')}/absent.sock"
    jobs = Jobs(Redis.from_url(f"unix://{absent}", decode_responses=True))
    with pytest.raises(QueueUnavailable, match="try again"):
        jobs.claim(SPEC, Lane.BULK, ARTICLE)
    with pytest.raises(QueueUnavailable):
        jobs.find(SPEC.key)
