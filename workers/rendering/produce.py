"""An order becomes a recording: found, or made and kept."""

import contextlib
from collections.abc import Callable

from voices.engine import Engine
from workers.errors import CannotResume, StorageFailed, VoiceMismatch
from workers.narration import JobSpec, Narration, NarrationRecord, narration_key
from workers.rendering.render import (
    SEQUENTIAL,
    ProgressCallback,
    RenderOptions,
    render_script,
)
from workers.rendering.segment_log import (
    find_segment_log,
    remove_segment_logs,
    start_segment_log,
)
from workers.storage.archive import Archive

OpenEngine = Callable[[str], Engine]
"""Gives the engine of a voice by its id."""


def get_or_make_narration(
    order: JobSpec,
    archive: Archive,
    open_engine: OpenEngine,
    progress: ProgressCallback,
    manner: RenderOptions = SEQUENTIAL,
) -> NarrationRecord:
    """Return what the archive has of an order, or make and keep it.

    What another worker committed of it is gone on with.  An order that comes twice is
    made once.  Raises VoiceNotFound, InvalidVoice, VoiceMismatch, SynthesisFailed,
    LeaseLost, NarrationWithdrawn, StorageFailed, and whatever `progress` raises.
    """
    if recording := archive.find(order.key):
        return recording
    engine = open_engine(order.voice)
    if narration_key(order.script, engine.voice, order.speed) != order.key:
        message = (
            f"Voice {order.voice} is not the one that was ordered; install the same"
            " voices on every machine."
        )
        raise VoiceMismatch(message)
    narration = _narrate(order, archive, engine, progress, manner)
    recording = archive.store(order.key, order.script, order.voice, narration)
    with contextlib.suppress(StorageFailed):  # swept up later
        # Whoever listens goes on in the finished file.
        remove_segment_logs(archive.library.segments, order.key)
    return recording


def _narrate(
    order: JobSpec,
    archive: Archive,
    engine: Engine,
    progress: ProgressCallback,
    manner: RenderOptions,
) -> Narration:
    shelf = archive.library.segments
    reel = find_segment_log(shelf, order.key)
    if reel:
        try:
            return render_script(order.script, engine, progress, manner, reel)
        except CannotResume:
            # Never spliced: it is made anew as a whole, and who listens is cut off.
            pass
    reel = start_segment_log(
        shelf, order.key
    )  # the one before it goes when this is whole
    return render_script(order.script, engine, progress, manner, reel)
