"""An order becomes a recording: found, or made and kept."""

from collections.abc import Callable

from voices.engine import Engine
from workers.archive import Archive
from workers.narrate import Progress, narrate
from workers.narration import Recording
from workers.queue import Order

OpenEngine = Callable[[str], Engine]
"""Gives the engine of a voice by its id."""


def make_recording(
    order: Order,
    archive: Archive,
    open_engine: OpenEngine,
    progress: Progress,
    threads: int = 1,
) -> Recording:
    """Return what the archive has of an order, or make and keep it.

    An order that comes twice is made once, by so many threads.  Raises VoiceBroken,
    SynthesisFailed or StorageFailed.
    """
    if recording := archive.find(order.key):
        return recording
    narration = narrate(order.script, open_engine(order.voice), progress, threads)
    return archive.keep(order.key, order.script, order.voice, narration)
