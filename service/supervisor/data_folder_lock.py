"""Resources of which each service has one: its data folder and its port."""

import contextlib
import fcntl
import json
import socket
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from service.errors import AlreadyRunning, PortInUse
from service.supervisor.signals import SignalWaiter
from voices.errors import OutspokenError
from workers.storage.atomic_files import translating_os_errors

DATA_LOCK = "lock"
"""File in a data folder that the service locks which uses it."""

_RESPONSE_TIMEOUT_S = 5
"""Time limit of a readiness check; a ready API responds within milliseconds."""


@contextlib.contextmanager
def lock_data_folder(data: Path) -> Iterator[None]:
    """Hold the data folder's lock until the block ends.

    Raises:
        AlreadyRunning: another service holds the lock.
        StorageFailed: the folder cannot be written.
    """
    message = (
        f"Another service is using {data}; stop it or choose another folder with"
        " --data."
    )
    with hold_lock(data / DATA_LOCK, AlreadyRunning(message)):
        yield


@contextlib.contextmanager
def hold_lock(file: Path, busy: OutspokenError) -> Iterator[None]:
    """Hold the lock of a file until the block ends; raise `busy` if it is held.

    The file and its folder are created.  The kernel releases the lock when the process
    ends, even if it is killed.

    Raises:
        StorageFailed: the folder cannot be written.
    """
    with translating_os_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = file.open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise busy from error
        yield


@contextlib.contextmanager
def open_listen_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Open the socket that the API's processes share.

    Raises:
        PortInUse: the port is in use, or this process may not listen on it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listen_socket = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        message = f"Cannot listen on {host}:{port} ({error.strerror}); choose --port."
        raise PortInUse(message) from error
    with listen_socket:
        yield listen_socket


def base_url(listen_socket: socket.socket) -> str:
    """Return the socket's address as `http://host:port`."""
    host, port = listen_socket.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def readiness_problem(
    listen_socket: socket.socket, signals: SignalWaiter
) -> str | None:
    """Return None if the API is ready, else what it reports as missing.

    "" if the API does not respond, or a signal arrives first.
    """
    # Not urllib, which would use a proxy that the environment names.
    host, port = listen_socket.getsockname()[:2]
    connection = HTTPConnection(host, port, timeout=_RESPONSE_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        if not signals.wait(_RESPONSE_TIMEOUT_S, connection.sock):
            return ""
        response = connection.getresponse()
        if response.status == HTTPStatus.OK:
            return None
        return str(json.loads(response.read())["detail"])
    except (OSError, HTTPException, ValueError, KeyError):
        return ""
    finally:
        connection.close()
