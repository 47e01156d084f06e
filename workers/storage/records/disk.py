"""Records as JSON files: copying the folder is the backup."""

import json
import os
from pathlib import Path
from urllib.parse import quote, unquote

from workers.storage.atomic_files import (
    create_file,
    remove_file,
    remove_stale_temp,
    replace_file,
    translating_os_errors,
)
from workers.storage.records.codec import load_document
from workers.storage.records.protocol import Document

_SUFFIX = ".json"


class DiskRecords:
    """One file a document: `<folder>/<kind>/<name>.json`."""

    def __init__(self, folder: Path) -> None:
        """Keep documents below `folder`; it is made when the first one comes."""
        self._folder = folder

    def create(self, kind: str, name: str, document: Document) -> bool:
        """Keep a document unless the name is taken."""
        with translating_os_errors(self._folder):
            return create_file(self._path(kind, name), _dump(document))

    def replace(self, kind: str, name: str, document: Document) -> None:
        """Keep a document in the place of any that has the name."""
        with translating_os_errors(self._folder):
            replace_file(self._path(kind, name), _dump(document))

    def find(self, kind: str, name: str) -> Document | None:
        """Return the document of this name, or None."""
        path = self._path(kind, name)
        with translating_os_errors(self._folder):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        return load_document(content, path)

    def remove(self, kind: str, name: str) -> None:
        """Take a document away, if it is there."""
        with translating_os_errors(self._folder):
            remove_file(self._path(kind, name))

    def names(self, kind: str) -> list[str]:
        """Return every name of a kind, sorted."""
        with translating_os_errors(self._folder):
            try:
                # Not glob, which is silent about a folder that cannot be read.
                with os.scandir(self._folder / kind) as found:
                    entries = list(found)
            except FileNotFoundError:
                return []
        for entry in entries:
            remove_stale_temp(entry)
        names = [entry.name for entry in entries if entry.name.endswith(_SUFFIX)]
        return sorted(unquote(name.removesuffix(_SUFFIX)) for name in names)

    def _path(self, kind: str, name: str) -> Path:
        # A slash is quoted and the suffix follows: no name climbs out of the folder.
        return self._folder / kind / (quote(name, safe="") + _SUFFIX)


def _dump(document: Document) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    # An article may hold a lone surrogate: it is kept as it came.
    return text.encode("utf-8", "surrogatepass")
