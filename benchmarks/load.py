"""Measure how many readers one machine serves, of a new and of a finished article.

    python benchmarks/load.py [READERS] [ARTICLE]

Starts the service with two API processes.  All readers request a new article at once,
then the finished one repeatedly, alternating with a file of the same length served by
two bare processes of the same server.  Readers are plain sockets, because a client
library would be the bottleneck.  Uses 127.0.0.1 only and ends by itself.
"""

import asyncio
import hashlib
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

_READERS = 1000
_AT_ONCE = 100
"""Readers of a finished file at the same time; the others come when one has gone."""

_TIMEOUT = 300
"""Seconds after which a reader gives up: a time-out, not a measure."""

_SENTENCE = "The tide number {} turned at noon, and no one in the harbour saw it turn. "


@dataclass(frozen=True, slots=True)
class Reading:
    """The response that one reader received."""

    status: int

    first: float
    """Seconds until the first byte of the body."""

    sha256: str
    """Hash of the body."""

    bytes: int

    whole: bool
    """Whether the body ended as it said it would."""


async def read(host: str, port: int, path: str) -> Reading:
    """Read an address to its end."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        length = re.search(r"content-length: (\d+)", head)
        body, first, whole = await _body(reader, int(length[1]) if length else None)
    finally:
        writer.close()
    digest = hashlib.sha256(body).hexdigest()
    return Reading(status, first - started, digest, len(body), whole)


async def _body(
    reader: asyncio.StreamReader, length: int | None
) -> tuple[bytes, float, bool]:
    body, first = bytearray(), 0.0
    if length is not None:
        while piece := await reader.read(65536):
            first = first or time.perf_counter()
            body += piece
        return bytes(body), first, len(body) == length
    while line := await reader.readline():
        size = int(line, 16)
        if size == 0:
            return bytes(body), first, True
        body += await reader.readexactly(size)
        first = first or time.perf_counter()
        await reader.readexactly(2)
    return bytes(body), first, False  # the last chunk did not come: it was cut off


async def read_many(
    address: str, path: str, readers: int, at_once: int
) -> list[Reading]:
    """Read an address with `readers` readers, `at_once` at the same time."""
    host, _, port = address.removeprefix("http://").partition(":")
    turn = asyncio.Semaphore(at_once)

    async def read_once() -> Reading:
        async with turn:
            return await asyncio.wait_for(read(host, int(port), path), _TIMEOUT)

    return await asyncio.gather(*(read_once() for _ in range(readers)))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run the service with two API processes; yields its address."""
    command = [sys.executable, "-m", "service.cli", "serve", "--port=0"]
    settings = {
        "OUTSPOKEN_API_PROCESSES": "2",
        "OUTSPOKEN_CACHE": str(folder / "cache"),
        "OUTSPOKEN_DATA": str(folder / "data"),
    }
    with started(command, settings) as said:
        yield said.split()[-1].rstrip("/")


@contextmanager
def bare(file: Path) -> Iterator[str]:
    """Serve one file with the same server and nothing around it."""
    program = (
        "import os, socket, sys, uvicorn\n"
        "from starlette.applications import Starlette\n"
        "from starlette.responses import FileResponse\n"
        "from starlette.routing import Route\n"
        "door = socket.create_server(('127.0.0.1', 0), backlog=2048)\n"
        "print('http://127.0.0.1:%d' % door.getsockname()[1], flush=True)\n"
        "file = FileResponse(sys.argv[1])\n"
        "os.fork()  # two processes on one door, as the service has\n"
        "app = Starlette(routes=[Route('/file.mp3', lambda _: file)])\n"
        "uvicorn.Server(uvicorn.Config(app, log_level='warning')).run([door])\n"
    )
    with started([sys.executable, "-c", program, str(file)], {}) as said:
        yield said.strip()


@contextmanager
def started(command: list[str], settings: dict[str, str]) -> Iterator[str]:
    """Run a program until the block ends; yields its first line."""
    process = subprocess.Popen(
        command,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        yield process.stdout.readline()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def ask(address: str, method: str, path: str, body: object = None) -> bytes:
    """Return the body of an answer."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=_TIMEOUT)
    headers = {"Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def summary_line(name: str, readings: list[Reading], seconds: float) -> str:
    """Print how it went, and return the figures."""
    assert {reading.status for reading in readings} == {200}, "a reader was refused"
    assert all(reading.whole for reading in readings), "a reader was cut off"
    assert len({reading.sha256 for reading in readings}) == 1, (
        "readers heard different bytes"
    )
    first = sorted(1000 * reading.first for reading in readings)
    p99 = first[int(0.99 * (len(first) - 1))]
    pace = len(readings) / seconds
    figures = f"{pace:.0f}/s p50={statistics.median(first):.0f}ms p99={p99:.0f}ms"
    print(f"{name}: {len(readings)} readers, {figures}, {readings[0].bytes:,} bytes")
    return figures


def timed(
    address: str, path: str, readers: int, at_once: int
) -> tuple[list[Reading], float]:
    """Return what readers got, and how long all of it took."""
    start = time.perf_counter()
    readings = asyncio.run(read_many(address, path, readers, at_once))
    return readings, time.perf_counter() - start


def main() -> None:
    """Print the figures."""
    readers = int(sys.argv[1]) if len(sys.argv) > 1 else _READERS
    text = (
        Path(sys.argv[2]).read_text()
        if len(sys.argv) > 2  # noqa: PLR2004 - the second argument
        else "".join(_SENTENCE.format(number) for number in range(12))
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    with tempfile.TemporaryDirectory() as place, served(Path(place)) as address:
        made = json.loads(ask(address, "POST", "/v1/narrations", {"text": text}))
        path = f"/v1/narrations/{made['key']}.mp3"
        fresh = summary_line("fresh", *timed(address, path, readers, readers))
        file = Path(place) / "file.mp3"
        file.write_bytes(ask(address, "GET", path))
        with bare(file) as plain:
            paces = [
                (
                    timed(address, path, readers, _AT_ONCE)[1],
                    timed(plain, "/file.mp3", readers, _AT_ONCE)[1],
                )
                for _ in range(3)
            ]
            cached = summary_line("cached", *timed(address, path, readers, _AT_ONCE))
        ours, theirs = (
            statistics.median(column) for column in zip(*paces, strict=True)
        )
        metrics = ask(address, "GET", "/metrics").decode()
        (made_once,) = re.findall(
            r'^outspoken_jobs_total{end="ready"} (\S+)', metrics, re.MULTILINE
        )
    print(
        f"fresh={fresh} cached={cached} cost_to_bare={ours / theirs:.2f}"
        f" narrations={float(made_once):.0f}"
    )


if __name__ == "__main__":
    main()
