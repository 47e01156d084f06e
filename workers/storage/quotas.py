"""What the settings allow to be kept becomes rooms."""

import time
from collections.abc import Callable, Container

from redis import Redis

from workers.errors import QueueUnavailable
from workers.narration import NarrationKey
from workers.settings import Settings
from workers.storage.archive import Archive
from workers.storage.blobs import TOUCHED, DiskShelf, Item, Shelf, library_folder
from workers.storage.quota import BoundedShelf, Room, Tenant
from workers.storage.usage_counter import DiskLedger, Ledger, RedisLedger

_RESTING = 600
"""Seconds after it was heard in which a narration does not go: longer than a listener
pauses between two ranges of it."""

Pins = Callable[[], Container[NarrationKey]]
"""Tells which narrations articles refer to."""


def library_room(
    settings: Settings,
    archive: Archive,
    pins: Pins,
    is_live: Callable[[NarrationKey], bool],
    resting: float = _RESTING,
) -> Room | None:
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

    def lives(part: Item) -> bool:
        try:
            return is_live(_key(part))
        except QueueUnavailable:
            return True  # nobody knows: it stays

    def pinned() -> Callable[[Item], bool]:
        names = archive.audio_of(pins())
        return lambda audio: audio.name in names

    def heard() -> Callable[[Item], bool]:
        # A use may be noted late; without a time to rest nothing is waited for.
        since = time.time() - resting - min(resting, TOUCHED)
        return lambda audio: audio.used > since

    library = archive.library
    tenants = [
        Tenant(DiskShelf(settings.sentences_cache)),
        Tenant(library.parts, in_use=lambda: lives, unit=_key),
        Tenant(library.narrations, pinned=pinned, in_use=heard),
    ]
    return Room(settings.library_limit, tenants, _ledger(settings))


def sentence_shelf(settings: Settings, room: Room | None) -> Shelf:
    """Return where the sound of sentences is kept on this machine, within its limit.

    Args:
        settings: the limit, and where it lies.
        room: that of the library, if it has a limit; sentences count in it too.
    """
    shelf = DiskShelf(settings.sentences_cache)
    ledger = DiskLedger(settings.cache / "sentences.lock")
    own = Room(settings.sentences_limit, [Tenant(shelf)], ledger)
    return BoundedShelf(shelf, own, *([room] if room else []))


def _key(part: Item) -> NarrationKey:
    return part.name.partition("/")[0]


def _ledger(settings: Settings) -> Ledger:
    if library_folder(settings.library_address):
        return DiskLedger(settings.data / "library.lock")
    return RedisLedger(Redis.from_url(settings.library_address), "outspoken:room")
