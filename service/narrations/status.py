"""Report the status of a narration: its job and its record."""

from dataclasses import dataclass

from service.errors import NarrationFailed, NarrationNotFound, NarrationPending
from workers.narration import NarrationKey, NarrationRecord
from workers.queue.jobs import Job, Jobs, State
from workers.storage.archive import Archive


@dataclass(frozen=True, slots=True)
class NarrationStatus:
    """State and progress of a narration."""

    job: Job

    record: NarrationRecord | None = None
    """The stored narration, once it is ready."""

    @property
    def title(self) -> str | None:
        """The title, if it is read aloud and the narration is ready."""
        return self.record.title if self.record else None


def ready_status(record: NarrationRecord) -> NarrationStatus:
    """Return the status of a stored narration."""
    total = record.sentences
    job = Job(record.key, State.READY, total, total, record.voice)
    return NarrationStatus(job, record)


def narration_status(
    key: NarrationKey, archive: Archive, jobs: Jobs
) -> NarrationStatus:
    """Return the status of a narration.

    The archive comes first: a stored narration is ready, even if Redis differs.

    Raises:
        NarrationWithdrawn: It was taken down.
        NarrationNotFound: It is neither stored nor queued.
        StorageFailed: The archive cannot be read.
        QueueUnavailable: It is not stored, and Redis does not answer.
    """
    record = archive.find(key)
    if record is None:
        archive.require_not_withdrawn(key)
    job = jobs.find(key) if record is None else None
    if job and job.state is State.READY:
        record = archive.find(key)  # finished between the two reads
    if record:
        return ready_status(record)
    if job is None or job.state is State.READY:  # rendered once, removed since
        message = f"There is no narration {key}; send its article to request it."
        raise NarrationNotFound(message)
    return NarrationStatus(job)


def require_ready(status: NarrationStatus) -> NarrationRecord:
    """Return the stored narration.

    Raises:
        NarrationPending: It is queued or being rendered.
        OutspokenError: Any error of `require_not_ended`.
    """
    require_not_ended(status.job)
    if status.record is None:
        message = "The narration is not ready yet; ask again in a few seconds."
        raise NarrationPending(message)
    return status.record


def require_not_ended(job: Job) -> None:
    """Raise an error if a job ended without a narration.

    Raises:
        NarrationFailed: It was tried and could not be rendered.
        NarrationNotFound: It was cancelled.
    """
    if job.state is State.FAILED:
        raise NarrationFailed(job.problem)
    if job.state is State.CANCELLED:
        message = f"Narration {job.key} was cancelled; send its article again."
        raise NarrationNotFound(message)
