"""Work is handed over: an `Order` goes into the queue."""

from dataclasses import dataclass

from celery import Celery
from kombu.exceptions import OperationalError
from pydantic import TypeAdapter

from voices.sentence import Script
from workers.errors import QueueUnavailable
from workers.jobs import AWAY, Jobs
from workers.narration import NarrationKey

QUEUE = "narrations"

NARRATE = "outspoken.narrate"
"""The task's name: the API submits by name and never loads a synthesiser."""


@dataclass(frozen=True, slots=True)
class Order:
    """One narration to be made."""

    key: NarrationKey
    voice: str
    script: Script


ORDER = TypeAdapter(Order)
"""To and from the JSON that travels."""


class Queue:
    """Where orders wait for a worker."""

    def __init__(self, app: Celery, jobs: Jobs) -> None:
        """Publish through `app`, claim and follow through `jobs`."""
        self._app = app
        self.jobs = jobs

    def submit(self, order: Order) -> None:
        """Queue an order unless it is queued already.

        Raises QueueUnavailable when Redis does not answer.
        """
        total = len(order.script.sentences)
        if not self.jobs.claim(order.key, total, order.voice):
            return
        try:
            self._app.send_task(
                NARRATE,
                args=[ORDER.dump_python(order, mode="json")],
                queue=QUEUE,
                # Celery writes this into logs and events in the place of the script.
                argsrepr=f"<order {order.key}>",
            )
        except OperationalError as error:
            raise QueueUnavailable(AWAY) from error
