"""Serve the API in this process, with a real broker and a real data folder."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import uvicorn

from service.api import ApiContext, create_app
from service.api.__main__ import open_context
from service.api.header_timeout import header_timeout_protocol
from service.settings import ServiceSettings


def context_of(data: Path, broker: str) -> ApiContext:
    """Open what the API's routes need; no worker takes the jobs."""
    return open_context(ServiceSettings(data=data, redis_url=broker, voice="tone"))


@contextmanager
def answering(context: ApiContext) -> Iterator[httpx2.Client]:
    """Serve the API until the block ends; yield a client of it."""
    config = uvicorn.Config(
        create_app(context),
        http=header_timeout_protocol(context.request_timeout_s),
        log_level="critical",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listen_socket:
        host, port = listen_socket.getsockname()
        thread = threading.Thread(target=server.run, args=[[listen_socket]])
        thread.start()
        try:
            with httpx2.Client(base_url=f"http://{host}:{port}", timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()
