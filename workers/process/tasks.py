"""The one task."""

from celery import Celery

from workers.process.run_job import Workshop, fulfil
from workers.queue.publisher import NARRATE


def register(app: Celery, workshop: Workshop) -> None:
    """Teach `app` the task."""

    @app.task(name=NARRATE)  # type: ignore[untyped-decorator]  # Celery has no types
    def task(key: str) -> None:
        fulfil(key, workshop)
