"""A narration is asked for: from the library if it is there, else from the workers."""

from dataclasses import dataclass

from service.articles.revisions import erase_text, refers_to
from service.errors import NarrationNotFound
from service.narrations.backend import NarrationBackend
from workers.errors import NarrationWithdrawn
from workers.narration import JobSpec, NarrationKey, NarrationRecord, title_of
from workers.queue.jobs import ANONYMOUS, Job, Jobs, Lane, State
from workers.storage.archive import Archive
from workers.storage.records import Records

_LIVE = {State.QUEUED, State.MAKING}

_LISTENER, _WHILE = "listener", 60
"""One who waits to hear, and for how many seconds."""


@dataclass(frozen=True, slots=True)
class NarrationStatus:
    """Where a narration stands, for whoever waits for it."""

    job: Job

    recording: NarrationRecord | None = None
    """What was made, once it is ready."""

    @property
    def title(self) -> str | None:
        """The title, if it is read aloud and the narration is ready."""
        return title_of(self.recording.script) if self.recording else None


def request_narration(
    order: JobSpec,
    press: NarrationBackend,
    lane: Lane = Lane.INTERACTIVE,
    who: str = ANONYMOUS,
) -> NarrationStatus:
    """Return the finished narration, or see that it is made, once.

    `who` waits for it from now on.  Raises NarrationWithdrawn, LibraryFull (only when
    it would be begun), QueueFull, QueueUnavailable, StorageFailed.
    """
    archive, jobs = press.archive, press.queue.jobs
    require_not_withdrawn(order.key, archive)
    if archive.find(order.key) is None:
        job = jobs.find(order.key)
        if job is None or job.state not in _LIVE:
            press.require_room()
        press.queue.submit(order, lane, who)
    return narration_status(order.key, archive, jobs)


def narration_status(
    key: NarrationKey, archive: Archive, jobs: Jobs
) -> NarrationStatus:
    """Return where a narration stands.

    The archive is asked first: what is there is ready whatever Redis remembers.
    Raises NarrationWithdrawn, NarrationNotFound, StorageFailed or QueueUnavailable.
    """
    recording = archive.find(key)
    if recording is None:
        require_not_withdrawn(key, archive)
    job = jobs.find(key) if recording is None else None
    if job and job.state is State.READY:
        recording = archive.find(key)  # it became ready between the two looks
    if recording:
        total = len(recording.script.sentences)
        return NarrationStatus(
            Job(key, State.READY, total, total, recording.voice), recording
        )
    if job is None or job.state is State.READY:  # made once, and gone since
        message = f"There is no narration {key}; send its article to ask for one."
        raise NarrationNotFound(message)
    return NarrationStatus(job)


def get_or_requeue(key: NarrationKey, press: NarrationBackend) -> NarrationStatus:
    """Return where a narration stands; one whose audio has gone is made again.

    Raises what `narration_status` and `request_narration` raise.
    """
    try:
        return narration_status(key, press.archive, press.queue.jobs)
    except NarrationNotFound:
        made = press.archive.recall(key)
        if made is None:
            raise
        return request_narration(JobSpec(key, made.voice, made.script), press)


def promote(job: Job, press: NarrationBackend) -> None:
    """Have what a listener waits for read before what is bulk.

    Raises QueueUnavailable.
    """
    jobs = press.queue.jobs
    order = jobs.order(job.key) if job.lane is Lane.BULK else None
    if order:
        press.queue.submit(order, Lane.INTERACTIVE, _LISTENER)
        # For a while only: who listens on says so again.
        jobs.listen(job.key, _LISTENER, _WHILE)


def withdraw_narration(
    key: NarrationKey, press: NarrationBackend, records: Records
) -> None:
    """Take a narration down: audio, parts and every word of it that is kept.

    It holds at once and for good; a call that was broken off is finished by the next
    one.  Raises NarrationNotFound when nobody knows it, StorageFailed, and
    QueueUnavailable when Redis may still hold its words.
    """
    if not _is_known(key, press, records):
        message = f"There is no narration {key}; nothing was taken down."
        raise NarrationNotFound(message)
    # First, because whoever is making it looks for this before it is kept.
    press.archive.withdraw(key)
    erase_text(key, records)
    press.queue.jobs.cancel(key)


def require_not_withdrawn(key: NarrationKey, archive: Archive) -> None:
    """Return unless a narration was withdrawn; raises NarrationWithdrawn."""
    if archive.is_withdrawn(key):
        message = (
            f'Narration {key} was withdrawn; send its article with "restore": true to'
            " have it read again."
        )
        raise NarrationWithdrawn(message)


def _is_known(key: NarrationKey, press: NarrationBackend, records: Records) -> bool:
    archive = press.archive
    return (
        archive.is_withdrawn(key)
        or archive.recall(key) is not None
        or refers_to(key, records)
        or press.queue.jobs.find(key) is not None
    )
