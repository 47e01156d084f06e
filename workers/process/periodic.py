"""Run periodic tasks in a worker: heartbeats, the sweep, cleanup.

They run in Celery's event loop, not in threads: its process forks whenever a pool child
has died, and a fork copies locks held by other threads.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from celery import Celery, bootsteps

from workers.errors import QueueUnavailable, StorageFailed

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A function called at a fixed interval."""

    do: Callable[[], object]
    """Must take milliseconds only: it blocks the event loop."""

    seconds: float


class _OutageTolerant:
    """Runs a task; logs an outage once, and tries again at the next interval."""

    def __init__(self, task: PeriodicTask) -> None:
        self._task = task
        self._logged = ""

    def __call__(self) -> None:
        try:
            self._task.do()
            self._logged = ""
        except (QueueUnavailable, StorageFailed) as error:
            if str(error) != self._logged:
                self._logged = str(error)
                _LOG.warning("trying again every %g s: %s", self._task.seconds, error)


def schedule(app: Celery, tasks: list[PeriodicTask]) -> None:
    """Run tasks in every worker of `app` while it is connected."""

    class PeriodicTasks(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
        """A bootstep that starts and stops with Celery's consumer."""

        requires = ("celery.worker.consumer.tasks:Tasks",)

        def start(self, consumer: object) -> None:
            timer = consumer.timer  # type: ignore[attr-defined]  # as above
            self.entries = []
            for task in tasks:
                tolerant = _OutageTolerant(task)
                tolerant()
                self.entries.append(timer.call_repeatedly(task.seconds, tolerant))

        def stop(self, _: object) -> None:
            for entry in getattr(self, "entries", []):
                entry.cancel()

        shutdown = stop

    app.steps["consumer"].add(PeriodicTasks)
