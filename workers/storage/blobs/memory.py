"""A blob store in memory, for tests and dry runs."""

import time
from collections.abc import Callable, Iterator

from workers.storage.blobs.protocol import TOUCH_INTERVAL_S, BlobInfo, require_name


class MemoryBlobStore:
    """Blobs in a dictionary."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Start empty; `clock` returns seconds since the epoch."""
        self._clock = clock
        self._contents: dict[str, bytes] = {}
        self._used: dict[str, float] = {}

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken."""
        # A copy, so that identity shows whether this call stored it.
        ours = memoryview(content).tobytes()
        self._used.setdefault(require_name(name), self._clock())
        return self._contents.setdefault(name, ours) is ours

    def size(self, name: str) -> int | None:
        """Return the length in bytes; None if absent."""
        content = self._contents.get(require_name(name))
        return None if content is None else len(content)

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        """Return the content or a range of it; None if absent."""
        content = self._contents.get(require_name(name))
        if content is None:
            return None
        return content[start : None if length is None else start + max(0, length)]

    def touch(self, name: str) -> None:
        """Update the last use."""
        now = self._clock()
        if require_name(name) in self._contents and self._is_old(name, now):
            self._used[name] = now

    def remove(self, name: str) -> None:
        """Remove a blob if it exists."""
        self._contents.pop(require_name(name), None)
        self._used.pop(name, None)

    def list(self, under: str = "") -> Iterator[BlobInfo]:
        """Yield the entries of a folder."""
        folder = f"{require_name(under)}/" if under else ""
        for name, content in list(self._contents.items()):
            if name.startswith(folder):
                yield BlobInfo(name, len(content), self._used.get(name, 0.0))

    def _is_old(self, name: str, now: float) -> bool:
        return now - self._used.get(name, 0.0) >= TOUCH_INTERVAL_S
