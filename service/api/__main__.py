"""The API process: everything it needs, put together once.

    python -m service.api [FD]      FD: an open listening socket, from `service.house`

Without FD it listens on OUTSPOKEN_HOST and OUTSPOKEN_PORT.
"""

import socket
import sys

import uvicorn
from redis import Redis

from service.api import Desk, create_app
from service.settings import Settings, named_redis, read_settings
from service.studio import open_studio
from voices.errors import OutspokenError
from workers.app import create_app as create_queue_app
from workers.archive import open_archive
from workers.jobs import Jobs
from workers.queue import Queue
from workers.records import DiskRecords


def open_desk(settings: Settings) -> Desk:
    """Open what the routes need; no voice is loaded and nothing is connected yet."""
    redis_url = named_redis(settings)
    jobs = Jobs(Redis.from_url(redis_url, decode_responses=True))
    return Desk(
        studio=open_studio(settings),
        archive=open_archive(settings),
        records=DiskRecords(settings.records_folder),
        queue=Queue(create_queue_app(redis_url), jobs),
        publication=settings.publication,
        public_url=settings.public_url,
        origins=settings.origins,
        max_body=settings.max_body,
        max_html=settings.max_html,
        selectors=settings.selectors,
    )


def main() -> None:
    """Serve until told to stop."""
    try:
        settings = read_settings()
        desk = open_desk(settings)
    except OutspokenError as error:
        sys.exit(f"outspoken: {error}")
    config = uvicorn.Config(
        create_app(desk),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    inherited = [socket.socket(fileno=int(fd)) for fd in sys.argv[1:]]
    uvicorn.Server(config).run(sockets=inherited or None)


if __name__ == "__main__":
    main()
