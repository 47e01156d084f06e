"""Run the service on one machine: start its processes, and end with them."""

import contextlib
import functools
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from redis import Redis

from service.preparation import load_preparer
from service.settings import ServiceSettings
from service.supervisor.data_folder_lock import (
    base_url,
    lock_data_folder,
    open_listen_socket,
    readiness_problem,
)
from service.supervisor.embedded_redis import prepare_embedded_redis
from service.supervisor.restart_children import Children, ProcessSpec
from service.supervisor.signals import SignalWaiter, signal_waiter
from voices.system.child_process import start_process
from workers.database import open_database
from workers.queue.jobs import Jobs

_LOG = logging.getLogger(__name__)

_POLL_INTERVAL_S = 0.05
"""Between two checks of a process that is starting."""

_WARN_INTERVAL_S = 10
"""Time of starting after which the log says what is missing; 3 s is usual."""


def run_supervisor(settings: ServiceSettings, announce: Callable[[str], None]) -> None:
    """Run the service until SIGINT or SIGTERM.

    Without OUTSPOKEN_REDIS_URL an embedded broker is started first and stopped last.  A
    process that exits during start-up ends the service; later it is restarted.  All
    processes end with this one, even if it is killed.

    Args:
        settings: the service's settings.
        announce: called once with the address, when the API is ready.

    Raises:
        AlreadyRunning: the data folder is in use.
        PortInUse: the port is in use.
        QueueUnavailable: Redis does not respond.
        VoiceNotFound: the default voice is not installed.
        InvalidMarkers: the cleaning phrases cannot be used.
        DatabaseTooNew: a newer version of the program wrote the database.
        DatabaseUnavailable: the database does not answer.
        StorageFailed: the data folder or the database cannot be written.
        ChildProcessExited: a process exited during start-up.
    """
    _check(settings)
    with contextlib.ExitStack() as stack:
        signals = stack.enter_context(signal_waiter())
        stack.enter_context(lock_data_folder(settings.data))
        # Each process would report a database that cannot be used, in lines of its own.
        open_database(settings.database_address).close()
        listen_socket = stack.enter_context(
            open_listen_socket(settings.host, settings.port)
        )
        children = stack.enter_context(Children())
        redis_url = settings.redis_url or _start_broker(settings, children, signals)
        environment = os.environ | {
            "OUTSPOKEN_DATA": str(settings.data.resolve()),
            "OUTSPOKEN_REDIS_URL": redis_url,
        }
        for spec in _process_specs(settings, environment, listen_socket):
            children.start(spec)
        if _wait_until_ready(listen_socket, children, signals):
            announce(base_url(listen_socket))
        while not signals.stopping:
            signals.wait(children.restart_exited())


def _check(settings: ServiceSettings) -> None:
    """Raise what would make every request fail, before anything is started."""
    load_preparer(settings).catalogue.find(settings.voice)
    if settings.redis_url:
        Jobs(Redis.from_url(settings.redis_url)).ping()


def _start_broker(
    settings: ServiceSettings, children: Children, signals: SignalWaiter
) -> str:
    redis = prepare_embedded_redis(settings.data / "queue", settings.broker)
    children.start(
        ProcessSpec("broker", redis.start, log_hint=f"in {redis.log}", stops_last=True)
    )
    # No time-out: it loads its file as fast as the disk reads, however long that is.
    while not signals.stopping and not redis.answers():
        children.require_running()
        signals.wait(_POLL_INTERVAL_S)
    return redis.address


def _wait_until_ready(
    listen_socket: socket.socket, children: Children, signals: SignalWaiter
) -> bool:
    """Return True once the API is ready, False if the service is to stop first."""
    warned_at = time.monotonic()
    while not signals.stopping:
        problem = readiness_problem(listen_socket, signals)
        if problem is None:
            return True
        if problem and time.monotonic() - warned_at > _WARN_INTERVAL_S:
            _LOG.warning("not ready yet: %s", problem)
            warned_at = time.monotonic()
        children.require_running()
        signals.wait(_POLL_INTERVAL_S)
    return False


def _process_specs(
    settings: ServiceSettings,
    environment: Mapping[str, str],
    listen_socket: socket.socket,
) -> Iterator[ProcessSpec]:
    start = functools.partial(
        # On SIGTERM a worker would first finish its narration.
        start_process,
        orphaned=signal.SIGKILL,
        environment=environment,
    )
    worker = [sys.executable, "-m", "service.cli", "worker"]
    yield ProcessSpec("worker", functools.partial(start, worker))
    fd = listen_socket.fileno()
    api = [sys.executable, "-m", "service.api", str(fd)]
    for number in range(1, settings.api_processes + 1):
        name = f"API {number}" if settings.api_processes > 1 else "API"
        yield ProcessSpec(name, functools.partial(start, api, inherited=[fd]))
