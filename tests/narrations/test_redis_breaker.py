"""A Redis that hangs costs its time-out once, not for each request."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

import pytest
from redis.exceptions import TimeoutError  # noqa: A004 - redis calls it so

from service.narrations.backend import connect_redis
from service.supervisor.embedded_redis import embedded_broker
from tests.support.api.server import answering, context_of
from tests.support.processes import wait_until
from tests.support.service import server_program

REQUESTS = 30


class HangingServer:
    """Accepts connections and never answers."""

    def __init__(self) -> None:
        self.accepted: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    @property
    def address(self) -> str:
        host, port = self._door.getsockname()
        return f"redis://{host}:{port}"

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for connection in (*self.accepted, self._door):
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._door.accept()
            except OSError:
                return
            self.accepted.append(connection)


@pytest.fixture(name="hanging")
def _hanging() -> Iterator[HangingServer]:
    server = HangingServer()
    yield server
    server.close()


def test_a_server_that_hangs_is_asked_once(hanging: HangingServer) -> None:
    with connect_redis(hanging.address) as redis:
        for _ in range(REQUESTS):
            with pytest.raises(TimeoutError):
                redis.get("a")
    # One request, and a probe or two.
    assert len(hanging.accepted) < REQUESTS / 5


def test_requests_that_were_sent_at_once_wait_once(hanging: HangingServer) -> None:
    with connect_redis(hanging.address) as redis:

        def ask(_: int) -> None:
            with pytest.raises(TimeoutError):
                redis.get("a")

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ask, range(REQUESTS)))
    assert len(hanging.accepted) < REQUESTS / 3


def test_a_server_that_answers_again_is_asked_again(tmp_path: Path) -> None:
    with (
        embedded_broker(tmp_path, server_program()) as broker,
        connect_redis(broker.address) as redis,
    ):
        redis.set("a", "b")
        pid = int(redis.info("server")["process_id"])
        os.kill(pid, signal.SIGSTOP)
        for _ in range(REQUESTS):
            with pytest.raises(TimeoutError):
                redis.get("a")
        os.kill(pid, signal.SIGCONT)

        def answers() -> bool:
            try:
                return redis.get("a") == "b"
            except TimeoutError:
                return False

        wait_until(answers)


def test_the_api_answers_while_the_broker_hangs(tmp_path: Path) -> None:
    missing = f"/v1/narrations/{'0' * 32}"
    with embedded_broker(tmp_path / "queue", server_program()) as broker:
        context = context_of(tmp_path / "data", broker.address)
        pid = int(context.backend.jobs.redis.info("server")["process_id"])
        with answering(context) as client:
            os.kill(pid, signal.SIGSTOP)
            try:
                with ThreadPoolExecutor(REQUESTS) as clients:
                    waiting = [
                        clients.submit(client.get, missing) for _ in range(REQUESTS)
                    ]
                    assert client.get("/healthz").status_code == HTTPStatus.OK
                    statuses = {future.result().status_code for future in waiting}
                assert statuses == {HTTPStatus.SERVICE_UNAVAILABLE}
                answer = client.get("/readyz")
                assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
            finally:
                os.kill(pid, signal.SIGCONT)
            wait_until(lambda: client.get(missing).status_code == HTTPStatus.NOT_FOUND)
