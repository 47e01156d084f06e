"""Keep stores within a limit in bytes by evicting the least recently used blobs."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from workers.errors import LibraryFull
from workers.storage.blobs import BlobInfo, BlobStore
from workers.storage.usage_counter import Usage, UsageCounter

LIBRARY_IS_FULL = (
    "Narrations that articles use fill the library; raise OUTSPOKEN_LIBRARY_LIMIT or"
    " withdraw articles."
)

_RECOUNT_INTERVAL_S = 60
"""Longest time between two full counts.  In between, reservations are added and
removals are not subtracted, so only writes past the quota are missing."""

_SPARE_DIVISOR = 20
"""This part of the limit is freed in addition, so that not every write needs a
count."""

BlobFilter = Callable[[], Callable[[BlobInfo], bool]]
"""Called once per eviction; returns a predicate on blobs."""


def _no_item() -> Callable[[BlobInfo], bool]:
    return lambda _: False


def _by_itself(item: BlobInfo) -> str:
    return item.name


@dataclass(frozen=True, slots=True)
class Member:
    """A store under a quota, and what may be evicted from it."""

    store: BlobStore

    pinned: BlobFilter = _no_item
    """Blobs that are never evicted."""

    in_use: BlobFilter = _no_item
    """Blobs that are not evicted now."""

    unit: Callable[[BlobInfo], str] = _by_itself
    """Groups blobs evicted together, such as the segments of one narration."""

    def evictable(self, items: Sequence[BlobInfo]) -> Iterator[list[BlobInfo]]:
        """Yield evictable units, least recently used first.

        The most recently used blob of a unit decides its age and whether it is in use.
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
    """A limit shared by stores and by processes.

    Blobs are stored inside `reserve`, which holds a lock shared by all processes.
    Every method raises StorageFailed.
    """

    def __init__(
        self,
        limit: int,
        members: Sequence[Member],
        usage_counter: UsageCounter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Limit `members` to `limit` bytes; the first ones are evicted first."""
        self._limit = limit
        self._members = members
        self._usage_counter = usage_counter
        self._clock = clock

    @contextmanager
    def reserve(self, wanted: int) -> Iterator[None]:
        """Reserve `wanted` bytes, to be stored inside the block; evict if needed.

        Blobs in use may exceed the limit.

        Raises:
            LibraryFull: Pinned blobs leave no room.
        """
        with self._usage_counter.locked() as usage:
            self._evict_for(wanted, usage)
            yield

    def is_full(self, wanted: int = 0) -> bool:
        """Return whether pinned blobs leave no room for `wanted` more bytes."""
        return self._pinned(self._take_inventory()) + wanted > self._limit

    def _evict_for(self, wanted: int, usage: Usage) -> None:
        now = int(self._clock())
        is_recent = 0 <= now - usage.counted <= _RECOUNT_INTERVAL_S
        if not is_recent or usage.bytes + wanted > self._limit:
            inventory = self._take_inventory()
            usage.bytes, usage.counted = _bytes(inventory), now
            if usage.bytes + wanted > self._limit:
                spare = self._limit // _SPARE_DIVISOR
                usage.bytes -= _evict(
                    inventory, usage.bytes + wanted + spare - self._limit
                )
            if usage.bytes + wanted > self._limit:
                self._require_unpinned(inventory, wanted)
        usage.bytes += wanted

    def _require_unpinned(self, inventory: Inventory, wanted: int) -> None:
        if self._pinned(inventory) + wanted > self._limit:
            raise LibraryFull(LIBRARY_IS_FULL)

    def _take_inventory(self) -> Inventory:
        return [(member, list(member.store.list())) for member in self._members]

    def _pinned(self, inventory: Inventory) -> int:
        choices = [(member.pinned(), items) for member, items in inventory]
        return sum(
            item.bytes for pinned, items in choices for item in items if pinned(item)
        )


def _bytes(inventory: Inventory) -> int:
    return sum(item.bytes for _, items in inventory for item in items)


def _evict(inventory: Inventory, excess: int) -> int:
    """Evict until `excess` bytes are freed; return the bytes freed."""
    freed = 0
    for member, items in inventory:
        units = member.evictable(items)
        while freed < excess and (unit := next(units, None)):
            # Last name first: an interrupted eviction leaves no gap in a segment log.
            for item in sorted(unit, key=lambda blob: blob.name, reverse=True):
                member.store.remove(item.name)
                freed += item.bytes
    return freed


class QuotaStore:
    """A store that reserves its writes in quotas."""

    def __init__(self, store: BlobStore, *quotas: Quota) -> None:
        """Store in `store` within all quotas, locked in the given order."""
        self._store = store
        self._quotas = quotas
        self.size = store.size
        self.read = store.read
        self.touch = store.touch
        self.remove = store.remove
        self.list = store.list

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken; raises LibraryFull, too."""
        if self._store.size(name) is not None:
            return False
        with ExitStack() as stack:
            for quota in self._quotas:
                stack.enter_context(quota.reserve(len(content)))
            return self._store.put_if_absent(name, content)
