"""Return the narration of a job spec: from the archive, or rendered and stored."""

import contextlib
from collections.abc import Callable

from voices.engine import Engine
from workers.errors import StorageFailed
from workers.interruptions import CannotResume, VoiceMismatch
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
"""Returns the engine of a voice id."""


def get_or_render(
    spec: JobSpec,
    archive: Archive,
    open_engine: OpenEngine,
    progress: ProgressCallback,
    options: RenderOptions = SEQUENTIAL,
) -> NarrationRecord:
    """Return the archived narration of a spec, or render and store it.

    Resumes from the segments of another worker, if there are any.

    Raises:
        VoiceNotFound: The voice is not installed.
        VoiceMismatch: The installed voice would give another narration.
        InvalidVoice: The voice's files are damaged.
        SynthesisFailed: A sentence cannot be spoken.
        LeaseLost: Another worker renders the narration.
        NarrationWithdrawn: It was taken down.
        StorageFailed: The archive cannot be read or written.
        Exception: Any error of `progress`.
    """
    if record := archive.find(spec.key):
        return record
    engine = open_engine(spec.voice)
    if narration_key(spec.script, engine.voice, spec.speed) != spec.key:
        message = (
            f"Voice {spec.voice} differs from the requested one; install the same"
            " voices on every machine."
        )
        raise VoiceMismatch(message)
    narration = _narrate(spec, archive, engine, progress, options)
    record = archive.store(spec, narration)
    with contextlib.suppress(StorageFailed):  # removed by the cleanup
        # Streams continue from the finished file.
        remove_segment_logs(archive.library.segments, spec.key)
    return record


def _narrate(
    spec: JobSpec,
    archive: Archive,
    engine: Engine,
    progress: ProgressCallback,
    options: RenderOptions,
) -> Narration:
    store = archive.library.segments
    segment_log = find_segment_log(store, spec.key)
    if segment_log:
        try:
            return render_script(spec.script, engine, progress, options, segment_log)
        except CannotResume:
            # Never spliced: rendered again as a whole, and open streams are cut off.
            pass
    # The previous log is removed with the finished narration.
    segment_log = start_segment_log(store, spec.key)
    return render_script(spec.script, engine, progress, options, segment_log)
