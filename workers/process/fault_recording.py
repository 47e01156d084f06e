"""Record which jobs crashed the process that rendered them."""

import contextlib
import re
from typing import Any

from celery.exceptions import WorkerLostError
from celery.worker.request import Request

from workers.errors import QueueUnavailable
from workers.narration import NarrationKey
from workers.queue.jobs import Jobs

_FAULT = re.compile(
    r"\((?:SIGABRT|SIGBUS|SIGFPE|SIGILL|SIGSEGV|SIGSYS)\)|exitcode [1-9]"
)
"""How billiard describes the end of a process by a fault of its own.  SIGKILL is none:
it comes from outside, or from the system for want of memory."""


def is_fault(error: BaseException) -> bool:
    """Return whether an error of a task is a crash of the process that ran it."""
    return isinstance(error, WorkerLostError) and bool(_FAULT.search(str(error)))


def fault_recording_request(jobs: Jobs) -> type[Request]:
    """Return a class of Celery requests that record crashes in their job.

    The worker's main process calls it, before the message is delivered again.
    """

    class FaultRecordingRequest(Request):  # type: ignore[misc]  # Celery has no types
        """A request whose first argument is the key of a narration."""

        def on_failure(self, exc_info: Any, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as of the base class
            """Record a crash, then go on as Celery does."""
            error = exc_info.exception
            if is_fault(getattr(error, "exc", error)):
                # Without Redis the job is deferred, as after a kill from outside.
                with contextlib.suppress(QueueUnavailable):
                    jobs.increment(NarrationKey(self.args[0]), "faults")
            super().on_failure(exc_info, *args, **options)

    return FaultRecordingRequest
