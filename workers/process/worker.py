"""A worker process: everything it needs, put together once."""

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
from workers.process.cleanup import sweep_parts
from workers.process.periodic import PeriodicTask, schedule
from workers.process.run_job import WorkerContext
from workers.process.tasks import register_task
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs, Lane
from workers.queue.lease import LeaseTimeouts
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.queue.sweeper import Sweeper
from workers.rendering.sentence_cache import CachingEngine
from workers.settings import WorkerSettings
from workers.storage.archive import open_archive, open_records
from workers.storage.pins import Pins
from workers.storage.quota import Quota
from workers.storage.quotas import library_quota, sentence_store

_TIDYING = 600
"""Seconds between two looks for what failed narrations left."""


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
    """Make orders until told to stop; SIGTERM puts the one at hand back.

    Voices are opened in the pool's processes, when first asked for: an onnxruntime
    session does not survive a fork.
    """
    configure_logs("worker", settings.log_level)
    # Celery warns a root user of pickle; orders are JSON and nothing else is accepted.
    warnings.simplefilter("ignore", SecurityWarning)
    logging.getLogger("piper").setLevel(logging.WARNING)  # at DEBUG it prints text
    app = create_celery_app(redis_url, settings.redelivery_seconds)
    redis = Redis.from_url(redis_url, decode_responses=True)
    tally = Stats(redis)
    queue = Queue(app, Jobs(redis, settings.queue_limit), tally)
    stopping = multiprocessing.Event()
    patience = LeaseTimeouts(settings.lease_seconds, settings.sentence_seconds)
    jobs = queue.jobs
    archive = open_archive(settings)
    references = Pins(open_records(settings))
    room = library_quota(settings, archive, references.keys, jobs.is_live)
    workshop = WorkerContext(
        archive=archive.within(room),
        queue=queue,
        tally=tally,
        open_engine=_engines(settings, tally, room, open_voice),
        stopping=stopping.is_set,
        patience=patience,
    )
    register_task(app, workshop)
    schedule(app, _duties(workshop, redis))
    signals.worker_shutting_down.connect(lambda **_: stopping.set(), weak=False)
    _run(app, settings.worker_processes)


def _engines(
    settings: WorkerSettings, tally: Stats, room: Quota | None, open_voice: OpenVoice
) -> Callable[[str], CachingEngine]:
    catalogue = open_catalogue(settings.voices_folder)
    remembered = sentence_store(settings, room)

    @functools.cache
    def engine(voice: str) -> CachingEngine:
        installed = catalogue.find(voice)
        speaker = open_voice(
            installed,
            settings.voices_cache,
            settings.device,
            compile_graph=settings.compile,
        )
        tally.note_voice(voice, speaker.description)
        return CachingEngine(speaker, remembered, settings.device)

    return engine


def _duties(workshop: WorkerContext, redis: Redis) -> list[PeriodicTask]:
    beat, jobs = workshop.patience.beat, workshop.queue.jobs
    name = f"{socket.gethostname()}:{os.getpid()}"
    parts = workshop.archive.library.segments
    return [
        PeriodicTask(Sweeper(workshop.queue, redis).sweep, beat),
        PeriodicTask(lambda: workshop.tally.note_worker(name), beat),
        PeriodicTask(lambda: sweep_parts(parts, jobs, time.time()), _TIDYING),
    ]


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
