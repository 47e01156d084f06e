"""Owners of audio files: the narrations that share each file.

Two scripts that sound the same, with different spans, give one file.  An owner is a
record whose name holds both keys, so one listing returns all owners.
"""

from collections.abc import Container

from workers.errors import RecordDamaged
from workers.narration import NarrationKey
from workers.storage.records import Records

NARRATIONS = "narrations"
"""Kind of the records of narrations."""

_KIND = "audio"


class AudioOwners:
    """Records of kind "audio", named "<sha256>.<key>".

    Every method raises StorageFailed.
    """

    def __init__(self, records: Records) -> None:
        """Store owners in `records`."""
        self._records = records

    def note(self, sha256: str, key: NarrationKey) -> None:
        """Add a narration to the owners of a file."""
        self._records.create(_KIND, f"{sha256}.{key}", {})

    def forget(self, sha256: str, key: NarrationKey) -> None:
        """Remove a narration from the owners of a file."""
        self._records.remove(_KIND, f"{sha256}.{key}")

    def files_of(self, keys: Container[NarrationKey]) -> set[str]:
        """Return the SHA-256 of every file owned by one of `keys`."""
        return {sha256 for sha256, key in self._pairs() if key in keys}

    def has_others(self, sha256: str, key: NarrationKey) -> bool:
        """Return whether a file has other owners."""
        return any(file == sha256 and pair != key for file, pair in self._pairs())

    def _pairs(self) -> list[tuple[str, NarrationKey]]:
        pairs = [_pair(name) for name in self._records.names(_KIND)]
        noted = {key for _, key in pairs}
        # Records without an owner entry get one now.
        for key in set(self._records.names(NARRATIONS)) - noted:
            if sha256 := self._sha256_of(key):
                self.note(sha256, key)
                pairs.append((sha256, key))
        return pairs

    def _sha256_of(self, key: NarrationKey) -> str | None:
        try:
            record = self._records.find(NARRATIONS, key) or {}
        except RecordDamaged:
            return None  # a damaged record owns no file that can be found
        sha256 = record.get("sha256")
        return sha256 if isinstance(sha256, str) else None


def _pair(name: str) -> tuple[str, NarrationKey]:
    sha256, _, key = name.partition(".")
    return sha256, key
