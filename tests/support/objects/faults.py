"""A server in front of an S3 API, which fails as a test says."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.support.paths import START_TIMEOUT_S

DROPPED = 0
"""A fault: the connection is closed without an answer."""

_REFUSAL = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code>'
    "<Message>made by the test</Message></Error>"
)
_CODES = {403: "AccessDenied", 409: "ConditionalRequestConflict", 503: "SlowDown"}


@dataclass
class FaultyServer:
    """Passes requests on to an S3 server after the faults that the test set."""

    endpoint: str
    target: str

    faults: list[int] = field(default_factory=list)
    """Status of the next answers, or DROPPED; then requests are passed on."""

    pause_s: float = 0
    """Time that each answer takes in addition."""

    may_answer: threading.Event = field(default_factory=threading.Event)
    """Set unless a test holds the answers back."""

    seen: list[str] = field(default_factory=list)
    """Method of each request."""

    def __post_init__(self) -> None:
        self.may_answer.set()


class _FaultySocketServer(ThreadingHTTPServer):
    daemon_threads = True
    faulty: FaultyServer


class _FaultyHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        assert isinstance(self.server, _FaultySocketServer)
        faulty = self.server.faulty
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        faulty.seen.append(self.command)
        faulty.may_answer.wait(START_TIMEOUT_S)
        threading.Event().wait(faulty.pause_s)
        if not faulty.faults:
            self._pass_on(faulty.target, body)
        elif (status := faulty.faults.pop(0)) == DROPPED:
            self.close_connection = True
        else:
            error = _REFUSAL.format(code=_CODES.get(status, "InternalError"))
            self._send(status, {}, error.encode())

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - theirs

    def _pass_on(self, target: str, body: bytes) -> None:
        connection = http.client.HTTPConnection(
            urlsplit(target).netloc, timeout=START_TIMEOUT_S
        )
        connection.request(self.command, self.path, body, dict(self.headers))
        found = connection.getresponse()
        self._send(found.status, dict(found.getheaders()), found.read())
        connection.close()

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        if self.command != "HEAD":
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            if name.lower() not in {"connection", "transfer-encoding", "date"}:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
        """Print nothing."""


@contextmanager
def faulty_server(target: str) -> Iterator[FaultyServer]:
    """Serve in front of another server."""
    server = _FaultySocketServer(("127.0.0.1", 0), _FaultyHandler)
    server.faulty = FaultyServer(f"http://127.0.0.1:{server.server_port}", target)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.faulty
    finally:
        server.shutdown()
        server.server_close()
