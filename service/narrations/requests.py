"""Request narrations: answer from the archive, else queue a job."""

from service.errors import NarrationNotFound
from service.narrations.backend import NarrationBackend
from service.narrations.cleaning_reports import save_latest_report
from service.narrations.status import (
    NarrationStatus,
    narration_status,
    ready_status,
)
from service.preparation import ArticleRequest, PreparedSummary, Preparer
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import ANONYMOUS, LISTENER, Claimant
from workers.queue.jobs import Job, Lane, State

_LIVE = {State.QUEUED, State.MAKING}

_LISTENER_TTL_S = 60
"""TTL of a listener's claim; a live stream then claims for its listeners."""


def request_narration(
    spec: JobSpec,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
    claimant: Claimant = ANONYMOUS,
    *,
    restore: bool = False,
) -> NarrationStatus:
    """Return a stored narration, or queue one job for all claimants.

    `claimant` is added to the job; `restore` lifts a takedown first.

    Raises:
        NarrationWithdrawn: It or its words were taken down.
        LibraryFull: It is not stored, and there is no room for it.
        QueueFull, QueueUnavailable: It cannot be queued.
        StorageFailed: The archive cannot be read.
    """
    archive, jobs = backend.archive, backend.jobs
    if restore:
        archive.restore(spec)
    if record := archive.find(spec.key):
        return ready_status(record)
    archive.require_allowed(spec)
    job = jobs.find(spec.key)
    if job is None or job.state not in _LIVE:
        backend.require_room()
    backend.queue.submit(spec, lane, claimant)
    return narration_status(spec.key, archive, jobs)


def require_capacity(key: NarrationKey, backend: NarrationBackend) -> None:
    """Raise an error if there is no room for a narration now; request nothing.

    Raises:
        LibraryFull: It is not stored, and there is no room for it.
        QueueFull, QueueUnavailable: It cannot be queued.
        StorageFailed: The archive cannot be read.
    """
    if backend.archive.find(key):
        return
    job = backend.jobs.find(key)
    if job is None or job.state not in _LIVE:
        backend.require_room()
        backend.queue.require_capacity()


def request_article(
    request: ArticleRequest,
    preparer: Preparer,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
    *,
    restore: bool = False,
) -> tuple[PreparedSummary, NarrationStatus]:
    """Prepare an article and request its narration; store what was cut from it.

    An article that was sent before and whose narration is stored is not prepared again.

    Raises:
        OutspokenError: Any error of `Preparer.prepare` or `request_narration`.
    """
    known = backend.known_requests.find(request)
    record = backend.archive.find(known.key) if known else None
    if known and record:
        summary, status = known, ready_status(record)
    else:
        prepared = preparer.prepare(request)
        summary = prepared.summary
        status = request_narration(prepared.spec, backend, lane, restore=restore)
        backend.known_requests.remember(request, summary)
    save_latest_report(backend.database, summary.key, summary.report)
    return summary, status


def get_or_requeue(key: NarrationKey, backend: NarrationBackend) -> NarrationStatus:
    """Return a narration's status; requeue it if its audio was removed.

    Raises:
        NarrationNotFound: It was never rendered.
        OutspokenError: Any other error of `request_narration`.
    """
    try:
        return narration_status(key, backend.archive, backend.jobs)
    except NarrationNotFound:
        spec = backend.archive.find_rendered_spec(key)
        if spec is None:
            raise
        return request_narration(spec, backend)


def promote(job: Job, backend: NarrationBackend) -> None:
    """Move a bulk job that a listener waits for to the interactive lane.

    Raises:
        QueueUnavailable: Redis does not answer.
    """
    jobs = backend.jobs
    spec = jobs.spec(job.key) if job.lane is Lane.BULK else None
    if spec:
        backend.queue.submit(spec, Lane.INTERACTIVE, LISTENER)
        # The claim expires unless a live stream renews it.
        jobs.listen(job.key, LISTENER, _LISTENER_TTL_S)
