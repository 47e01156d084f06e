"""The embedded broker: one server per folder, and no lost queue."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from service.supervisor.embedded_redis import RunningRedis, embedded_broker
from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import wait_until, wait_until_gone
from tests.support.service import server_program
from voices.system.child_process import Process, die_with_parent
from workers.errors import QueueUnavailable, StorageFailed

pytestmark = pytest.mark.live


def socket_of(broker: RunningRedis) -> Path:
    """Return the path of a broker's socket."""
    return Path(broker.address.removeprefix("unix://"))


def client(path: Path) -> Redis:
    """Return a client that decodes responses."""
    return Redis(unix_socket_path=str(path), decode_responses=True)


@contextmanager
def unsupervised_server(folder: Path, path: Path) -> Iterator[Process]:
    """Run a server without a supervisor."""
    process = subprocess.Popen(
        [
            server_program(),
            *("--port", "0", "--unixsocket", path, "--dir", folder),
            *("--appendonly", "yes", "--save", ""),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: answers(path))
        yield process
    finally:
        process.kill()
        process.wait()


def answers(path: Path) -> bool:
    """Whether a server responds."""
    try:
        return bool(client(path).ping())
    except RedisError:
        return False


def test_queue_survives_restart(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        client(socket_of(broker)).rpush("queue", "order")
    with embedded_broker(tmp_path, server_program()) as broker:
        assert client(socket_of(broker)).lrange("queue", 0, -1) == ["order"]


def test_queue_survives_kill(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        client(socket_of(broker)).rpush("queue", "order")
        broker.process.kill()
    with embedded_broker(tmp_path, server_program()) as broker:
        assert client(socket_of(broker)).lrange("queue", 0, -1) == ["order"]


def test_orphaned_broker_is_stopped_and_its_queue_kept(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        path = socket_of(broker)
    with unsupervised_server(tmp_path, path) as orphan:
        client(path).rpush("queue", "order")
        with embedded_broker(tmp_path, server_program()) as broker:
            assert orphan.wait(START_TIMEOUT_S) == 0
            assert broker.process.pid != orphan.pid
            assert socket_of(broker) == path
            assert client(path).lrange("queue", 0, -1) == ["order"]


def test_stale_socket_file_is_replaced(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        path = socket_of(broker)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    assert path.is_socket()
    with embedded_broker(tmp_path, server_program()) as broker:
        assert client(socket_of(broker)).ping()


def test_server_of_another_folder_is_not_stopped(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with embedded_broker(tmp_path / "own", server_program()) as broker:
        path = socket_of(broker)
    with unsupervised_server(other, path) as foreign:
        with (
            pytest.raises(QueueUnavailable, match=f"of the folder {other}"),
            embedded_broker(tmp_path / "own", server_program()),
        ):
            pass
        assert foreign.poll() is None


def test_unresponsive_broker_is_reported(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        path = socket_of(broker)
    with unsupervised_server(tmp_path, path) as orphan:
        orphan.send_signal(signal.SIGSTOP)
        with (
            pytest.raises(QueueUnavailable, match="does not stop"),
            embedded_broker(tmp_path, server_program()),
        ):
            pass


def test_unwritable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "queue").write_text("in the way")
    with (
        pytest.raises(StorageFailed, match="queue cannot be used"),
        embedded_broker(tmp_path / "queue", server_program()),
    ):
        pass


SLEEP = [
    sys.executable,
    "-c",
    "import time; print('here', flush=True); time.sleep(999)",
]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
@pytest.mark.parametrize("orphaned", [signal.SIGTERM, signal.SIGKILL])
def test_child_ends_if_its_parent_died_before_it_started(
    orphaned: signal.Signals,
) -> None:
    with subprocess.Popen(["/bin/true"]) as parent:
        pass
    child = subprocess.Popen(SLEEP, preexec_fn=die_with_parent(parent.pid, orphaned))  # noqa: PLW1509 - what is tested
    assert child.wait(START_TIMEOUT_S) == -signal.SIGKILL


def test_child_ends_when_its_parent_is_killed() -> None:
    program = f"""
import signal, time
from voices.system.child_process import start_process
print(start_process({SLEEP!r}, orphaned=signal.SIGTERM).pid, flush=True)
time.sleep(999)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()
    wait_until_gone([child])


def test_child_has_no_stdin_and_does_not_write_to_stdout() -> None:
    program = f"""
import signal
from voices.system.child_process import start_process
start_process(
    [{sys.executable!r}, "-c", "import sys; print(sys.stdin.read(), 'out')"],
    orphaned=signal.SIGKILL,
).wait()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="in",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert done.stderr == ""
