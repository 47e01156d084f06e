"""Run a reindex against the queue of a service, running or not."""

import contextlib
from collections.abc import Iterator

from service.articles.reindex import ReindexReport, reindex
from service.narrations.backend import connect_redis, open_backend
from service.settings import ServiceSettings
from service.supervisor.data_folder_lock import lock_data_folder
from service.supervisor.embedded_redis import embedded_broker, running_broker


def reindex_articles(settings: ServiceSettings) -> ReindexReport:
    """Queue every article that should have a narration and has none.

    Raises:
        AlreadyRunning: The data folder is locked and its broker does not answer.
        QueueUnavailable: Redis does not answer.
        StorageFailed: The library or the database cannot be read.
    """
    with _queue_address(settings) as address:
        backend = open_backend(settings, address, connect_redis(address))
        return reindex(backend)


@contextlib.contextmanager
def _queue_address(settings: ServiceSettings) -> Iterator[str]:
    """Yield the address of the queue: the configured one, else the data folder's own.

    The embedded broker is started for the duration of the block if it does not run.
    """
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
