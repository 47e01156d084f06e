"""A limit in bytes: what is used least lately goes, so that what comes has room."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from workers.errors import LibraryFull
from workers.storage.blobs import BlobInfo, BlobStore
from workers.storage.usage_counter import Usage, UsageCounter

LIBRARY_IS_FULL = (
    "What articles refer to fills the library; raise OUTSPOKEN_LIBRARY_LIMIT or"
    " withdraw articles."
)

_TRUSTED = 60
"""Seconds that a count is trusted.  Between counts what comes is added to it and what
goes is not taken off: only what came by another way is missing."""

_SPARE = 20
"""One part in so many of the limit is made free beside what is wanted, so that not
everything is counted each time."""

Choice = Callable[[], Callable[[BlobInfo], bool]]
"""Asked once when room is made; gives what is then asked of each item."""


def _no_item() -> Callable[[BlobInfo], bool]:
    return lambda _: False


def _by_itself(item: BlobInfo) -> str:
    return item.name


@dataclass(frozen=True, slots=True)
class Member:
    """A shelf in a room, and what of it may go."""

    shelf: BlobStore

    pinned: Choice = _no_item
    """What never goes."""

    in_use: Choice = _no_item
    """What does not go now."""

    unit: Callable[[BlobInfo], str] = _by_itself
    """Names what goes together, such as the parts of one narration."""

    def evictable(self, items: Sequence[BlobInfo]) -> Iterator[list[BlobInfo]]:
        """Yield what may go, oldest use first, a unit at a time.

        A unit is as old as its youngest item, and that one is asked about.
        """
        pinned, in_use = self.pinned(), self.in_use()
        units: dict[str, list[BlobInfo]] = {}
        for item in sorted(items, key=lambda entry: entry.used):
            units.setdefault(self.unit(item), []).append(item)
        for unit in sorted(units.values(), key=lambda entry: entry[-1].used):
            if not pinned(unit[-1]) and not in_use(unit[-1]):
                yield unit


Inventory = list[tuple[Member, list[BlobInfo]]]


class Quota:
    """Shelves that share a limit.

    What is kept on them is kept while `making` holds, in which all processes take
    turns.  Every method raises StorageFailed.
    """

    def __init__(
        self,
        limit: int,
        tenants: Sequence[Member],
        ledger: UsageCounter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Hold `tenants` to `limit` bytes; what is on the first of them goes first."""
        self._limit = limit
        self._tenants = tenants
        self._ledger = ledger
        self._clock = clock

    @contextmanager
    def reserve(self, wanted: int) -> Iterator[None]:
        """Make room for so many bytes, to be kept before the block ends.

        What is in use may fill more than the limit.  Raises LibraryFull when what is
        pinned leaves no room.
        """
        with self._ledger.held() as figure:
            self._make(wanted, figure)
            yield

    def is_full(self, wanted: int = 0) -> bool:
        """Whether what is pinned leaves no room for so many bytes more."""
        return self._pinned(self._stock()) + wanted > self._limit

    def _make(self, wanted: int, figure: Usage) -> None:
        now = int(self._clock())
        trusted = 0 <= now - figure.counted <= _TRUSTED
        if not trusted or figure.bytes + wanted > self._limit:
            stock = self._stock()
            figure.bytes, figure.counted = _bytes(stock), now
            if figure.bytes + wanted > self._limit:
                spare = self._limit // _SPARE
                figure.bytes -= _evict(
                    stock, figure.bytes + wanted + spare - self._limit
                )
            if figure.bytes + wanted > self._limit:
                self._require_unpinned(stock, wanted)
        figure.bytes += wanted

    def _require_unpinned(self, stock: Inventory, wanted: int) -> None:
        if self._pinned(stock) + wanted > self._limit:
            raise LibraryFull(LIBRARY_IS_FULL)

    def _stock(self) -> Inventory:
        return [(tenant, list(tenant.shelf.list())) for tenant in self._tenants]

    def _pinned(self, stock: Inventory) -> int:
        choices = [(tenant.pinned(), items) for tenant, items in stock]
        return sum(
            item.bytes for pinned, items in choices for item in items if pinned(item)
        )


def _bytes(stock: Inventory) -> int:
    return sum(item.bytes for _, items in stock for item in items)


def _evict(stock: Inventory, excess: int) -> int:
    """Remove what may go until so many bytes are free; returns how many are."""
    freed = 0
    for tenant, items in stock:
        units = tenant.evictable(items)
        while freed < excess and (unit := next(units, None)):
            # Backwards by name: what is left of a row that is broken off has no gap.
            for item in sorted(unit, key=lambda blob: blob.name, reverse=True):
                tenant.shelf.remove(item.name)
                freed += item.bytes
    return freed


class QuotaStore:
    """A shelf on which room is made for whatever comes."""

    def __init__(self, shelf: BlobStore, *rooms: Quota) -> None:
        """Keep on `shelf`, in each of the rooms; all who use two name them alike."""
        self._shelf = shelf
        self._rooms = rooms
        self.size = shelf.size
        self.read = shelf.read
        self.touch = shelf.touch
        self.remove = shelf.remove
        self.list = shelf.list

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Keep a content unless its name is taken; raises LibraryFull too."""
        if self._shelf.size(name) is not None:
            return False
        with ExitStack() as rooms:
            for room in self._rooms:
                rooms.enter_context(room.reserve(len(content)))
            return self._shelf.put_if_absent(name, content)
