"""One machine: the broker, a worker and the API under one supervisor."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from redis import Redis

from service.errors import ChildDied, HouseOccupied
from service.settings import Settings
from service.studio import open_studio
from workers.broker import die_with_parent, embedded_broker
from workers.files import storage
from workers.jobs import Jobs

Process = subprocess.Popen[bytes]

_GRACE = 10
"""Seconds a child has to end by itself before it is killed."""


def keep_house(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `announce` is called with the address, once.

    Without OUTSPOKEN_REDIS_URL a broker of our own is started first and ended last.
    All children end with this process, also when it is killed.  Raises HouseOccupied
    when the data folder or the port is in use, QueueUnavailable when Redis does not
    answer, VoiceNotFound or MarkersBroken when no request could be answered, ChildDied.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _check(settings)
    with contextlib.ExitStack() as house:
        house.enter_context(_occupied(settings.data))
        door = house.enter_context(_listening(settings.host, settings.port))
        children: dict[str, Process] = {}
        redis_url = settings.redis_url
        if redis_url is None:
            broker = house.enter_context(embedded_broker(settings.data / "queue"))
            redis_url, children["broker"] = broker.address, broker.process
        environment = os.environ | {
            "OUTSPOKEN_DATA": str(settings.data.resolve()),
            "OUTSPOKEN_REDIS_URL": redis_url,
        }
        worker = _child(["-m", "service.cli", "worker"], environment)
        children["worker"] = house.enter_context(worker)
        api = _child(["-m", "service.api", str(door.fileno())], environment, door)
        children["API"] = house.enter_context(api)
        while not (ready := _ready(door)) and not stop.wait(0.1):
            _expect_alive(children)
        if ready:
            announce(f"http://{_authority(door)}")
        while not stop.wait(0.5):
            _expect_alive(children)


def _check(settings: Settings) -> None:
    """Find what would make every request fail, before anything is started."""
    open_studio(settings).catalogue.find(settings.voice)
    if settings.redis_url:
        Jobs(Redis.from_url(settings.redis_url)).ping()


def _ready(door: socket.socket) -> bool:
    # Not urllib, which would ask a proxy that the environment names.
    host, port = door.getsockname()[:2]
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _expect_alive(children: dict[str, Process]) -> None:
    for name, process in children.items():
        if process.poll() is not None:
            message = (
                f"The {name} ended by itself (exit code {process.returncode}); what it"
                " said stands above.  Start the service again."
            )
            raise ChildDied(message)


@contextlib.contextmanager
def _occupied(data: Path) -> Iterator[None]:
    with storage(data):
        data.mkdir(parents=True, exist_ok=True)
        lock = (data / "lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = (
                f"Another service is using {data}; stop it or choose another folder"
                " with --data."
            )
            raise HouseOccupied(message) from error
        yield


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        message = f"Cannot listen on {host}:{port} ({error.strerror}); choose --port."
        raise HouseOccupied(message) from error
    with door:
        yield door


@contextlib.contextmanager
def _child(
    arguments: list[str], environment: dict[str, str], *inherited: socket.socket
) -> Iterator[Process]:
    process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [sys.executable, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        # Data on stdout is the announcement alone.
        stdout=sys.stderr.fileno(),
        pass_fds=[one.fileno() for one in inherited],
        start_new_session=True,  # Ctrl-C is for the supervisor, who tells the children
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one call, no locks
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: Process) -> None:
    # SIGQUIT makes a worker put back what it holds; SIGKILL takes its pool along.
    for number in (signal.SIGTERM, signal.SIGQUIT):
        if process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _authority(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
