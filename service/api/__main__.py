"""The API process: composition root and entry point.

    python -m service.api [FD]      FD: a listening socket of `service.supervisor`

Without FD it listens on OUTSPOKEN_HOST and OUTSPOKEN_PORT.
"""

import gc
import logging
import resource
import socket
import sys
from dataclasses import replace

import uvicorn

from service.api import ApiContext, create_app
from service.api.header_timeout import header_timeout_protocol
from service.api.middleware.host_check import is_loopback
from service.api.streaming.subscribers import LiveStreams
from service.narrations.backend import connect_redis, open_backend
from service.operations.metrics import Metrics
from service.operations.readiness import Readiness
from service.preparation import load_preparer
from service.preparer_pool import PreparerPool
from service.settings import ServiceSettings, read_settings, require_redis_url
from voices.errors import OutspokenError
from workers.logs import configure_logs
from workers.queue.stats import Stats
from workers.storage.blobs import is_in_redis

_MAX_OPEN_FILES = 10_240
"""Open files requested from the system, one per listener and some more.  Many systems
allow 1,024 by default; macOS allows no more than this."""


def open_context(settings: ServiceSettings) -> ApiContext:
    """Build the dependencies of the routes; load no voice, do not connect to Redis.

    Articles are prepared in this process, which listens where the settings say.
    """
    redis_url = require_redis_url(settings)
    redis = connect_redis(redis_url)
    stats = Stats(redis)
    backend = open_backend(settings, redis_url, redis)
    live_streams = LiveStreams(backend.archive, backend.jobs)
    in_redis = is_in_redis(settings.library_address)
    preparer = load_preparer(settings)
    return ApiContext(
        preparer=preparer,
        catalogue=preparer.catalogue,
        default_voice=settings.voice,
        backend=backend,
        live_streams=live_streams,
        readiness=Readiness(backend, stats, None if in_redis else settings.data),
        metrics=Metrics(
            stats,
            backend.archive,
            settings.library_limit,
            lambda: live_streams.listeners,
        ),
        publication=settings.publication,
        approval_below=settings.approval_below,
        public_url=settings.public_url,
        origins=settings.origins,
        max_body=settings.max_body,
        is_on_loopback=is_loopback(settings.host),
        request_timeout_s=settings.request_seconds,
        redirect_audio=settings.redirect_audio,
    )


def main() -> None:
    """Serve until a signal ends the process."""
    try:
        settings = read_settings()
        configure_logs("api", settings.log_level)
        context = open_context(settings)
    except OutspokenError as error:
        sys.exit(f"outspoken: {error}")
    _raise_open_files_limit()
    inherited = [socket.socket(fileno=int(fd)) for fd in sys.argv[1:]]
    if inherited:
        # The option --host of `outspoken serve` is not in this process's settings.
        address = inherited[0].getsockname()[0]
        context = replace(context, is_on_loopback=is_loopback(address))
    with PreparerPool(settings) as preparer:
        _serve(replace(context, preparer=preparer), settings, inherited)


def _serve(
    context: ApiContext, settings: ServiceSettings, inherited: list[socket.socket]
) -> None:
    config = uvicorn.Config(
        create_app(context),
        http=header_timeout_protocol(settings.request_seconds),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_not_truncation)
    # What is loaded by now stays, so that collections only look at what requests leave.
    gc.freeze()
    uvicorn.Server(config).run(sockets=inherited or None)


def _is_not_truncation(record: logging.LogRecord) -> bool:
    # The live stream logs the reason once; uvicorn would add a line per listener.
    return "without completing response" not in record.getMessage()


def _raise_open_files_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _MAX_OPEN_FILES:
        limit = _MAX_OPEN_FILES
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


if __name__ == "__main__":
    main()
