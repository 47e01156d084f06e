"""The one task: an order is fulfilled."""

import functools
import logging
import traceback

from celery import Celery

from voices.errors import OutspokenError, SynthesisFailed
from workers.archive import Archive
from workers.errors import QueueUnavailable
from workers.jobs import Jobs
from workers.queue import NARRATE, ORDER, Order
from workers.recording import OpenEngine, make_recording

_LOG = logging.getLogger(__name__)


def register(
    app: Celery, archive: Archive, jobs: Jobs, open_engine: OpenEngine
) -> None:
    """Teach `app` the task."""

    @app.task(name=NARRATE)  # type: ignore[untyped-decorator]  # Celery has no types
    def task(document: dict[str, object]) -> None:
        fulfil(ORDER.validate_python(document), archive, jobs, open_engine)


def fulfil(order: Order, archive: Archive, jobs: Jobs, open_engine: OpenEngine) -> None:
    """Make what was ordered, or note why it cannot be made."""
    total = len(order.script.sentences)
    try:
        progress = functools.partial(_note, jobs, order.key)
        make_recording(order, archive, open_engine, progress)
        jobs.finish(order.key, total)
    except QueueUnavailable:
        # The audio is kept; whoever asks next finds it in the archive.
        _LOG.warning("narration %s: Redis was away at the end", order.key)
    except OutspokenError as error:
        _LOG.warning("narration %s failed: %s", order.key, error)
        jobs.fail(order.key, str(error), final=isinstance(error, SynthesisFailed))
    except Exception as error:  # noqa: BLE001 - a job must never end without a word
        # Its message may quote the article, so only its kind and place are told.
        kind = type(error).__name__
        place = "".join(traceback.format_tb(error.__traceback__))
        _LOG.error("narration %s failed: %s at\n%s", order.key, kind, place)
        jobs.fail(order.key, f"The worker failed ({kind}); see its log.", final=False)


def _note(jobs: Jobs, key: str, done: int, total: int) -> None:
    # Progress is for the eye: a Redis that is away must not cost the narration.
    try:
        jobs.advance(key, done, total)
    except QueueUnavailable:
        _LOG.warning("narration %s: progress %d of %d not noted", key, done, total)
