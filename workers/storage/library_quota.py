"""Create the quotas of the settings."""

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
    is_in_redis,
)
from workers.storage.quota import Member, Quota, QuotaStore
from workers.storage.usage_counter import (
    DiskUsageCounter,
    RedisUsageCounter,
    UsageCounter,
)

_MIN_IDLE_S = 600
"""Time after its last use in which a narration is not evicted: longer than a listener
pauses between two range requests."""

PinnedNames = Callable[[], Container[NarrationKey]]
"""Returns the narrations that articles use."""


def library_quota(
    settings: WorkerSettings,
    archive: Archive,
    pins: PinnedNames,
    is_live: Callable[[NarrationKey], bool],
    idle_s: float = _MIN_IDLE_S,
) -> Quota | None:
    """Return the quota of all audio; None without a limit.

    Evicts cached sentences first, then segments of narrations that are not live, then
    the audio of narrations; records stay.

    Args:
        settings: limit and addresses.
        archive: the archive of the library.
        pins: narrations that are never evicted.
        is_live: whether a narration is queued or rendering.
        idle_s: seconds after its last use in which a narration is not evicted.
    """
    if settings.library_limit is None:
        return None

    def is_in_use(segment: BlobInfo) -> bool:
        try:
            return is_live(_key(segment))
        except QueueUnavailable:
            return True  # unknown: keep it

    def pinned() -> Callable[[BlobInfo], bool]:
        names = archive.audio_of(pins())
        return lambda audio: audio.name in names

    def recently_used() -> Callable[[BlobInfo], bool]:
        # The recorded use may be too old by the touch interval.
        since = time.time() - idle_s - min(idle_s, TOUCH_INTERVAL_S)
        return lambda audio: audio.used > since

    library = archive.library
    members = [
        Member(DiskBlobStore(settings.sentences_cache)),
        Member(library.segments, in_use=lambda: is_in_use, unit=_key),
        Member(library.narrations, pinned=pinned, in_use=recently_used),
    ]
    return Quota(settings.library_limit, members, _usage_counter(settings))


def sentence_store(settings: WorkerSettings, quota: Quota | None) -> BlobStore:
    """Return the store of cached sentences on this machine, within its limit.

    Args:
        settings: limit and folder.
        quota: the library's quota, if any, in which sentences count too.
    """
    store = DiskBlobStore(settings.sentences_cache)
    usage = DiskUsageCounter(settings.cache / "sentences.lock")
    own = Quota(settings.sentences_limit, [Member(store)], usage)
    return QuotaStore(store, own, *([quota] if quota else []))


def _key(segment: BlobInfo) -> NarrationKey:
    return segment.name.partition("/")[0]


def _usage_counter(settings: WorkerSettings) -> UsageCounter:
    if not is_in_redis(settings.library_address):
        return DiskUsageCounter(settings.data / "library.lock")
    return RedisUsageCounter(
        Redis.from_url(settings.library_address), "outspoken:usage"
    )
