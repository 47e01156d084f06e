"""Composition root of the worker process."""

import functools
import logging
import multiprocessing
import os
import socket
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from celery import Celery, signals
from celery.platforms import SecurityWarning
from redis import Redis

from voices.catalogue import InstalledVoice, open_catalogue
from voices.engine import Engine
from voices.open_engine import open_engine
from workers.logs import configure_logs
from workers.process.periodic import PeriodicTask, schedule
from workers.process.retention import start_retention
from workers.process.run_job import WorkerContext
from workers.process.stale_segments import remove_stale_segments
from workers.process.tasks import register_tasks
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs, Lane
from workers.queue.lease import LeaseTimeouts
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.queue.sweeper import Sweeper
from workers.rendering.sentence_cache import CachingEngine
from workers.settings import WorkerSettings
from workers.storage.open_storage import open_archive, open_sentence_store

_CLEANUP_INTERVAL_S = 600
"""Time between two removals of segments of failed narrations."""

_RETENTION_CHECK_S = 60
"""Time between two looks whether an hour has passed since the last retention."""


class OpenVoice(Protocol):
    """`voices.open_engine.open_engine`, or a test's replacement for it."""

    def __call__(
        self,
        installed: InstalledVoice,
        cache: Path | None,
        device: str,
        *,
        compile_graph: bool,
    ) -> Engine:
        """Load the engine of a voice."""
        ...


def run_worker(
    settings: WorkerSettings, redis_url: str, open_voice: OpenVoice = open_engine
) -> None:
    """Run jobs until SIGTERM, which queues the current jobs again.

    Voices are opened in the pool's processes on first use: an onnxruntime session does
    not survive a fork.
    """
    configure_logs("worker", settings.log_level)
    # Celery warns root of pickle; only JSON is accepted here.
    warnings.simplefilter("ignore", SecurityWarning)
    logging.getLogger("piper").setLevel(logging.WARNING)  # at DEBUG it prints text
    app = create_celery_app(redis_url, settings.redelivery_seconds)
    redis = Redis.from_url(redis_url, decode_responses=True)
    stats = Stats(redis)
    queue = Queue(app, Jobs(redis, settings.queue_limit), stats)
    stopping = multiprocessing.Event()
    timeouts = LeaseTimeouts(settings.lease_seconds, settings.sentence_seconds)
    context = WorkerContext(
        archive=open_archive(settings),
        queue=queue,
        stats=stats,
        open_engine=_engines(settings, stats, open_voice),
        stopping=stopping.is_set,
        timeouts=timeouts,
    )
    register_tasks(app, context)
    schedule(app, _periodic_tasks(context, redis, settings.retention_days))
    signals.worker_shutting_down.connect(lambda **_: stopping.set(), weak=False)
    _run(app, settings.worker_processes)


def _engines(
    settings: WorkerSettings, stats: Stats, open_voice: OpenVoice
) -> Callable[[str], CachingEngine]:
    catalogue = open_catalogue(settings.voices_folder)
    sentences = open_sentence_store(settings)

    @functools.cache
    def engine(voice: str) -> CachingEngine:
        installed = catalogue.find(voice)
        opened = open_voice(
            installed,
            settings.voices_cache,
            settings.device,
            compile_graph=settings.compile,
        )
        stats.record_voice(voice, opened.description)
        return CachingEngine(opened, sentences, settings.device)

    return engine


def _periodic_tasks(
    context: WorkerContext, redis: Redis, retention_days: int | None
) -> list[PeriodicTask]:
    interval, jobs = context.timeouts.heartbeat_s, context.queue.jobs
    name = f"{socket.gethostname()}:{os.getpid()}"
    segments = context.archive.library.segments

    def clean_up() -> None:
        remove_stale_segments(segments, jobs, time.time())

    tasks = [
        PeriodicTask(Sweeper(context.queue, redis).sweep, interval),
        PeriodicTask(lambda: context.stats.record_heartbeat(name), interval),
        PeriodicTask(clean_up, _CLEANUP_INTERVAL_S),
    ]
    if retention_days is not None:
        retain = functools.partial(start_retention, context.queue, retention_days)
        tasks.append(PeriodicTask(retain, _RETENTION_CHECK_S))
    return tasks


def _run(app: Celery, processes: int) -> None:
    lanes = ",".join(lane.queue for lane in Lane)
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool=prefork",
            f"--concurrency={processes}",
            f"--queues={lanes}",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=WARNING",
        ]
    )
