"""Measure how fast the API answers while clients and Redis try to block it.

    python benchmarks/blocking.py [ATTACK]

Starts the service with the tone voice.  During each attack four addresses are asked
once every 0.2 s; their slowest answers are printed, in seconds.  Uses 127.0.0.1 only
and ends by itself.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_INTERVAL_S = 0.2
_ATTACK_S = 8
"""Seconds that each attack is watched."""

_PAUSE_S = 3
"""Between two attacks: a broker that hung is used again within a second."""

_TIMEOUT_S = 30
"""Seconds after which a request is given up: a time-out, not a measure."""

_SENTENCE = "The tide number {} turned at noon, and no one in the harbour saw it turn. "
_SLOW_CLIENTS, _SLOW_BYTES = 45, 40_000
_HALF_SENT = 200
_STATE_REQUESTS = 200
_ARTICLES = 180


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """Run the service; yield its address and its broker's process id."""
    settings = {"DATA": str(folder / "data"), "VOICE": "tone", "PORT": "0"}
    environment = os.environ | {f"OUTSPOKEN_{k}": v for k, v in settings.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            ready = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert ready, "the service did not start"
            yield ready[0], _broker_of(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def _broker_of(supervisor: int) -> int:
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text()
    for child in children.split():
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"valkey" in command or b"redis-server" in command:
            return int(child)
    raise AssertionError("the broker is not running")


def ask(address: str, method: str = "GET", body: object = None) -> tuple[int, bytes]:
    """Return the status and the body of an answer; 0 if there is none in time."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - our own service
        address, data, {"Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""
    except OSError:
        return 0, b""


def finish_article(address: str) -> str:
    """Have an article read; return the path of its narration."""
    body = {"text": "".join(map(_SENTENCE.format, range(20)))}
    _, answer = ask(f"{address}/v1/narrations", "POST", body)
    path = f"/v1/narrations/{json.loads(answer)['key']}"
    while b'"ready"' not in ask(address + path)[1]:
        time.sleep(0.1)
    return path


class Watch:
    """Asks addresses again and again, and keeps the slowest answer of each."""

    def __init__(self, address: str, narration: str) -> None:
        """Begin to ask."""
        self.slowest: dict[str, float] = {}
        self.statuses: dict[str, set[int]] = {}
        self._address = address
        self._is_over = threading.Event()
        paths = ["/healthz", "/readyz", "/", narration, f"{narration}.mp3"]
        self._threads = [threading.Thread(target=self._watch, args=[p]) for p in paths]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask no more."""
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, path: str) -> None:
        name = path.replace(path[15:47], "KEY") if "narrations" in path else path
        while not self._is_over.wait(_INTERVAL_S):
            started = time.perf_counter()
            status, _ = ask(self._address + path)
            took = time.perf_counter() - started
            self.slowest[name] = max(took, self.slowest.get(name, 0))
            self.statuses.setdefault(name, set()).add(status)


def send_slowly(address: str, _: int) -> None:
    """Send bodies a few bytes at a time."""
    body = json.dumps({"text": _SENTENCE * (_SLOW_BYTES // len(_SENTENCE))}).encode()
    head = "POST /v1/narrations HTTP/1.1\r\nHost: localhost\r\n"
    head += f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n\r\n"
    with _connections(address, _SLOW_CLIENTS, head.encode() + body[:100]) as sockets:
        for at in range(100, 100 + 10 * _ATTACK_S):
            for connection in sockets:
                _send(connection, body[at : at + 1])
            time.sleep(0.1)


def send_halves(address: str, _: int) -> None:
    """Send half of a header, and half of a body, and keep the connections open."""
    half = b"GET /healthz HTTP/1.1\r\nHost:"
    body = b"POST /v1/narrations HTTP/1.1\r\nHost: localhost\r\n"
    body += b"Content-Length: 9000\r\n\r\n{"
    with (
        _connections(address, _HALF_SENT // 2, half) as headers,
        _connections(address, _HALF_SENT // 2, body) as bodies,
    ):
        deadline = time.monotonic() + 2 * _ATTACK_S
        while time.monotonic() < deadline:
            time.sleep(0.1)
        opened = [*headers, *bodies]
        print("   still open:", sum(map(_is_open, opened)), "of", len(opened))


def stop_broker(address: str, broker: int) -> None:
    """Ask for states while the broker hangs."""
    os.kill(broker, signal.SIGSTOP)
    took: list[float] = []

    def ask_state(number: int) -> None:
        started = time.perf_counter()
        ask(f"{address}/v1/narrations/{number:032x}")
        took.append(time.perf_counter() - started)

    try:
        with ThreadPoolExecutor(_STATE_REQUESTS) as pool:
            list(pool.map(ask_state, range(_STATE_REQUESTS)))
        print(f"   slowest of {_STATE_REQUESTS} states: {max(took):.2f}")
        time.sleep(_ATTACK_S / 2)
    finally:
        os.kill(broker, signal.SIGCONT)


def send_backfill(address: str, _: int) -> None:
    """Send many articles at once."""
    statuses: dict[int, int] = {}

    def put(number: int) -> None:
        text = "".join(_SENTENCE.format(number * 100 + i) for i in range(60))
        body = {"text": text, "source": "article", "priority": "bulk"}
        status, _ = ask(f"{address}/v1/articles/a{number}", "PUT", body)
        statuses[status] = statuses.get(status, 0) + 1

    started = time.perf_counter()
    with ThreadPoolExecutor(_ARTICLES) as pool:
        list(pool.map(put, range(_ARTICLES)))
    print(f"   answers: {statuses} in {time.perf_counter() - started:.1f} s")


@contextmanager
def _connections(
    address: str, count: int, data: bytes
) -> Iterator[list[socket.socket]]:
    host, _, port = address.removeprefix("http://").partition(":")
    opened = [socket.create_connection((host, int(port))) for _ in range(count)]
    try:
        for connection in opened:
            _send(connection, data)
        yield opened
    finally:
        for connection in opened:
            connection.close()


def _send(connection: socket.socket, data: bytes) -> None:
    try:
        connection.sendall(data)
    except OSError:
        return  # the service has closed it


def _is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)  # noqa: FBT003 - its only argument
    try:
        while data := connection.recv(4096):
            assert data
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


_ATTACKS: dict[str, Callable[[str, int], None]] = {
    "slow-bodies": send_slowly,
    "half-sent": send_halves,
    "stopped-broker": stop_broker,
    "backfill": send_backfill,
}


def main() -> None:
    """Print the slowest answers during each attack, and without one."""
    names = sys.argv[1:] or [*_ATTACKS]
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (url, broker):
        narration = finish_article(url)
        for name in ("none", *names):
            watch = Watch(url, narration)
            _ATTACKS.get(name, lambda *_: time.sleep(2))(url, broker)
            watch.end()
            time.sleep(_PAUSE_S)
            figures = (
                f"{path} {took:.2f} {sorted(watch.statuses[path])}"
                for path, took in watch.slowest.items()
            )
            print(f"{name}: {', '.join(figures)}", flush=True)


if __name__ == "__main__":
    main()
