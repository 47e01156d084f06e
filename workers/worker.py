"""A worker process: everything it needs, put together once."""

import functools
import logging
import warnings

from celery.platforms import SecurityWarning
from redis import Redis

from voices.catalogue import open_catalogue
from voices.engine import Engine
from voices.opening import open_engine
from workers.app import create_app
from workers.archive import open_archive
from workers.jobs import Jobs
from workers.queue import QUEUE
from workers.settings import Settings
from workers.tasks import register


def work(settings: Settings, redis_url: str) -> None:
    """Make orders until told to stop (SIGTERM finishes the one at hand).

    Voices are opened in the pool's processes, when first asked for: an onnxruntime
    session does not survive a fork.
    """
    # Celery warns a root user of pickle; orders are JSON and nothing else is accepted.
    warnings.simplefilter("ignore", SecurityWarning)
    logging.getLogger("piper").setLevel(logging.WARNING)  # at DEBUG it prints text
    app = create_app(redis_url)
    catalogue = open_catalogue(settings.voices_folder)

    @functools.cache
    def engine(voice: str) -> Engine:
        return open_engine(
            catalogue.find(voice), settings.voices_cache, settings.processor
        )

    archive = open_archive(settings)
    jobs = Jobs(Redis.from_url(redis_url, decode_responses=True))
    register(app, archive, jobs, engine)
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool=prefork",
            f"--concurrency={settings.worker_processes}",
            f"--queues={QUEUE}",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=WARNING",
        ]
    )
