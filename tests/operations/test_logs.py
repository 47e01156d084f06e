"""What is logged: JSON, a line each, and not one word of an article."""

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
from tests.support.processes import wait_until
from tests.support.service import environment, serving

CANARY = "xanthareel"
"""A word that is in no other text; every article here has it."""


def logged(program: str, level: str = "warning") -> list[dict]:
    """Run a program that has configured its logs; return what it said, by line."""
    told = subprocess.run(
        [sys.executable, "-c", f"{SETUP.format(level)}\n{program}"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout == ""
    assert CANARY not in told.stderr
    return [json.loads(line) for line in told.stderr.splitlines()]


SETUP = """
import logging, sys, threading, warnings
from workers.logs import configure_logs
configure_logs("worker", {!r})
ours = logging.getLogger("workers.process.tasks")
theirs = logging.getLogger("celery.worker")
"""


def test_a_line_tells_when_who_and_what() -> None:
    (line,) = logged("ours.warning('narration %s: %d of %d', 'ab12', 3, 9)")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "warning",
        "program": "worker",
        "logger": "workers.process.tasks",
        "message": "narration ab12: 3 of 9",
    }


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_what_is_below_the_level_is_not_told(level: str, told: list[str]) -> None:
    program = "for say in (ours.debug, ours.info, ours.warning, ours.error): say('x')"
    assert [line["level"] for line in logged(program, level)] == told


def test_an_error_is_told_by_its_kind_and_places_and_so_are_its_causes() -> None:
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


def test_errors_that_came_together_are_all_told() -> None:
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
def test_no_value_is_told_that_may_be_text(program: str, message: str) -> None:
    (line,) = logged(f"TEXT = '{CANARY}'\n{program}")
    assert line["message"] == message


def test_our_own_errors_are_told_whole_because_they_quote_nothing() -> None:
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
def test_an_error_that_nobody_caught_is_a_line_too(program: str) -> None:
    (line,) = logged(program)
    assert line["level"] == "critical"
    assert line["errors"][0]["type"] == "ValueError"


def test_a_warning_is_told_by_its_kind_and_place() -> None:
    (line,) = logged(f"warnings.warn('{CANARY}', UserWarning)")
    assert re.fullmatch(r"UserWarning at <string>:\d+", line["message"])


def test_an_operator_is_not_told_of_deprecations() -> None:
    assert logged("warnings.warn('old', DeprecationWarning)") == []


def test_what_cannot_be_written_is_not_printed_instead() -> None:
    program = f"""
logging.getLogger().handlers[0].stream = None
ours.error('%s', ['{CANARY}'])
"""
    assert logged(program) == []


def test_celery_sets_up_no_logs_of_its_own() -> None:
    program = f"""
from workers.queue.celery_app import create_celery_app
app = create_celery_app("redis://nobody")
app.log.setup('DEBUG', redirect_stdouts=True)
from celery.utils.log import get_task_logger
get_task_logger('task').error('%s failed', '{CANARY}')
theirs.info('not told')
theirs.error('told')
"""
    assert [line["message"] for line in logged(program)] == ["… failed", "told"]


# Every failure that can be provoked, with the canary in what is sent.


def article(words: int = 8, **more: object) -> dict[str, object]:
    """Return an article that has the canary in every sentence."""
    sentence = f"Nobody saw the {CANARY} turn at noon on Monday."
    text = " ".join([sentence] * (words // 8))
    return {"title": f"The {CANARY}", "text": text, **more}


def send_what_is_refused(client: httpx2.Client) -> set[int]:
    """Send articles that cannot be read; returns the answers' statuses."""
    broken = f'{{"text": "{CANARY}", "title": '.encode()
    answers = [
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
    return {answer.status_code for answer in answers}


def workers_of(pid: int) -> list[int]:
    """Return the worker's processes below a service, the pool's first."""
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_text()
        if "service.cli\0worker" in command:
            found += [*workers_of(int(child)), int(child)]
    return found


def child_of(pid: int, command: str) -> int:
    """Return the child of a service that runs a command."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (one,) = [c for c in children if command in Path(f"/proc/{c}/cmdline").read_text()]
    return int(one)


def ask(client: httpx2.Client, number: int) -> str:
    """Ask for an article of its own; returns the state of its narration."""
    sent = article(title=f"Day {number}")
    told = client.put(f"/v1/articles/a{number}", json=sent)
    return str(told.json()["narration"]["state"]) if told.is_success else "refused"


def state(client: httpx2.Client, number: int) -> str:
    """Return the state of an article's narration."""
    told = client.get(f"/v1/articles/a{number}")
    return str(told.json()["narration"]["state"]) if told.is_success else "refused"


@pytest.mark.live
@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
def test_no_failure_logs_a_word_of_the_article(tmp_path: Path) -> None:
    settings = {"voice": "tone", "log_level": "info", "max_characters": "10000"}
    with (
        serving(tmp_path / "data", **settings) as service,
        httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client,
    ):
        pid = service.process.pid
        statuses = send_what_is_refused(client)
        assert {413, 422} <= statuses
        assert max(statuses) < 500
        # A worker is killed while it reads, pool and all.
        client.put("/v1/articles/long", json=article(words=1500))
        for one in workers_of(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        # The broker dies and is away for a moment.
        os.kill(child_of(pid, "valkey"), signal.SIGKILL)
        ask(client, 1)
        wait_until(lambda: ask(client, 2) != "refused")
        wait_until(lambda: state(client, 2) == "ready")
        # What is made cannot be kept.
        library = tmp_path / "data" / "library"
        library.rename(tmp_path / "gone")
        library.write_text("in the way")
        ask(client, 3)
        wait_until(lambda: state(client, 3) in {"failed", "refused"})
        library.unlink()
        (tmp_path / "gone").rename(library)
        wait_until(lambda: ask(client, 4) == "ready")
        service.stop()
    said = service.log.read_text()
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"serve", "worker", "api"} <= {line["program"] for line in lines}
    queue = tmp_path / "data" / "queue" / "broker.log"
    assert CANARY not in (said + queue.read_text()).lower()
