"""The embedded broker: one server a folder, whoever started it, and nothing is lost."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from service.supervisor.broker import RunningRedis, embedded_broker
from tests.support.paths import START_TIMEOUT_S
from tests.support.service import server_program
from voices.system.child_process import Process, die_with_parent
from workers.errors import QueueUnavailable, StorageFailed

pytestmark = pytest.mark.live


def socket_of(broker: RunningRedis) -> Path:
    """Return where a broker listens."""
    return Path(broker.address.removeprefix("unix://"))


def client(path: Path) -> Redis:
    """Return a client whose answers are text."""
    return Redis(unix_socket_path=str(path), decode_responses=True)


@contextmanager
def server(folder: Path, path: Path) -> Iterator[Process]:
    """Run a server that nobody supervises."""
    process = subprocess.Popen(
        [
            server_program(),
            *("--port", "0", "--unixsocket", path, "--dir", folder),
            *("--appendonly", "yes", "--save", ""),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers(path):
            assert time.monotonic() < deadline
        yield process
    finally:
        process.kill()
        process.wait()


def answers(path: Path) -> bool:
    """Whether a server is there."""
    try:
        return bool(client(path).ping())
    except RedisError:
        return False


def test_what_was_queued_is_there_after_a_restart(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        client(socket_of(broker)).rpush("queue", "order")
    with embedded_broker(tmp_path, server_program()) as broker:
        assert client(socket_of(broker)).lrange("queue", 0, -1) == ["order"]


def test_what_was_queued_is_there_after_its_death(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        client(socket_of(broker)).rpush("queue", "order")
        broker.process.kill()
    with embedded_broker(tmp_path, server_program()) as broker:
        assert client(socket_of(broker)).lrange("queue", 0, -1) == ["order"]


def test_a_broker_that_survived_hands_over_all_it_has(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        path = socket_of(broker)
    with server(tmp_path, path) as survivor:
        client(path).rpush("queue", "order")
        with embedded_broker(tmp_path, server_program()) as broker:
            assert survivor.wait(START_TIMEOUT_S) == 0
            assert broker.process.pid != survivor.pid
            assert socket_of(broker) == path
            assert client(path).lrange("queue", 0, -1) == ["order"]


def test_what_a_broken_off_start_left_is_no_hindrance(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        path = socket_of(broker)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert path.is_socket()
    with embedded_broker(tmp_path, server_program()) as broker:
        assert client(socket_of(broker)).ping()


def test_a_server_of_another_folder_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with embedded_broker(tmp_path / "own", server_program()) as broker:
        path = socket_of(broker)
    with server(other, path) as stranger:
        with (
            pytest.raises(QueueUnavailable, match=f"of the folder {other}"),
            embedded_broker(tmp_path / "own", server_program()),
        ):
            pass
        assert stranger.poll() is None


def test_a_server_that_does_not_answer_is_refused_with_a_word(tmp_path: Path) -> None:
    with embedded_broker(tmp_path, server_program()) as broker:
        path = socket_of(broker)
    with server(tmp_path, path) as survivor:
        survivor.send_signal(signal.SIGSTOP)
        with (
            pytest.raises(QueueUnavailable, match="does not stop"),
            embedded_broker(tmp_path, server_program()),
        ):
            pass


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
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
def test_a_child_whose_parent_died_while_it_was_born_ends(
    orphaned: signal.Signals,
) -> None:
    with subprocess.Popen(["/bin/true"]) as parent:
        pass
    born = subprocess.Popen(SLEEP, preexec_fn=die_with_parent(parent.pid, orphaned))  # noqa: PLW1509 - what is tested
    assert born.wait(START_TIMEOUT_S) == -signal.SIGKILL


def test_a_child_is_told_when_its_parent_is_killed() -> None:
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
    deadline = time.monotonic() + START_TIMEOUT_S
    while Path(f"/proc/{child}/cmdline").exists():
        assert time.monotonic() < deadline
        if not Path(f"/proc/{child}/cmdline").read_bytes():
            break  # a zombie


def test_a_process_reads_nothing_and_writes_nothing_to_our_output() -> None:
    program = f"""
import signal
from voices.system.child_process import start_process
start_process(
    [{sys.executable!r}, "-c", "import sys; print(sys.stdin.read(), 'out')"],
    orphaned=signal.SIGKILL,
).wait()
"""
    told = subprocess.run(
        [sys.executable, "-c", program],
        input="in",
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == ""
    assert told.stderr == ""
