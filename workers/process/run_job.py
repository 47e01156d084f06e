"""Run one job: take its lease, render, record the end."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from voices.errors import OutspokenError, SynthesisFailed, VoiceNotFound
from workers.errors import (
    DatabaseFull,
    DatabaseUnavailable,
    LibraryFull,
    NarrationWithdrawn,
    QueueUnavailable,
    StorageFailed,
    StoreFull,
    StoreUnavailable,
)
from workers.interruptions import JobCancelled, JobRequeued, LeaseLost, VoiceMismatch
from workers.narration import NarrationKey
from workers.queue.jobs import Lane, State
from workers.queue.lease import Lease, LeaseTimeouts, TakeResult
from workers.queue.publisher import Queue
from workers.queue.stats import RenderedOutput, Stats
from workers.rendering.get_or_render import get_or_render
from workers.rendering.render import RenderOptions
from workers.rendering.segment_log import remove_segment_logs
from workers.rendering.sentence_cache import CachingEngine
from workers.storage.archive import Archive

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

_OUTAGE_TIMEOUT_S = 60
"""Longest wait for Redis before and after a rendering."""

MAX_STORAGE_RETRIES = 150
"""Times that a job is tried again because of its audio's store or a full disk: in five
minutes at least.  For the database there is no limit."""

_MAX_HAND_BACKS = 30
"""Times that workers without the voice may hand a job back, once per second."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """Everything that a job needs."""

    archive: Archive
    queue: Queue
    stats: Stats

    open_engine: Callable[[str], CachingEngine]
    """Returns the engine of a voice id."""

    stopping: Callable[[], bool]
    """Whether this worker is shutting down."""

    timeouts: LeaseTimeouts

    storage_pause_s: float = 2
    """Pause before a job is tried again whose narration could not be stored."""


def run_job(key: NarrationKey, context: WorkerContext) -> None:
    """Render a job's narration, unless it is over or has another lease.

    Raises:
        QueueUnavailable: Redis does not come back within a minute.
    """
    lease = Lease(context.queue.jobs, key, context.timeouts)
    match _retrying(lease.take):
        case TakeResult.TAKEN:
            _run_leased(lease, context)
        case TakeResult.POISONED:
            _fail_poisoned(lease, context)


def _run_leased(lease: Lease, context: WorkerContext) -> None:
    try:
        with lease.renewed():
            output = _render(lease, context)
        _end(lease, context, State.READY, output)
    except (JobRequeued, QueueUnavailable):
        _requeue(lease, context)
    except (DatabaseFull, DatabaseUnavailable, StoreUnavailable) as error:
        _try_again(lease, context, error)
    except (VoiceMismatch, VoiceNotFound) as error:
        _hand_back(lease, context, str(error))
    except LeaseLost:
        _LOG.warning("narration %s is rendered by another worker", lease.key)
    except (JobCancelled, NarrationWithdrawn):
        _end(lease, context, State.CANCELLED)
    except OutspokenError as error:
        # The next request resumes from the segments, unless they fill the disk.
        resumable = isinstance(error, StorageFailed) and not isinstance(
            error, LibraryFull | StoreFull
        )
        _fail(
            lease,
            context,
            str(error),
            final=isinstance(error, SynthesisFailed),
            keep_segments=resumable,
        )
    except Exception as error:  # noqa: BLE001 - a job must never end without a state
        # Its message may quote the article; only type and places are logged.
        _LOG.error("narration %s failed", lease.key, exc_info=error)
        problem = f"The worker failed ({type(error).__name__}); see its log."
        _fail(lease, context, problem, final=False)


def _render(lease: Lease, context: WorkerContext) -> RenderedOutput:
    jobs = context.queue.jobs
    job = _retrying(lambda: jobs.find(lease.key))
    spec = _retrying(lambda: jobs.spec(lease.key))
    if job is None or spec is None:  # just cancelled, or Redis was emptied
        raise JobCancelled(f"Narration {lease.key} has no claimants.")

    engine = context.open_engine(spec.voice)

    def progress(done: int, total: int) -> None:
        lease.advance(done)
        # Without repeatable sound a job cannot be resumed and would never finish.
        yields = engine.repeatable and _should_yield(lease, context)
        if done < total and (context.stopping() or yields):
            raise JobRequeued(f"Narration {lease.key} is resumed later.")

    with _counting(context, engine):
        record = get_or_render(
            spec,
            context.archive,
            context.open_engine,
            progress,
            RenderOptions(
                low_latency=job.lane is Lane.INTERACTIVE, keep_alive=lease.keep_alive
            ),
        )
    return RenderedOutput(record.seconds, record.bytes)


@contextlib.contextmanager
def _counting(context: WorkerContext, engine: CachingEngine) -> Iterator[None]:
    """Count the sentences and the time of the block, even if it raises."""
    rendered, cached = engine.rendered, engine.cache_hits
    started = time.monotonic()
    try:
        yield
    finally:
        context.stats.record_rendering(
            engine.rendered - rendered,
            engine.cache_hits - cached,
            time.monotonic() - started,
        )


def _should_yield(lease: Lease, context: WorkerContext) -> bool:
    try:
        return context.queue.should_yield(lease.key)
    except QueueUnavailable:
        return False


def _requeue(lease: Lease, context: WorkerContext) -> None:
    queue = context.queue
    if _finish(lease, State.QUEUED, attempts=0, at=-1):
        lane = _retrying(lambda: queue.jobs.lane(lease.key))
        _retrying(lambda: queue.publish(lease.key, lane, resumed=True))


def _try_again(lease: Lease, context: WorkerContext, error: StorageFailed) -> None:
    """Requeue a job, which keeps its segments, until storage works again."""
    if not isinstance(error, DatabaseUnavailable):
        jobs = context.queue.jobs
        count = _retrying(lambda: jobs.increment(lease.key, "storage_retries"))
        if count > MAX_STORAGE_RETRIES:
            _fail(lease, context, str(error), final=False, keep_segments=True)
            return
    _LOG.warning("narration %s is tried again: %s", lease.key, error)
    time.sleep(context.storage_pause_s)
    _requeue(lease, context)


def _hand_back(lease: Lease, context: WorkerContext, problem: str) -> None:
    """Requeue the job for a worker that has the voice."""
    jobs = context.queue.jobs
    count = _retrying(lambda: jobs.increment(lease.key, "handed_back"))
    if count > _MAX_HAND_BACKS:
        _fail(lease, context, problem, final=False)
        return
    time.sleep(1)  # otherwise it circles between workers that all lack the voice
    _requeue(lease, context)


def _fail_poisoned(lease: Lease, context: WorkerContext) -> None:
    jobs = context.queue.jobs
    job = _retrying(lambda: jobs.find(lease.key))
    if job:
        problem = (
            f"Sentence {job.done + 1} of {job.total} crashed its worker repeatedly;"
            " see the worker's log."
        )
        _fail(lease, context, problem, final=False)


def _fail(
    lease: Lease,
    context: WorkerContext,
    problem: str,
    *,
    final: bool,
    keep_segments: bool = False,
) -> None:
    _LOG.warning("narration %s failed: %s", lease.key, problem)
    if not keep_segments:
        _remove_segments(lease, context)
    _finish_job(lease, context, State.FAILED, problem=problem, final=int(final))


def _end(
    lease: Lease,
    context: WorkerContext,
    state: State,
    output: RenderedOutput | None = None,
) -> None:
    _remove_segments(lease, context)
    _finish_job(lease, context, state, output)


def _remove_segments(lease: Lease, context: WorkerContext) -> None:
    if _retrying(lease.is_ours):
        # Before the lease ends, or they might be the next worker's.  A failing disk may
        # be why the job failed; the cleanup removes the rest later.
        with contextlib.suppress(StorageFailed):
            remove_segment_logs(context.archive.library.segments, lease.key)


def _finish_job(
    lease: Lease,
    context: WorkerContext,
    state: State,
    output: RenderedOutput | None = None,
    **fields: str | int,
) -> None:
    if _finish(lease, state, **fields):
        context.stats.record_end(state, output)


def _finish(lease: Lease, state: State, **fields: str | int) -> bool:
    return _retrying(lambda: lease.finish(state, **fields))


def _retrying(call: Callable[[], T]) -> T:
    deadline = time.monotonic() + _OUTAGE_TIMEOUT_S
    while True:
        try:
            return call()
        except QueueUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
