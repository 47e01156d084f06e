"""Keep a store within a limit in bytes by evicting the least recently used blobs."""

import time
from collections.abc import Callable

from workers.errors import LibraryFull
from workers.storage.blobs import BlobStore
from workers.storage.usage_counter import Usage, UsageCounter

_RECOUNT_INTERVAL_S = 60
"""Longest time between two full counts.  In between, writes are added and removals are
not subtracted, so only writes past the limit are missing."""

_SPARE_DIVISOR = 20
"""This part of the limit is freed in addition, so that not every write needs a
count."""


class BoundedStore:
    """A store that evicts before it writes; processes share the count of bytes."""

    def __init__(
        self,
        store: BlobStore,
        limit: int,
        usage_counter: UsageCounter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Limit `store` to `limit` bytes."""
        self._store = store
        self._limit = limit
        self._usage_counter = usage_counter
        self._clock = clock
        self.size = store.size
        self.read = store.read
        self.touch = store.touch
        self.remove = store.remove
        self.list = store.list

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store a blob unless the name is taken; evict others if needed.

        Raises:
            LibraryFull: The blob is larger than the limit.
            StorageFailed: The store cannot be written.
        """
        if self._store.size(name) is not None:
            return False
        if len(content) > self._limit:
            message = f"A blob of {len(content):,} bytes is larger than the limit."
            raise LibraryFull(message)
        with self._usage_counter.locked() as usage:
            self._evict_for(len(content), usage)
            return self._store.put_if_absent(name, content)

    def _evict_for(self, wanted: int, usage: Usage) -> None:
        now = int(self._clock())
        is_recent = 0 <= now - usage.counted <= _RECOUNT_INTERVAL_S
        if not is_recent or usage.bytes + wanted > self._limit:
            self._count_and_evict(wanted, usage)
            usage.counted = now
        usage.bytes += wanted

    def _count_and_evict(self, wanted: int, usage: Usage) -> None:
        blobs = sorted(self._store.list(), key=lambda blob: blob.used)
        usage.bytes = sum(blob.bytes for blob in blobs)
        if usage.bytes + wanted <= self._limit:
            return
        allowed = self._limit - self._limit // _SPARE_DIVISOR - wanted
        for blob in blobs:
            if usage.bytes <= max(0, allowed):
                break
            self._store.remove(blob.name)
            usage.bytes -= blob.bytes
