"""What the settings allow to be kept becomes rooms."""

import time
from collections.abc import Callable, Container

from redis import Redis

from workers.errors import QueueUnavailable
from workers.narration import NarrationKey
from workers.settings import WorkerSettings
from workers.storage.archive import Archive
from workers.storage.blobs import (
    TOUCH_INTERVAL_S,
    BlobInfo,
    BlobStore,
    DiskBlobStore,
    library_folder,
)
from workers.storage.quota import Member, Quota, QuotaStore
from workers.storage.usage_counter import (
    DiskUsageCounter,
    RedisUsageCounter,
    UsageCounter,
)

_MIN_IDLE_S = 600
"""Seconds after it was heard in which a narration does not go: longer than a listener
pauses between two ranges of it."""

PinnedNames = Callable[[], Container[NarrationKey]]
"""Tells which narrations articles refer to."""


def library_quota(
    settings: WorkerSettings,
    archive: Archive,
    pins: PinnedNames,
    is_live: Callable[[NarrationKey], bool],
    resting: float = _MIN_IDLE_S,
) -> Quota | None:
    """Return the room of all audio, None when it has no limit.

    When it is full the sound of sentences goes first, then parts of narrations that
    are not being made, then narrations; of these the audio goes and the record stays.

    Args:
        settings: the limit, and where everything lies.
        archive: what is in the library.
        pins: which narrations never go.
        is_live: whether a narration is waited for or being made.
        resting: seconds in which a narration that was heard does not go.
    """
    if settings.library_limit is None:
        return None

    def lives(part: BlobInfo) -> bool:
        try:
            return is_live(_key(part))
        except QueueUnavailable:
            return True  # nobody knows: it stays

    def pinned() -> Callable[[BlobInfo], bool]:
        names = archive.audio_of(pins())
        return lambda audio: audio.name in names

    def heard() -> Callable[[BlobInfo], bool]:
        # A use may be noted late; without a time to rest nothing is waited for.
        since = time.time() - resting - min(resting, TOUCH_INTERVAL_S)
        return lambda audio: audio.used > since

    library = archive.library
    tenants = [
        Member(DiskBlobStore(settings.sentences_cache)),
        Member(library.segments, in_use=lambda: lives, unit=_key),
        Member(library.narrations, pinned=pinned, in_use=heard),
    ]
    return Quota(settings.library_limit, tenants, _ledger(settings))


def sentence_store(settings: WorkerSettings, room: Quota | None) -> BlobStore:
    """Return where the sound of sentences is kept on this machine, within its limit.

    Args:
        settings: the limit, and where it lies.
        room: that of the library, if it has a limit; sentences count in it too.
    """
    shelf = DiskBlobStore(settings.sentences_cache)
    ledger = DiskUsageCounter(settings.cache / "sentences.lock")
    own = Quota(settings.sentences_limit, [Member(shelf)], ledger)
    return QuotaStore(shelf, own, *([room] if room else []))


def _key(part: BlobInfo) -> NarrationKey:
    return part.name.partition("/")[0]


def _ledger(settings: WorkerSettings) -> UsageCounter:
    if library_folder(settings.library_address):
        return DiskUsageCounter(settings.data / "library.lock")
    return RedisUsageCounter(Redis.from_url(settings.library_address), "outspoken:room")
