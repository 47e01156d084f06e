"""Logs: JSON lines without text of articles."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import children_of, command_of, wait_until
from tests.support.service import environment, serving

CANARY = "xanthareel"
"""A word of every article here, and of no other text."""


def logged(program: str, level: str = "warning") -> list[dict]:
    """Run a program with configured logs; return its log lines."""
    done = subprocess.run(
        [sys.executable, "-c", f"{SETUP.format(level)}\n{program}"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert CANARY not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


SETUP = """
import logging, sys, threading, warnings
from workers.logs import configure_logs
configure_logs("worker", {!r})
ours = logging.getLogger("workers.process.tasks")
theirs = logging.getLogger("celery.worker")
"""


def test_line_has_time_level_program_logger_and_message() -> None:
    (line,) = logged("ours.warning('narration %s: %d of %d', 'ab12', 3, 9)")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "warning",
        "program": "worker",
        "logger": "workers.process.tasks",
        "message": "narration ab12: 3 of 9",
    }


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_levels_below_the_setting_are_not_logged(
    level: str, expected: list[str]
) -> None:
    program = "for say in (ours.debug, ours.info, ours.warning, ours.error): say('x')"
    assert [line["level"] for line in logged(program, level)] == expected


def test_exception_and_its_causes_are_logged_by_type_and_place() -> None:
    program = f"""
def speak(text):
    raise ValueError(text)
try:
    try:
        speak("{CANARY}")
    except ValueError as error:
        raise KeyError("{CANARY}") from error
except KeyError:
    ours.exception("failed")
"""
    (line,) = logged(program)
    assert line["message"] == "failed"
    assert [error["type"] for error in line["errors"]] == ["KeyError", "ValueError"]
    assert [len(error["places"]) for error in line["errors"]] == [1, 2]
    assert all(
        re.fullmatch(r"<string>:\d+", place)
        for error in line["errors"]
        for place in error["places"]
    )


def test_every_exception_of_a_group_is_logged() -> None:
    group = f"ExceptionGroup('{CANARY}', [OSError(28, '{CANARY}'), TypeError()])"
    (line,) = logged(f"ours.error('failed', exc_info={group})")
    kinds = [error["type"] for error in line["errors"]]
    assert kinds == ["ExceptionGroup", "OSError ENOSPC", "TypeError"]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("theirs.error('task %s took %.1f s: %r', TEXT, 2.5, ValueError(TEXT))",
         "task … took 2.5 s: 'ValueError'"),
        ("theirs.error('task %(name)s failed', {'name': TEXT})", "task … failed"),
        ("theirs.error('ignored\\n\\nThe body was: %r', TEXT)", "ignored"),
        ("theirs.error(f'Exception in callback speak({TEXT!r})')",
         "Exception in callback speak"),
        ("theirs.error(ValueError(TEXT))", "ValueError"),
        ("theirs.error('%d bytes', TEXT)", "%d bytes"),
        ("ours.error('failed: %s', ValueError(TEXT))", "failed: ValueError"),
        ("ours.error('failed: %s', [TEXT])", "failed: …"),
        ("logging.getLogger('multiprocessing').error('%r died', TEXT)", "'…' died"),
    ],
)  # fmt: skip
def test_values_that_may_be_text_are_redacted(program: str, message: str) -> None:
    (line,) = logged(f"TEXT = '{CANARY}'\n{program}")
    assert line["message"] == message


def test_own_errors_are_logged_in_full() -> None:
    (line,) = logged(
        "from workers.errors import StorageFailed\n"
        "ours.error('failed: %s', StorageFailed('The disk is full.'))"
    )
    assert line["message"] == "failed: The disk is full."


@pytest.mark.parametrize(
    "program",
    [
        f"raise ValueError('{CANARY}')",
        f"threading.Thread(target=int, args=['{CANARY}']).start()",
        f"class Bad:\n def __del__(self): raise ValueError('{CANARY}')\nBad()",
    ],
)
def test_uncaught_exception_is_logged(program: str) -> None:
    (line,) = logged(program)
    assert line["level"] == "critical"
    assert line["errors"][0]["type"] == "ValueError"


def test_warning_is_logged_by_category_and_place() -> None:
    (line,) = logged(f"warnings.warn('{CANARY}', UserWarning)")
    assert re.fullmatch(r"UserWarning at <string>:\d+", line["message"])


def test_deprecation_warnings_are_not_logged() -> None:
    assert logged("warnings.warn('old', DeprecationWarning)") == []


def test_failing_log_stream_prints_nothing() -> None:
    program = f"""
logging.getLogger().handlers[0].stream = None
ours.error('%s', ['{CANARY}'])
"""
    assert logged(program) == []


def test_celery_does_not_configure_logs() -> None:
    program = f"""
from workers.queue.celery_app import create_celery_app
app = create_celery_app("redis://absent")
app.log.setup('DEBUG', redirect_stdouts=True)
from celery.utils.log import get_task_logger
get_task_logger('task').error('%s failed', '{CANARY}')
theirs.info('not logged')
theirs.error('logged')
"""
    assert [line["message"] for line in logged(program)] == ["… failed", "logged"]


# Every failure that can be provoked, with the canary in every request.


def article(words: int = 8, **more: object) -> dict[str, object]:
    """Return an article with the canary in every sentence."""
    sentence = f"No one saw the {CANARY} turn at noon on Monday."
    text = " ".join([sentence] * (words // 8))
    return {"title": f"The {CANARY}", "text": text, **more}


def send_refused_requests(client: httpx2.Client) -> set[int]:
    """Send invalid articles; return the status codes."""
    broken = f'{{"text": "{CANARY}", "title": '.encode()
    responses = [
        client.post("/v1/narrations", json=article(voice=CANARY)),
        client.post("/v1/narrations", json=article(words=4000)),
        client.post("/v1/narrations", json={"text": ["…"], "title": CANARY}),
        client.post("/v1/narrations", json={"html": f"<p hidden>{CANARY}</p>"}),
        client.post("/v1/narrations", json=article(language="tlh")),
        client.post("/v1/narrations", content=broken),
        client.post("/v1/narrations", content=CANARY.encode() + b"\xff\xfe"),
        client.put(f"/v1/articles/{CANARY}", json=article(published=CANARY)),
        client.put(f"/v1/articles/{CANARY}%20", json=article()),
        client.get(f"/v1/narrations/{CANARY}"),
    ]
    return {response.status_code for response in responses}


def workers_of(pid: int) -> list[int]:
    """Return the worker processes of a service, the pool's first."""
    pids: list[int] = []
    for child in children_of(pid):
        if "service.cli\0worker" in command_of(child):
            pids += [*workers_of(child), child]
    return pids


def child_of(pid: int, command: str) -> int:
    """Return the child of a service that runs a command."""
    (child,) = [child for child in children_of(pid) if command in command_of(child)]
    return child


def submit(client: httpx2.Client, number: int) -> str:
    """Submit a new article; return the state of its narration."""
    body = article(title=f"Day {number}")
    return state_in(client.put(f"/v1/articles/a{number}", json=body))


def state(client: httpx2.Client, number: int) -> str:
    """Return the state of an article's narration."""
    return state_in(client.get(f"/v1/articles/a{number}"))


def state_in(response: httpx2.Response) -> str:
    """Return the narration's state, or "refused"."""
    if not response.is_success:
        return "refused"
    return str(response.json()["narration"]["state"])


@pytest.mark.live
@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
def test_no_failure_logs_a_word_of_the_article(tmp_path: Path) -> None:
    settings = {"voice": "tone", "log_level": "info", "max_characters": "10000"}
    with (
        serving(tmp_path / "data", **settings) as service,
        httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client,
    ):
        pid = service.process.pid
        statuses = send_refused_requests(client)
        assert {413, 422} <= statuses
        assert max(statuses) < 500
        # Kill the worker and its pool while it renders.
        client.put("/v1/articles/long", json=article(words=1500))
        for worker in workers_of(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        # Kill the broker, which is then unavailable for a moment.
        os.kill(child_of(pid, "valkey"), signal.SIGKILL)
        submit(client, 1)
        wait_until(lambda: submit(client, 2) != "refused")
        wait_until(lambda: state(client, 2) == "ready")
        # Make the library unwritable.
        library = tmp_path / "data" / "library"
        library.rename(tmp_path / "gone")
        library.write_text("in the way")
        submit(client, 3)
        wait_until(lambda: state(client, 3) in {"failed", "refused"})
        library.unlink()
        (tmp_path / "gone").rename(library)
        wait_until(lambda: submit(client, 4) == "ready")
        service.stop()
    log = service.log.read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"serve", "worker", "api"} <= {line["program"] for line in lines}
    broker_log = tmp_path / "data" / "queue" / "broker.log"
    assert CANARY not in (log + broker_log.read_text()).lower()
