"""`outspoken worker`: run a worker, on this or another machine."""

import click

from service.settings import read_settings, require_redis_url
from workers.process.worker import run_worker


@click.command()
def worker() -> None:
    """Render narrations for the queue at OUTSPOKEN_REDIS_URL until stopped.

    Example: OUTSPOKEN_REDIS_URL=redis://queue:6379/0 outspoken worker
    """
    settings = read_settings()
    run_worker(settings, require_redis_url(settings))
