"""A job is taken, made, and its end is noted."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from voices.errors import OutspokenError, SynthesisFailed, VoiceNotFound
from workers.errors import (
    JobRequeued,
    LeaseLost,
    NarrationCancelled,
    NarrationWithdrawn,
    QueueUnavailable,
    StorageFailed,
    VoiceMismatch,
)
from workers.narration import NarrationKey
from workers.queue.jobs import Lane, State
from workers.queue.lease import ATTEMPTS, Lease, LeaseTimeouts, TakeResult
from workers.queue.publisher import Queue
from workers.queue.stats import RenderedOutput, Stats
from workers.rendering.produce import get_or_make_narration
from workers.rendering.render import RenderOptions
from workers.rendering.segment_log import remove_segment_logs
from workers.rendering.sentence_cache import CachingEngine
from workers.storage.archive import Archive

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

_OUTAGE = 60
"""Seconds that a Redis that is away is waited for before and after a narration."""

_HANDED_BACK = 30
"""Times that workers may hand an order back before it fails, one a second."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What a worker makes narrations with."""

    archive: Archive
    queue: Queue
    tally: Stats

    open_engine: Callable[[str], CachingEngine]
    """Gives the engine of a voice by its id."""

    stopping: Callable[[], bool]
    """Whether this worker has been told to end."""

    patience: LeaseTimeouts


def run_job(key: NarrationKey, workshop: WorkerContext) -> None:
    """Make the narration of a job, unless it is made or another worker makes it.

    Raises QueueUnavailable when Redis stays away.
    """
    lease = Lease(workshop.queue.jobs, key, workshop.patience)
    match _when_redis_is_back(lease.take):
        case TakeResult.TAKEN:
            _run_claimed(lease, workshop)
        case TakeResult.POISONED:
            _give_up(lease, workshop)


def _run_claimed(lease: Lease, workshop: WorkerContext) -> None:
    try:
        with lease.kept():
            work = _make(lease, workshop)
        _end(lease, workshop, State.READY, work)
    except (JobRequeued, QueueUnavailable):
        _put_back(lease, workshop)
    except (VoiceMismatch, VoiceNotFound) as error:
        _hand_back(lease, workshop, str(error))
    except LeaseLost:
        _LOG.warning("narration %s is made by another worker", lease.key)
    except (NarrationCancelled, NarrationWithdrawn):
        _end(lease, workshop, State.CANCELLED)
    except OutspokenError as error:
        _fail(lease, workshop, str(error), final=isinstance(error, SynthesisFailed))
    except Exception as error:  # noqa: BLE001 - a job must never end without a word
        # Its message may quote the article; what is logged is its kind and place.
        _LOG.error("narration %s failed", lease.key, exc_info=error)
        problem = f"The worker failed ({type(error).__name__}); see its log."
        _fail(lease, workshop, problem, final=False)


def _make(lease: Lease, workshop: WorkerContext) -> RenderedOutput:
    jobs = workshop.queue.jobs
    job = _when_redis_is_back(lambda: jobs.find(lease.key))
    order = _when_redis_is_back(lambda: jobs.order(lease.key))
    if job is None or order is None:  # cancelled this moment, or Redis was emptied
        raise NarrationCancelled(f"Narration {lease.key} is not wanted any more.")

    engine = workshop.open_engine(order.voice)

    def progress(done: int, total: int) -> None:
        lease.advance(done)
        # What cannot be repeated cannot be gone on with: it would begin anew each time.
        way = engine.repeatable and _should_yield(lease, workshop)
        if done < total and (workshop.stopping() or way):
            raise JobRequeued(f"Narration {lease.key} is gone on with later.")

    with _counted(workshop, engine):
        recording = get_or_make_narration(
            order,
            workshop.archive,
            workshop.open_engine,
            progress,
            RenderOptions(soon=job.lane is Lane.INTERACTIVE, alive=lease.keep_alive),
        )
    return RenderedOutput(recording.seconds, recording.bytes)


@contextlib.contextmanager
def _counted(workshop: WorkerContext, engine: CachingEngine) -> Iterator[None]:
    """Count what the block says and how long it takes, however it ends."""
    made, remembered = engine.rendered, engine.cache_hits
    started = time.monotonic()
    try:
        yield
    finally:
        workshop.tally.note_stint(
            engine.rendered - made,
            engine.cache_hits - remembered,
            time.monotonic() - started,
        )


def _should_yield(lease: Lease, workshop: WorkerContext) -> bool:
    try:
        return workshop.queue.should_yield(lease.key)
    except QueueUnavailable:
        return False


def _put_back(lease: Lease, workshop: WorkerContext) -> None:
    queue = workshop.queue
    if _left(lease, State.QUEUED, attempts=0, at=-1):
        lane = _when_redis_is_back(lambda: queue.jobs.lane(lease.key))
        _when_redis_is_back(lambda: queue.publish(lease.key, lane, resumed=True))


def _hand_back(lease: Lease, workshop: WorkerContext, problem: str) -> None:
    """Let another worker try, one that has the voice."""
    jobs = workshop.queue.jobs
    times = _when_redis_is_back(lambda: jobs.increment_handed_back(lease.key))
    if times > _HANDED_BACK:
        _fail(lease, workshop, problem, final=False)
        return
    time.sleep(1)  # or it would go round and round between workers that all lack it
    _put_back(lease, workshop)


def _give_up(lease: Lease, workshop: WorkerContext) -> None:
    jobs = workshop.queue.jobs
    job = _when_redis_is_back(lambda: jobs.find(lease.key))
    if job:
        problem = (
            f"Sentence {job.done + 1} of {job.total} ended its worker {ATTEMPTS} times;"
            " see the worker's log."
        )
        _fail(lease, workshop, problem, final=False)


def _fail(lease: Lease, workshop: WorkerContext, problem: str, *, final: bool) -> None:
    _LOG.warning("narration %s failed: %s", lease.key, problem)
    _end(lease, workshop, State.FAILED, problem=problem, final=int(final))


def _end(
    lease: Lease,
    workshop: WorkerContext,
    state: State,
    work: RenderedOutput | None = None,
    **fields: str | int,
) -> None:
    if _when_redis_is_back(lease.is_ours):
        # Before it is left, or they might be the next one's.  A disk that fails is why
        # it ended, perhaps; what is left is swept up later.
        with contextlib.suppress(StorageFailed):
            remove_segment_logs(workshop.archive.library.segments, lease.key)
    if _left(lease, state, **fields):
        workshop.tally.note_end(state, work)


def _left(lease: Lease, state: State, **fields: str | int) -> bool:
    return _when_redis_is_back(lambda: lease.leave(state, **fields))


def _when_redis_is_back(what: Callable[[], T]) -> T:
    deadline = time.monotonic() + _OUTAGE
    while True:
        try:
            return what()
        except QueueUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
