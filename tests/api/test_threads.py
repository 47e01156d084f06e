"""Each kind of work has threads of its own."""

import inspect
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http import HTTPStatus

import pytest

from service.api import ApiContext
from service.api.threads import ARTICLES, HEALTH, STATE
from tests.support.api.addresses import routes_of
from tests.support.api.server import answering

MISSING = f"/v1/narrations/{'0' * 32}"
MANY = 100
"""More than the threads of any kind."""


@contextmanager
def all_waiting(threads: ThreadPoolExecutor) -> Iterator[None]:
    """Have all threads of a pool wait, as for a Redis that hangs."""
    end = threading.Event()
    waiting = [threads.submit(end.wait) for _ in range(MANY)]
    try:
        yield
    finally:
        end.set()
        for future in waiting:
            future.result()


@pytest.mark.parametrize("blocked", [(ARTICLES,), (STATE,), (ARTICLES, STATE, HEALTH)])
def test_health_is_answered_while_others_wait(
    context: ApiContext, blocked: tuple[ThreadPoolExecutor, ...]
) -> None:
    with answering(context) as client, ExitStack() as stack:
        for threads in blocked:
            stack.enter_context(all_waiting(threads))
        assert client.get("/healthz").status_code == HTTPStatus.OK
        assert client.get("/").status_code == HTTPStatus.OK
        assert client.get("/v1/voices").status_code == HTTPStatus.OK


@pytest.mark.parametrize("blocked", [ARTICLES, STATE])
def test_readiness_is_answered_while_others_wait(
    context: ApiContext, blocked: ThreadPoolExecutor
) -> None:
    with answering(context) as client, all_waiting(blocked):
        # It says that no worker runs.
        answer = client.get("/readyz")
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "worker" in answer.json()["detail"]


def test_state_is_answered_while_articles_are_prepared(context: ApiContext) -> None:
    with answering(context) as client, all_waiting(ARTICLES):
        assert client.get(MISSING).status_code == HTTPStatus.NOT_FOUND
        assert client.get("/v1/articles").status_code == HTTPStatus.OK


def test_no_route_uses_the_threads_that_all_share(context: ApiContext) -> None:
    shared = [
        route.path
        for route in routes_of(context)
        if not inspect.iscoroutinefunction(route.endpoint)
    ]
    assert not shared
