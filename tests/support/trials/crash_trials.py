"""A news frontend of a service that crashes, and how trials wait for it."""

import contextlib
import os
import re
import secrets
import signal
from collections.abc import Callable, Iterator

import httpx2
import pytest

from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import (
    children_of,
    command_of,
    wait_until,
    wait_until_gone,
)
from tests.support.service import RunningService

_TRIAL_TIMEOUT_S = 600
"""Ten times what the longest step of a trial takes."""

_RUN = secrets.randbelow(10**6)
"""Distinguishes the sentences from those of other runs, which are cached."""

Figures = Callable[[str, str], None]
"""Adds a row to the table of measurements: its title and what was measured."""


def sized(small: int, full: int) -> pytest.MarkDecorator:
    """Run with a small count in `make test`, with the full one in `make trial`."""
    return pytest.mark.parametrize(
        "count", [small, pytest.param(full, marks=pytest.mark.trial)]
    )


def article(name: object, sentences: int) -> str:
    """Return an article that no other name and no other run has."""
    return " ".join(
        f"The tide of {name} turned on day {number} of {_RUN}, and no one saw it turn."
        for number in range(sentences)
    )


@contextlib.contextmanager
def frontend(service: RunningService) -> Iterator[httpx2.Client]:
    """Open a client of the service."""
    with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
        yield client


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, as long as a step of a trial may take."""
    wait_until(condition, _TRIAL_TIMEOUT_S, interval_s=0.05)


def post(client: httpx2.Client, text: str, **fields: object) -> str:
    """Request a narration; return its key."""
    answer = client.post("/v1/narrations", json={"text": text, **fields})
    assert answer.status_code in {200, 202}, answer.text
    return str(answer.json()["key"])


def job_of(client: httpx2.Client, key: str) -> dict[str, object] | None:
    """Return a narration's status; None while the service does not answer."""
    with contextlib.suppress(httpx2.TransportError):
        answer = client.get(f"/v1/narrations/{key}")
        if answer.status_code == 200:
            status: dict[str, object] = answer.json()
            return status
    return None


def is_in(client: httpx2.Client, key: str, *states: str) -> bool:
    """Whether a narration is in one of these states."""
    job = job_of(client, key)
    return job is not None and job["state"] in states


def sentences_done(job: dict[str, object]) -> int:
    """Return how many sentences of a narration are committed, from its status."""
    progress = job["progress"]
    assert isinstance(progress, dict)
    return int(progress["done"])


def worker_of(service: RunningService) -> int | None:
    """Return the id of the worker's main process; None while it restarts."""
    pids = [
        pid
        for pid in children_of(service.process.pid)
        if "service.cli\0worker" in command_of(pid)
    ]
    return pids[0] if pids else None


def kill_worker(service: RunningService, kind: str) -> None:
    """Kill a worker's main process, a child of its pool, or the whole group.

    Returns once they have ended; the supervisor kills the rest of the group of a main
    process that is dead.
    """
    eventually(lambda: bool((pid := worker_of(service)) and children_of(pid)))
    main = worker_of(service)
    assert main
    pool = children_of(main)
    with contextlib.suppress(ProcessLookupError):
        if kind == "group":
            os.killpg(main, signal.SIGKILL)
        else:
            victim = main if kind == "main" else min(pool)
            os.kill(victim, signal.SIGKILL)
    wait_until_gone({min(pool)} if kind == "child" else {main, *pool})


def metric(client: httpx2.Client, name: str) -> float:
    """Return a metric of the service; 0 if it has none yet."""
    match = re.search(
        rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE
    )
    return float(match[1]) if match else 0.0
