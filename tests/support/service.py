"""Run the service and its commands in processes of their own, as users do."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from service.supervisor.embedded_redis import find_server_program
from tests.support.paths import CACHE, START_TIMEOUT_S
from tests.support.processes import children_of, wait_until

BROKER_VARIABLE = "OUTSPOKEN_BROKER"


def server_program() -> Path:
    """Return the Redis server that tests start."""
    return Path(os.environ.get(BROKER_VARIABLE) or find_server_program())


@dataclass(frozen=True)
class RunningService:
    """A service that runs in its own processes."""

    process: subprocess.Popen[str]
    address: str
    data: Path

    log: Path
    """The stderr of all its processes."""

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it, by default as Ctrl-C does, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(START_TIMEOUT_S)


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with these settings and no others."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith("OUTSPOKEN_")}
    # Compiling our modules takes each process 0.15 s if no bytecode is stored.
    bare.pop("PYTHONDONTWRITEBYTECODE", None)
    common = {
        "cache": str(CACHE),
        "broker": str(server_program()),
        # Each takes half a second of a core to start.
        "prepare_processes": "1",
    }
    settings = common | settings
    return bare | {
        f"OUTSPOKEN_{name.upper()}": value for name, value in settings.items()
    }


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[RunningService]:
    """Run `outspoken serve` on a free port until the block ends."""
    log = data.with_suffix(".stderr")
    with log.open("a") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve", "--port=0", "--data", data],
            env=environment(**settings),
            cwd=data.parent,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        assert process.stdout
        ready = process.stdout.readline()
        found = re.fullmatch(r"Outspoken is ready: (http://\S+)/\n", ready)
        assert found, f"not a ready line: {ready!r}; {log.read_text()}"
        yield RunningService(process, found[1], data, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(START_TIMEOUT_S)
        if process.stdout:
            process.stdout.close()


@contextmanager
def client_of(service: RunningService) -> Iterator[httpx2.Client]:
    """Open a client of a service."""
    with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
        yield client


def wait_until_ready(client: httpx2.Client) -> None:
    """Return once the service is ready; it may have to restart a process first."""
    wait_until(lambda: client.get("/readyz").status_code == 200)


def processes_of(service: RunningService) -> set[int]:
    """Return the ids of a service's processes."""
    family = {service.process.pid}
    while more := {child for pid in family for child in children_of(pid)} - family:
        family |= more
    return family


Run = subprocess.CompletedProcess[str]


def run(*arguments: str | Path, data: Path, **settings: str) -> Run:
    """Run a command in a process of its own, with the tone voice."""
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env=environment(**({"data": str(data), "voice": "tone"} | settings)),
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=START_TIMEOUT_S,
        check=False,
    )
