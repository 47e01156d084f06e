"""Celery tasks of the worker."""

from celery import Celery

from workers.process.run_job import WorkerContext, run_job
from workers.queue.publisher import NARRATE


def register_task(app: Celery, context: WorkerContext) -> None:
    """Register the task that runs jobs."""

    @app.task(name=NARRATE)  # type: ignore[untyped-decorator]  # Celery has no types
    def task(key: str) -> None:
        run_job(key, context)
