"""Pins: narrations in use by articles, which are never evicted.

A pin is a record whose name holds both keys, so one listing returns all pins.
"""

from workers.narration import NarrationKey
from workers.storage.records import Records

_KIND = "references"


class Pins:
    """Records of kind "references", named "<key>.<claimant>".

    Every method raises StorageFailed.
    """

    def __init__(self, records: Records) -> None:
        """Store pins in `records`."""
        self._records = records

    def add(self, key: NarrationKey, claimant: str) -> None:
        """Pin a narration for a claimant."""
        self._records.create(_KIND, f"{key}.{claimant}", {})

    def remove(self, key: NarrationKey, claimant: str) -> None:
        """Remove a claimant's pin."""
        self._records.remove(_KIND, f"{key}.{claimant}")

    def keys(self) -> set[NarrationKey]:
        """Return the pinned narrations."""
        return {name.partition(".")[0] for name in self._records.names(_KIND)}
