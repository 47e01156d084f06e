"""A narration is asked for: from the library if it is there, else from the workers."""

from dataclasses import dataclass

from service.errors import NarrationNotFound
from workers.archive import Archive
from workers.jobs import Job, Jobs, State
from workers.narrate import title_of
from workers.narration import NarrationKey, Recording
from workers.queue import Order, Queue


@dataclass(frozen=True, slots=True)
class Status:
    """Where a narration stands, for whoever waits for it."""

    job: Job

    recording: Recording | None = None
    """What was made, once it is ready."""

    @property
    def title(self) -> str | None:
        """The title, if it is read aloud and the narration is ready."""
        return title_of(self.recording.script) if self.recording else None


def request_narration(order: Order, archive: Archive, queue: Queue) -> Status:
    """Return the finished narration, or see that it is made, once.

    Raises StorageFailed or QueueUnavailable.
    """
    if archive.find(order.key) is None:
        queue.submit(order)
    return narration_status(order.key, archive, queue.jobs)


def narration_status(key: NarrationKey, archive: Archive, jobs: Jobs) -> Status:
    """Return where a narration stands.

    The archive is asked first: what is there is ready whatever Redis remembers.
    Raises NarrationNotFound, StorageFailed or QueueUnavailable.
    """
    recording = archive.find(key)
    job = jobs.find(key) if recording is None else None
    if job and job.state is State.READY:
        recording = archive.find(key)  # it became ready between the two looks
    if recording:
        total = len(recording.script.sentences)
        return Status(Job(key, State.READY, total, total, recording.voice), recording)
    if job is None or job.state is State.READY:  # made once, and gone since
        message = f"There is no narration {key}; send its article to ask for one."
        raise NarrationNotFound(message)
    return Status(job)
