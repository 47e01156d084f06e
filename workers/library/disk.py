"""A library in a folder."""

from pathlib import Path

from workers.files import create_file, replace_file, storage


class DiskLibrary:
    """One file a recording: `<folder>/<first two digits>/<sha256>.mp3`.

    Many processes may share the folder.
    """

    def __init__(self, folder: Path) -> None:
        """Keep files below `folder`; it is made when the first one comes."""
        self._folder = folder

    def keep(self, sha256: str, mp3: bytes) -> bool:
        """Keep a file unless it is there."""
        with storage(self._folder):
            path = self._path(sha256)
            if create_file(path, mp3):
                return True
            if path.stat().st_size == len(mp3):
                return False
            replace_file(path, mp3)  # it was damaged
            return True

    def size(self, sha256: str) -> int | None:
        """Return the length in bytes, or None."""
        with storage(self._folder):
            try:
                return self._path(sha256).stat().st_size
            except FileNotFoundError:
                return None

    def read(self, sha256: str, start: int, length: int) -> bytes | None:
        """Return up to `length` bytes from `start`, or None."""
        with storage(self._folder):
            try:
                with self._path(sha256).open("rb") as file:
                    file.seek(start)
                    return file.read(length)
            except FileNotFoundError:
                return None

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.mp3"
