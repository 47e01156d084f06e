"""A narration is asked for: from the library if it is there, else from the workers."""

from dataclasses import dataclass

from service.errors import NarrationNotFound
from service.narrations.backend import NarrationBackend
from workers.narration import JobSpec, NarrationKey, NarrationRecord, title_of
from workers.queue.claimants import ANONYMOUS, LISTENER, Claimant
from workers.queue.jobs import Job, Jobs, Lane, State
from workers.storage.archive import Archive

_LIVE = {State.QUEUED, State.MAKING}

_LISTENER_TTL_S = 60
"""TTL of a listener's claim; a live stream then claims for its listeners."""


@dataclass(frozen=True, slots=True)
class NarrationStatus:
    """Where a narration stands, for whoever waits for it."""

    job: Job

    record: NarrationRecord | None = None
    """What was made, once it is ready."""

    @property
    def title(self) -> str | None:
        """The title, if it is read aloud and the narration is ready."""
        return title_of(self.record.script) if self.record else None


def request_narration(
    spec: JobSpec,
    backend: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
    claimant: Claimant = ANONYMOUS,
    *,
    restore: bool = False,
) -> NarrationStatus:
    """Return the finished narration, or queue it once for all who ask.

    `claimant` waits for it from now on; `restore` lifts a takedown first.

    Raises:
        NarrationWithdrawn: It was taken down.
        LibraryFull: It is not stored, and there is no room for it.
        QueueFull, QueueUnavailable: It cannot be queued.
        StorageFailed: The archive cannot be read.
    """
    archive, jobs = backend.archive, backend.jobs
    if restore:
        archive.restore(spec.key)
    archive.require_not_withdrawn(spec.key)
    if record := archive.find(spec.key):
        return _ready(record)
    job = jobs.find(spec.key)
    if job is None or job.state not in _LIVE:
        backend.require_room()
    backend.queue.submit(spec, lane, claimant)
    return narration_status(spec.key, archive, jobs)


def narration_status(
    key: NarrationKey, archive: Archive, jobs: Jobs
) -> NarrationStatus:
    """Return where a narration stands.

    The archive is asked first: what is there is ready whatever Redis remembers.
    Raises NarrationWithdrawn, NarrationNotFound, StorageFailed or QueueUnavailable.
    """
    record = archive.find(key)
    if record is None:
        archive.require_not_withdrawn(key)
    job = jobs.find(key) if record is None else None
    if job and job.state is State.READY:
        record = archive.find(key)  # it became ready between the two looks
    if record:
        return _ready(record)
    if job is None or job.state is State.READY:  # made once, and gone since
        message = f"There is no narration {key}; send its article to ask for one."
        raise NarrationNotFound(message)
    return NarrationStatus(job)


def get_or_requeue(key: NarrationKey, backend: NarrationBackend) -> NarrationStatus:
    """Return where a narration stands; one whose audio has gone is made again.

    Raises what `narration_status` and `request_narration` raise.
    """
    try:
        return narration_status(key, backend.archive, backend.jobs)
    except NarrationNotFound:
        made = backend.archive.find_record(key)
        if made is None:
            raise
        return request_narration(JobSpec(key, made.voice, made.script), backend)


def promote(job: Job, backend: NarrationBackend) -> None:
    """Have what a listener waits for read before what is bulk.

    Raises QueueUnavailable.
    """
    jobs = backend.jobs
    spec = jobs.spec(job.key) if job.lane is Lane.BULK else None
    if spec:
        backend.queue.submit(spec, Lane.INTERACTIVE, LISTENER)
        # Listeners who stay claim it again through their live stream.
        jobs.listen(job.key, LISTENER, _LISTENER_TTL_S)


def _ready(record: NarrationRecord) -> NarrationStatus:
    total = len(record.script.sentences)
    job = Job(record.key, State.READY, total, total, record.voice)
    return NarrationStatus(job, record)
