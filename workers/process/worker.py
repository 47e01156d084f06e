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

from celery import Celery, signals
from celery.platforms import SecurityWarning
from redis import Redis

from voices.catalogue import InstalledVoice, open_catalogue
from voices.engine import Engine
from voices.open_engine import open_engine
from workers.logs import configure_logs
from workers.process.periodic import Duty, assign
from workers.process.run_job import Workshop
from workers.process.tasks import register
from workers.queue.celery_app import create_app
from workers.queue.jobs import Jobs, Lane
from workers.queue.lease import Patience
from workers.queue.publisher import Queue
from workers.queue.stats import Tally
from workers.queue.sweeper import Sweeper, sweep_parts
from workers.rendering.sentence_cache import RememberingEngine
from workers.settings import Settings
from workers.storage.archive import open_archive, open_records
from workers.storage.pins import References
from workers.storage.quota import Room
from workers.storage.quotas import library_room, sentence_shelf

_TIDYING = 600
"""Seconds between two looks for what failed narrations left."""

OpenVoice = Callable[[InstalledVoice, Path | None, str], Engine]
"""`voices.open_engine.open_engine`, or what stands in for it."""


def work(
    settings: Settings, redis_url: str, open_voice: OpenVoice = open_engine
) -> None:
    """Make orders until told to stop; SIGTERM puts the one at hand back.

    Voices are opened in the pool's processes, when first asked for: an onnxruntime
    session does not survive a fork.
    """
    configure_logs("worker", settings.log_level)
    # Celery warns a root user of pickle; orders are JSON and nothing else is accepted.
    warnings.simplefilter("ignore", SecurityWarning)
    logging.getLogger("piper").setLevel(logging.WARNING)  # at DEBUG it prints text
    app = create_app(redis_url, settings.redelivery_seconds)
    redis = Redis.from_url(redis_url, decode_responses=True)
    tally = Tally(redis)
    queue = Queue(app, Jobs(redis, settings.queue_limit), tally)
    stopping = multiprocessing.Event()
    patience = Patience(settings.lease_seconds, settings.sentence_seconds)
    jobs = queue.jobs
    archive = open_archive(settings)
    references = References(open_records(settings))
    room = library_room(settings, archive, references.keys, jobs.is_live)
    workshop = Workshop(
        archive=archive.within(room),
        queue=queue,
        tally=tally,
        open_engine=_engines(settings, tally, room, open_voice),
        stopping=stopping.is_set,
        patience=patience,
    )
    register(app, workshop)
    assign(app, _duties(workshop, redis))
    signals.worker_shutting_down.connect(lambda **_: stopping.set(), weak=False)
    _run(app, settings.worker_processes)


def _engines(
    settings: Settings, tally: Tally, room: Room | None, open_voice: OpenVoice
) -> Callable[[str], RememberingEngine]:
    catalogue = open_catalogue(settings.voices_folder)
    remembered = sentence_shelf(settings, room)

    @functools.cache
    def engine(voice: str) -> RememberingEngine:
        installed = catalogue.find(voice)
        speaker = open_voice(installed, settings.voices_cache, settings.processor)
        tally.note_voice(voice, speaker.description)
        return RememberingEngine(speaker, remembered, settings.processor)

    return engine


def _duties(workshop: Workshop, redis: Redis) -> list[Duty]:
    beat, jobs = workshop.patience.beat, workshop.queue.jobs
    name = f"{socket.gethostname()}:{os.getpid()}"
    parts = workshop.archive.library.parts
    return [
        Duty(Sweeper(workshop.queue, redis).sweep, beat),
        Duty(lambda: workshop.tally.note_worker(name), beat),
        Duty(lambda: sweep_parts(parts, jobs, time.time()), _TIDYING),
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
