"""An order becomes a recording: found, or made and kept."""

import contextlib
from collections.abc import Callable

from voices.engine import Engine
from workers.errors import OrderForeign, ReelBroken, StorageFailed
from workers.narration import Narration, Recording, narration_key
from workers.queue.jobs import Order
from workers.rendering.render import IN_TURN, Manner, Progress, narrate
from workers.rendering.segment_log import begin_reel, find_reel, remove_reels
from workers.storage.archive import Archive

OpenEngine = Callable[[str], Engine]
"""Gives the engine of a voice by its id."""


def make_recording(
    order: Order,
    archive: Archive,
    open_engine: OpenEngine,
    progress: Progress,
    manner: Manner = IN_TURN,
) -> Recording:
    """Return what the archive has of an order, or make and keep it.

    What another worker committed of it is gone on with.  An order that comes twice is
    made once.  Raises VoiceNotFound, VoiceBroken, OrderForeign, SynthesisFailed,
    Overtaken, NarrationWithdrawn, StorageFailed, and whatever `progress` raises.
    """
    if recording := archive.find(order.key):
        return recording
    engine = open_engine(order.voice)
    if narration_key(order.script, engine.voice) != order.key:
        message = (
            f"Voice {order.voice} is not the one that was ordered; install the same"
            " voices on every machine."
        )
        raise OrderForeign(message)
    narration = _narrate(order, archive, engine, progress, manner)
    recording = archive.keep(order.key, order.script, order.voice, narration)
    with contextlib.suppress(StorageFailed):  # swept up later
        # Whoever listens goes on in the finished file.
        remove_reels(archive.library.parts, order.key)
    return recording


def _narrate(
    order: Order, archive: Archive, engine: Engine, progress: Progress, manner: Manner
) -> Narration:
    shelf = archive.library.parts
    reel = find_reel(shelf, order.key)
    if reel:
        try:
            return narrate(order.script, engine, progress, manner, reel)
        except ReelBroken:
            # Never spliced: it is made anew as a whole, and who listens is cut off.
            pass
    reel = begin_reel(shelf, order.key)  # the one before it goes when this is whole
    return narrate(order.script, engine, progress, manner, reel)
