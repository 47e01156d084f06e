"""`outspoken worker`: one more worker, on this or another machine."""

import click

from service.settings import read_settings, require_redis_url


@click.command()
def worker() -> None:
    """Make narrations for the queue at OUTSPOKEN_REDIS_URL until told to stop.

    Example: OUTSPOKEN_REDIS_URL=redis://queue:6379/0 outspoken worker
    """
    from workers.process.worker import run_worker  # noqa: PLC0415 - loads the synthesiser

    settings = read_settings()
    run_worker(settings, require_redis_url(settings))
