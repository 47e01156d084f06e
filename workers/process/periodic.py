"""What a worker does beside its work: signs of life, and a look for what was lost.

Done by Celery's own event loop.  Not in threads: the loop's process is forked whenever
a child of its pool has died, and a fork copies what other threads have locked.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from celery import Celery, bootsteps

from workers.errors import QueueUnavailable, StorageFailed

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """Something that is done every so often."""

    do: Callable[[], object]
    """Takes milliseconds: nothing else happens meanwhile."""

    seconds: float


class _OutageTolerant:
    """Does a duty; what it lacks for is told once, and tried again the next time."""

    def __init__(self, duty: PeriodicTask) -> None:
        self._duty = duty
        self._told = ""

    def __call__(self) -> None:
        try:
            self._duty.do()
            self._told = ""
        except (QueueUnavailable, StorageFailed) as error:
            if str(error) != self._told:
                self._told = str(error)
                _LOG.warning("tried again every %g s: %s", self._duty.seconds, error)


def schedule(app: Celery, duties: list[PeriodicTask]) -> None:
    """Have every worker of `app` do these, from when it is connected."""

    class Duties(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
        """Celery's way to let something start and stop with its consumer."""

        requires = ("celery.worker.consumer.tasks:Tasks",)

        def start(self, consumer: object) -> None:
            timer = consumer.timer  # type: ignore[attr-defined]  # as above
            self.entries = []
            for duty in duties:
                patient = _OutageTolerant(duty)
                patient()
                self.entries.append(timer.call_repeatedly(duty.seconds, patient))

        def stop(self, _: object) -> None:
            for entry in getattr(self, "entries", []):
                entry.cancel()

        shutdown = stop

    app.steps["consumer"].add(Duties)
