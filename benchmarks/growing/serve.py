"""Serve a filled archive, and send requests to it: `serving`, `time_start`."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from growing.fill import FilledArchive
from service.supervisor.embedded_redis import embedded_broker, find_server_program

_TIMEOUT_S = 120
"""A time-out, not a measure."""


@dataclass(frozen=True, slots=True)
class ServedArchive:
    """An archive behind an API process and a Redis of its own; no worker runs."""

    filled: FilledArchive
    redis_url: str
    pid: int
    connection: http.client.HTTPConnection

    times: dict[str, list[float]] = field(default_factory=dict)
    """Milliseconds of each kind of request."""

    @property
    def size(self) -> int:
        """Number of its articles."""
        return self.filled.size

    def send(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send a request; return the status and the body of the answer."""
        content = json.dumps(body) if body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/json"
        while True:
            try:
                self.connection.request(method, path, content, headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (BrokenPipeError, http.client.RemoteDisconnected):
                self.connection.close()  # it was idle too long; it is opened again


@contextmanager
def serving(filled: FilledArchive) -> Iterator[ServedArchive]:
    """Serve an archive until the block ends."""
    with (
        tempfile.TemporaryDirectory(prefix="growth") as queue,
        embedded_broker(Path(queue), find_server_program()) as broker,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "service.api", str(listener.fileno())],
            env=_environment(filled, OUTSPOKEN_REDIS_URL=broker.address),
            pass_fds=[listener.fileno()],
        )
        try:
            connection = http.client.HTTPConnection(
                *listener.getsockname(), timeout=_TIMEOUT_S
            )
            served = ServedArchive(filled, broker.address, process.pid, connection)
            served.send("GET", "/healthz")
            yield served
        finally:
            process.terminate()
            process.wait()


def time_start(filled: FilledArchive) -> float:
    """Return the seconds from the start of `outspoken serve` until it is ready."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "serve", "--port=0"],
        env=_environment(filled),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    ready = process.stdout.readline()
    seconds = time.perf_counter() - started
    process.send_signal(signal.SIGINT)
    process.wait(_TIMEOUT_S)
    if not ready:
        sys.exit(f"serve did not start with {filled.size} articles")
    return seconds


def _environment(filled: FilledArchive, **settings: str) -> Mapping[str, str]:
    if filled.settings.database_url is not None:
        settings["OUTSPOKEN_DATABASE_URL"] = filled.settings.database_url
    data = {"OUTSPOKEN_DATA": str(filled.settings.data), "OUTSPOKEN_VOICE": "tone"}
    return os.environ | data | settings
