"""`outspoken reindex`: what a Redis that was emptied forgot is asked for again."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from service.settings import ServiceSettings, read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def reindex(*, as_json: bool) -> None:
    """Order every article that is to be read and is not, after Redis was emptied.

    Articles, finished audio and withdrawals lie in the data folder and need nothing.
    May be run at any time, also while the service runs.

    Example: outspoken reindex
    """
    from service.articles.publishing import reindex as order_all  # noqa: PLC0415 - the same
    from service.narrations.backend import connect_redis, open_backend  # noqa: PLC0415 - loads Celery
    from workers.storage.archive import open_records  # noqa: PLC0415 - the same

    settings = read_settings()
    with _queue(settings) as address:
        records = open_records(settings)
        press = open_backend(settings, address, connect_redis(address), records)
        count = order_all(press, records)
    click.echo(json.dumps(asdict(count)) if as_json else str(count))


@contextlib.contextmanager
def _queue(settings: ServiceSettings) -> Iterator[str]:
    """Yield the queue's address: as it is named, else that of this data folder's own.

    Its broker is run for as long as the block when the service does not run.
    """
    from service.supervisor.broker import embedded_broker, running_broker  # noqa: PLC0415 - same
    from service.supervisor.exclusive import lock_data_folder  # noqa: PLC0415 - seldom needed

    folder = settings.data / "queue"
    address = settings.redis_url or running_broker(folder)
    if address:
        yield address
    else:
        with (
            lock_data_folder(settings.data),
            embedded_broker(folder, settings.broker) as broker,
        ):
            yield broker.address
