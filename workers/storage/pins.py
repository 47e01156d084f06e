"""What is referred to is never dropped: which articles are read by which narration.

A record says so in its name, so that one listing tells all.
"""

from workers.narration import NarrationKey
from workers.storage.records import Records

_KIND = "references"


class Pins:
    """The records of kind "references", "<key>.<whoever refers to it>" each.

    Every method raises StorageFailed.
    """

    def __init__(self, records: Records) -> None:
        """Keep them among `records`."""
        self._records = records

    def note(self, key: NarrationKey, who: str) -> None:
        """Note that somebody refers to a narration."""
        self._records.create(_KIND, f"{key}.{who}", {})

    def forget(self, key: NarrationKey, who: str) -> None:
        """Note that it does not any more."""
        self._records.remove(_KIND, f"{key}.{who}")

    def keys(self) -> set[NarrationKey]:
        """Return every narration that somebody refers to."""
        return {name.partition(".")[0] for name in self._records.names(_KIND)}
