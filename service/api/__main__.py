"""The API process: everything it needs, put together once.

    python -m service.api [FD]      FD: a listening socket of `service.supervisor`

Without FD it listens on OUTSPOKEN_HOST and OUTSPOKEN_PORT.
"""

import logging
import resource
import socket
import sys

import uvicorn

from service.api import ApiContext, create_app
from service.api.streaming.live_stream import LiveStreams
from service.narrations.backend import connect_redis, open_backend
from service.operations.metrics import Metrics
from service.operations.readiness import Readiness
from service.preparation import load_preparer
from service.settings import ServiceSettings, read_settings, require_redis_url
from voices.errors import OutspokenError
from workers.logs import configure_logs
from workers.queue.stats import Stats
from workers.storage.blobs import library_folder

_FILES = 10_240
"""Open files, one a listener and some more; many systems let a process have 1,024
unless it asks.  macOS gives no more than this."""


def open_context(settings: ServiceSettings) -> ApiContext:
    """Open what the routes need; no voice is loaded and nothing is connected yet."""
    redis_url = require_redis_url(settings)
    redis = connect_redis(redis_url)
    stats = Stats(redis)
    backend = open_backend(settings, redis_url, redis)
    library = backend.archive.library
    live_streams = LiveStreams(backend.archive, backend.jobs)
    on_disk = library_folder(settings.library_address) is not None
    return ApiContext(
        preparer=load_preparer(settings),
        backend=backend,
        records=backend.records,
        live_streams=live_streams,
        readiness=Readiness(
            backend, backend.records, stats, settings.data if on_disk else None
        ),
        metrics=Metrics(
            stats, library, settings.library_limit, lambda: live_streams.listeners
        ),
        publication=settings.publication,
        public_url=settings.public_url,
        origins=settings.origins,
        max_body=settings.max_body,
    )


def main() -> None:
    """Serve until told to stop."""
    try:
        settings = read_settings()
        configure_logs("api", settings.log_level)
        context = open_context(settings)
    except OutspokenError as error:
        sys.exit(f"outspoken: {error}")
    config = uvicorn.Config(
        create_app(context),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    logging.getLogger("uvicorn.error").addFilter(_tells_more_than_a_cut)
    _allow_many_listeners()
    inherited = [socket.socket(fileno=int(fd)) for fd in sys.argv[1:]]
    uvicorn.Server(config).run(sockets=inherited or None)


def _tells_more_than_a_cut(record: logging.LogRecord) -> bool:
    # The live stream has logged the reason once; uvicorn repeats it per listener.
    return "without completing response" not in record.getMessage()


def _allow_many_listeners() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _FILES:
        most = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    main()
