"""`outspoken narrate` ends with all of its processes, at any signal."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.processes import children_of, is_running, wait_until
from tests.support.service import environment

pytestmark = pytest.mark.live

ARTICLES = 3


@pytest.fixture(name="articles")
def _articles(tmp_path: Path) -> list[Path]:
    """Articles that take longer to read than any test."""
    folder = tmp_path / "in"
    folder.mkdir()
    paths = [folder / f"{number}.txt" for number in range(ARTICLES)]
    for number, path in enumerate(paths):
        path.write_text(
            "\n\n".join(
                f"Ferry {number} left the quay on day {day}, and the crowd cheered."
                for day in range(2_000)
            )
        )
    return paths


@pytest.fixture(name="run")
def _run(tmp_path: Path, articles: list[Path]) -> Iterator[subprocess.Popen[str]]:
    """A run in two processes, once both of them render."""
    out, data = tmp_path / "out", tmp_path / "data"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "service.cli", "narrate", *map(str, articles)),
            *("--jobs", "2", "-o", f"{out}/"),
        ],
        env=environment(data=str(data)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    segments = data / "library" / ".segments"
    try:
        wait_until(lambda: len(list(segments.glob("*/*/000001"))) == 2)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        signal.SIGINT,
        pytest.param(signal.SIGHUP, marks=pytest.mark.trial),
    ],
)
def test_stopped_run_leaves_no_process_and_says_how_to_go_on(
    run: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    children = children_of(run.pid)
    run.send_signal(number)
    stdout, stderr = run.communicate()
    assert run.returncode == 128 + number
    assert stderr == "outspoken: Stopped; the same command goes on from here.\n"
    assert stdout == ""
    for child in children:
        wait_until(partial(_has_ended, child))
    assert not list((tmp_path / "out").rglob("*"))


def test_processes_of_a_killed_run_end(run: subprocess.Popen[str]) -> None:
    children = children_of(run.pid)
    assert len(children) >= 2
    run.kill()
    for child in children:
        wait_until(partial(_has_ended, child))


def _has_ended(child: int) -> bool:
    return not is_running(child)
