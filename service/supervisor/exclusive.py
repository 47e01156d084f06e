"""What one service has to itself: its data folder and its door."""

import contextlib
import fcntl
import json
import socket
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from service.errors import AlreadyRunning
from service.supervisor.signals import SignalWaiter
from workers.storage.atomic_files import translating_os_errors

_ANSWER_SECONDS = 5
"""A time-out; whoever is ready says so within milliseconds."""


@contextlib.contextmanager
def lock_data_folder(data: Path) -> Iterator[None]:
    """Hold the folder against other services; raises AlreadyRunning, StorageFailed.

    The lock goes with the process that holds it, also when that is killed.
    """
    with translating_os_errors(data):
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
            raise AlreadyRunning(message) from error
        yield


@contextlib.contextmanager
def open_listen_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Open the door that the API's processes share; raises AlreadyRunning."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        message = f"Cannot listen on {host}:{port} ({error.strerror}); choose --port."
        raise AlreadyRunning(message) from error
    with door:
        yield door


def base_url(door: socket.socket) -> str:
    """Return where the door is, as `http://host:port`."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def readiness_problem(door: socket.socket, bell: SignalWaiter) -> str | None:
    """Ask behind the door: None when all is ready, else what is said to lack.

    Nothing is said ("") while nobody answers, and when the bell rings first.
    """
    # Not urllib, which would ask a proxy that the environment names.
    host, port = door.getsockname()[:2]
    caller = HTTPConnection(host, port, timeout=_ANSWER_SECONDS)
    try:
        caller.request("GET", "/readyz")
        if not bell.wait(_ANSWER_SECONDS, caller.sock):
            return ""
        answer = caller.getresponse()
        if answer.status == HTTPStatus.OK:
            return None
        return str(json.loads(answer.read())["detail"])
    except (OSError, HTTPException, ValueError, KeyError):
        return ""
    finally:
        caller.close()
