"""Threads of the routes, one pool for each kind of work.

The threads of one kind may all wait: for Redis in an outage, for articles that are
prepared.  Requests of the other kinds then go on, and `/healthz` needs none.  Finished
audio has threads of its own, in `service.api.streaming.io_threads`.
"""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from service.errors import NotReady

P = ParamSpec("P")
T = TypeVar("T")

HEALTH = ThreadPoolExecutor(4, thread_name_prefix="health")
"""Readiness and metrics."""

STATE = ThreadPoolExecutor(16, thread_name_prefix="state")
"""State of narrations and articles, lists and feeds: short look-ups."""

ARTICLES = ThreadPoolExecutor(6, thread_name_prefix="articles")
"""Articles that are sent: most of the time they wait until they are prepared.  More
threads than keep the processes busy would only take the interpreter from the others."""


def on_threads(
    threads: ThreadPoolExecutor,
) -> Callable[[Callable[P, T]], Callable[P, Coroutine[None, None, T]]]:
    """Return a decorator that runs a route's function in a pool of threads.

    Without it FastAPI runs all of them in one pool.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, Coroutine[None, None, T]]:
        @functools.wraps(function)
        async def run(*args: P.args, **kwargs: P.kwargs) -> T:
            call = functools.partial(function, *args, **kwargs)
            try:
                return await asyncio.get_running_loop().run_in_executor(threads, call)
            except asyncio.CancelledError:
                # The server cancels what takes longer than its time to stop.
                message = "The service is stopping; send the request again."
                raise NotReady(message) from None

        return run

    return decorate
