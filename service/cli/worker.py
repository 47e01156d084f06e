"""`outspoken worker`: one more worker, on this or another machine."""

import click

from service.settings import Settings
from workers.errors import QueueUnavailable


@click.command()
def worker() -> None:
    """Make narrations for the queue at OUTSPOKEN_REDIS_URL until told to stop.

    Example: OUTSPOKEN_REDIS_URL=redis://queue:6379/0 outspoken worker
    """
    from workers.worker import work  # noqa: PLC0415 - loads the synthesiser

    settings = Settings()
    if settings.redis_url is None:
        message = "Set OUTSPOKEN_REDIS_URL, or start everything with `outspoken serve`."
        raise QueueUnavailable(message)
    work(settings, settings.redis_url)
