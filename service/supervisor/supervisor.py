"""The house is kept: everything starts with one process and ends with it."""

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
from service.supervisor.broker import prepare_embedded_redis
from service.supervisor.children import Children, ProcessSpec
from service.supervisor.exclusive import (
    base_url,
    lock_data_folder,
    open_listen_socket,
    readiness_problem,
)
from service.supervisor.signals import SignalWaiter, signal_waiter
from voices.system.child_process import start_process
from workers.queue.jobs import Jobs

_LOG = logging.getLogger(__name__)

_LOOK_AGAIN = 0.05
"""Seconds between two looks at what is starting."""

_TELL_AGAIN = 10
"""Seconds of starting after which it is told what keeps it; three are usual."""


def run_supervisor(settings: ServiceSettings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is called with the address, once.

    Without OUTSPOKEN_REDIS_URL a broker of our own is started first and ended last.
    A child that dies while the house starts ends it; later it is started again.  All of
    them end with this process, also when it is killed.
    Raises AlreadyRunning when the data folder or the port is in use, QueueUnavailable
    when Redis does not answer, VoiceNotFound or InvalidMarkers when no request could be
    answered, StorageFailed, ChildProcessExited.
    """
    _check(settings)
    with contextlib.ExitStack() as house:
        bell = house.enter_context(signal_waiter())
        house.enter_context(lock_data_folder(settings.data))
        door = house.enter_context(open_listen_socket(settings.host, settings.port))
        children = house.enter_context(Children())
        redis_url = settings.redis_url or _start_broker(settings, children, bell)
        environment = os.environ | {
            "OUTSPOKEN_DATA": str(settings.data.resolve()),
            "OUTSPOKEN_REDIS_URL": redis_url,
        }
        for post in _posts(settings, environment, door):
            children.start(post)
        if _wait_until_ready(door, children, bell):
            announce(base_url(door))
        while not bell.stopping:
            bell.wait(children.tend())


def _check(settings: ServiceSettings) -> None:
    """Find what would make every request fail, before anything is started."""
    load_preparer(settings).catalogue.find(settings.voice)
    if settings.redis_url:
        Jobs(Redis.from_url(settings.redis_url)).ping()


def _start_broker(
    settings: ServiceSettings, children: Children, bell: SignalWaiter
) -> str:
    home = prepare_embedded_redis(settings.data / "queue", settings.broker)
    post = ProcessSpec("broker", home.start, speaks=f"in {home.log}", goes_last=True)
    children.start(post)
    # No time-out: it reads its file as fast as the disk does, however long that is.
    while not bell.stopping and not home.answers():
        children.expect_alive()
        bell.wait(_LOOK_AGAIN)
    return home.address


def _wait_until_ready(
    door: socket.socket, children: Children, bell: SignalWaiter
) -> bool:
    """Return True once the API says so, False when it is time to stop before."""
    told = time.monotonic()
    while not bell.stopping:
        lacks = readiness_problem(door, bell)
        if lacks is None:
            return True
        if lacks and time.monotonic() - told > _TELL_AGAIN:
            _LOG.warning("not ready yet: %s", lacks)
            told = time.monotonic()
        children.expect_alive()
        bell.wait(_LOOK_AGAIN)
    return False


def _posts(
    settings: ServiceSettings, environment: Mapping[str, str], door: socket.socket
) -> Iterator[ProcessSpec]:
    start = functools.partial(
        # A worker asked politely would first finish what it reads.
        start_process,
        orphaned=signal.SIGKILL,
        environment=environment,
    )
    worker = [sys.executable, "-m", "service.cli", "worker"]
    yield ProcessSpec("worker", functools.partial(start, worker))
    fd = door.fileno()
    api = [sys.executable, "-m", "service.api", str(fd)]
    for number in range(1, settings.api_processes + 1):
        name = f"API {number}" if settings.api_processes > 1 else "API"
        yield ProcessSpec(name, functools.partial(start, api, inherited=[fd]))
