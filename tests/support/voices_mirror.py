"""A mirror of voices on this machine, as bad as a network can be."""

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
    """What a mirror has, how it behaves, and what it was asked."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    """By path, without the slash at its beginning."""

    moved: dict[str, str] = field(default_factory=dict)
    """Paths that are elsewhere now, with the address."""

    knows_ranges: bool = True
    cut_after: int | None = None
    """Bytes of a body after which each connection is cut."""

    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Paths and ranges."""

    def publish(
        self, name: str, model: bytes, config: bytes, card: bytes | None
    ) -> None:
        """Add a voice to the list and its files to the shelf."""
        folder = f"{name[:2]}/{name.partition('-')[0]}/{name}"
        files = {f"{name}.onnx": model, f"{name}.onnx.json": config}
        if card is not None:
            files["MODEL_CARD"] = card
        self.files |= {f"{folder}/{one}": content for one, content in files.items()}
        listed = json.loads(self.files.get("voices.json", b"{}"))
        listed[name] = {
            "key": name,
            "language": {"code": name.partition("-")[0], "family": name[:2]},
            "num_speakers": 1,
            "files": {
                f"{folder}/{one}": {
                    "size_bytes": len(content),
                    "md5_digest": md5(content),
                }
                for one, content in files.items()
            },
        }
        self.files["voices.json"] = json.dumps(listed).encode()

    def asked_for(self, end: str) -> list[str | None]:
        """Return the ranges in which files were asked for whose path ends so."""
        return [part for path, part in self.asked if path.endswith(end)]


def md5(content: bytes) -> str:
    """Return a checksum as mirrors tell it."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@contextmanager
def mirroring() -> Iterator[MirrorFiles]:
    """Serve an empty shelf until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    shelf = MirrorFiles(f"http://127.0.0.1:{server.server_port}/base")
    server.shelf = shelf  # type: ignore[attr-defined]  # where handlers find it
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        shelf: MirrorFiles = self.server.shelf  # type: ignore[attr-defined]
        path = unquote(self.path).removeprefix("/base/")
        shelf.asked.append((path, self.headers["Range"]))
        if path in shelf.moved:
            self.send_response(302)
            self.send_header("Location", shelf.moved[path])
            self.end_headers()
            return
        if path not in shelf.files:
            self.send_error(404)
            return
        content, start = shelf.files[path], 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if asked and shelf.knows_ranges:
            start = int(asked[1])
            if start >= len(content):
                self.send_error(416)
                return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        if start:
            told = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self.send_header("Content-Range", told)
        self.end_headers()
        self.wfile.write(content[start:][: shelf.cut_after])

    def log_message(self, *_: object) -> None:
        """Say nothing."""
