"""Celery tasks of the worker."""

from celery import Celery

from workers.process.fault_recording import fault_recording_request
from workers.process.retention import run_retention
from workers.process.run_job import WorkerContext, run_job
from workers.queue.publisher import NARRATE, RETAIN


def register_tasks(app: Celery, context: WorkerContext) -> None:
    """Register the tasks that run jobs and retention."""
    request = fault_recording_request(context.queue.jobs)

    @app.task(name=NARRATE, Request=request)  # type: ignore[untyped-decorator]  # Celery has no types
    def narrate(key: str) -> None:
        run_job(key, context)

    @app.task(name=RETAIN)  # type: ignore[untyped-decorator]  # as above
    def retain(days: int) -> None:
        run_retention(days, context)
