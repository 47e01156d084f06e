"""A library that lives as long as the process: for tests and dry runs."""


class MemoryLibrary:
    """Files in a dictionary."""

    def __init__(self) -> None:
        """Begin empty."""
        self._files: dict[str, bytes] = {}

    def keep(self, sha256: str, mp3: bytes) -> bool:
        """Keep a file unless it is there."""
        if len(self._files.get(sha256, b"")) == len(mp3):
            return False
        self._files[sha256] = mp3
        return True

    def size(self, sha256: str) -> int | None:
        """Return the length in bytes, or None."""
        mp3 = self._files.get(sha256)
        return None if mp3 is None else len(mp3)

    def read(self, sha256: str, start: int, length: int) -> bytes | None:
        """Return up to `length` bytes from `start`, or None."""
        mp3 = self._files.get(sha256)
        return None if mp3 is None else mp3[start : start + length]
