"""Fixtures of the queue: jobs and a queue over a real Redis."""

import pytest
from redis import Redis

from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs
from workers.queue.publisher import Queue
from workers.queue.stats import Stats


@pytest.fixture(name="jobs")
def _jobs(redis: Redis) -> Jobs:
    return Jobs(redis, limit=3)


@pytest.fixture(name="queue")
def _queue(broker: str, redis: Redis, jobs: Jobs) -> Queue:
    return Queue(create_celery_app(broker), jobs, Stats(redis))
