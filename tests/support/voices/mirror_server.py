"""A local voice mirror that can simulate network faults."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class MirrorFiles:
    """Files, faults and request log of a mirror."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    """By path, without the leading slash."""

    moved: dict[str, str] = field(default_factory=dict)
    """Redirects: path to URL."""

    supports_ranges: bool = True
    cut_after: int | None = None
    """Bytes of a body after which each connection is cut."""

    requests: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and range of each request."""

    def publish(
        self, name: str, model: bytes, config: bytes, card: bytes | None
    ) -> None:
        """Add a voice to the index, and its files."""
        folder = f"{name[:2]}/{name.partition('-')[0]}/{name}"
        files = {f"{name}.onnx": model, f"{name}.onnx.json": config}
        if card is not None:
            files["MODEL_CARD"] = card
        self.files |= {f"{folder}/{file}": content for file, content in files.items()}
        listed = json.loads(self.files.get("voices.json", b"{}"))
        listed[name] = {
            "key": name,
            "language": {"code": name.partition("-")[0], "family": name[:2]},
            "num_speakers": 1,
            "files": {
                f"{folder}/{file}": {
                    "size_bytes": len(content),
                    "md5_digest": md5(content),
                }
                for file, content in files.items()
            },
        }
        self.files["voices.json"] = json.dumps(listed).encode()

    def ranges_requested(self, end: str) -> list[str | None]:
        """Return the ranges requested of files whose path ends with `end`."""
        return [part for path, part in self.requests if path.endswith(end)]


def md5(content: bytes) -> str:
    """Return a checksum in the format of voices.json."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@contextmanager
def run_mirror() -> Iterator[MirrorFiles]:
    """Serve an empty mirror until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    mirror = MirrorFiles(f"http://127.0.0.1:{server.server_port}/base")
    server.mirror = mirror  # type: ignore[attr-defined]  # where handlers find it
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        mirror: MirrorFiles = self.server.mirror  # type: ignore[attr-defined]
        path = unquote(self.path).removeprefix("/base/")
        mirror.requests.append((path, self.headers["Range"]))
        if path in mirror.moved:
            self.send_response(302)
            self.send_header("Location", mirror.moved[path])
            self.end_headers()
            return
        if path not in mirror.files:
            self.send_error(404)
            return
        content, start = mirror.files[path], 0
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if wanted and mirror.supports_ranges:
            start = int(wanted[1])
            if start >= len(content):
                self.send_error(416)
                return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        if start:
            served = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self.send_header("Content-Range", served)
        self.end_headers()
        self.wfile.write(content[start:][: mirror.cut_after])

    def log_message(self, *_: object) -> None:
        """Suppress the log."""
