"""`outspoken worker`: run a worker, on this or another machine."""

import socket

import click

from service.narrations.backend import connect_redis
from service.operations.readiness import require_worker
from service.settings import read_settings, require_redis_url
from workers.queue.stats import Stats


@click.command()
@click.option(
    "--healthcheck",
    is_flag=True,
    help="Check that a worker on this machine, or in this container, is alive.",
)
def worker(*, healthcheck: bool) -> None:
    """Render narrations for the queue at OUTSPOKEN_REDIS_URL until stopped.

    Example: OUTSPOKEN_REDIS_URL=redis://queue:6379/0 outspoken worker
    """
    settings = read_settings()
    redis_url = require_redis_url(settings)
    if healthcheck:
        require_worker(Stats(connect_redis(redis_url)), socket.gethostname())
        return
    # A check needs none of what a worker loads.
    from workers.process.worker import run_worker  # noqa: PLC0415

    run_worker(settings, redis_url)
