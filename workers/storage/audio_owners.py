"""Whose the audio files are: the narrations that each one is the sound of.

Two scripts that are heard alike, with other spans, give one file.  A record says so in
its name, so that one listing tells all.
"""

from collections.abc import Container

from workers.errors import RecordDamaged
from workers.narration import NarrationKey
from workers.storage.records import Records

NARRATIONS = "narrations"
"""The kind of record that tells what is known of a narration."""

_KIND = "audio"


class AudioOwners:
    """The records of kind "audio", "<sha256>.<key>" each.

    Every method raises StorageFailed.
    """

    def __init__(self, records: Records) -> None:
        """Keep them among `records`."""
        self._records = records

    def note(self, sha256: str, key: NarrationKey) -> None:
        """Note that a file is the sound of a narration."""
        self._records.create(_KIND, f"{sha256}.{key}", {})

    def forget(self, sha256: str, key: NarrationKey) -> None:
        """Note that it is not any more."""
        self._records.remove(_KIND, f"{sha256}.{key}")

    def files_of(self, keys: Container[NarrationKey]) -> set[str]:
        """Return the SHA-256 of every file that is the sound of one of `keys`."""
        return {sha256 for sha256, key in self._pairs() if key in keys}

    def has_others(self, sha256: str, key: NarrationKey) -> bool:
        """Whether a file is the sound of another narration too."""
        return any(file == sha256 and pair != key for file, pair in self._pairs())

    def _pairs(self) -> list[tuple[str, NarrationKey]]:
        pairs = [_pair(name) for name in self._records.names(_KIND)]
        noted = {key for _, key in pairs}
        # Recordings that came without a note: of these it is made now.
        for key in set(self._records.names(NARRATIONS)) - noted:
            if sha256 := self._told(key):
                self.note(sha256, key)
                pairs.append((sha256, key))
        return pairs

    def _told(self, key: NarrationKey) -> str | None:
        try:
            record = self._records.find(NARRATIONS, key) or {}
        except RecordDamaged:
            return None  # what it was the record of is found by nobody
        sha256 = record.get("sha256")
        return sha256 if isinstance(sha256, str) else None


def _pair(name: str) -> tuple[str, NarrationKey]:
    sha256, _, key = name.partition(".")
    return sha256, key
