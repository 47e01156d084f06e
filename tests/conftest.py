"""What several tests start from."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from service.supervisor.broker import embedded_broker, find_server_program
from voices.catalogue import open_catalogue
from voices.engine import Utterance
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.piper.source import Source, read_source
from voices.sentence import TITLE, Script, Sentence, Span, Token
from voices.tone import TONE, ToneEngine

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".pytest_cache" / "outspoken"
"""Compiled voices of the processes that tests start; kept from run to run."""

STARTING = 120
"""Seconds after which a service that has not started never will; it takes three."""


_OTHER = "OUTSPOKEN_BROKER"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--broker PROGRAM` runs everything over another server than our own."""
    parser.addoption("--broker", type=Path, help="a server of the Redis protocol")


def pytest_configure(config: pytest.Config) -> None:
    """Have the services that tests start use it."""
    os.environ.pop(_OTHER, None)
    if program := config.getoption("--broker"):
        os.environ[_OTHER] = str(program)


def server_program() -> Path:
    """Return the server that tests start."""
    return Path(os.environ.get(_OTHER) or find_server_program())


@dataclass(frozen=True)
class RunningService:
    """A service that was started as its users start it."""

    process: subprocess.Popen[str]
    address: str
    data: Path

    log: Path
    """What all its processes say on stderr."""

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to end, as Ctrl-C does, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STARTING)


def environment(**settings: str) -> dict[str, str]:
    """Return this process's environment with these settings and no others."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith("OUTSPOKEN_")}
    settings = {"cache": str(CACHE), "broker": str(server_program())} | settings
    return bare | {f"OUTSPOKEN_{name.upper()}": one for name, one in settings.items()}


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
        process.wait(STARTING)
        if process.stdout:
            process.stdout.close()


Run = subprocess.CompletedProcess[str]


def run(*arguments: str | Path, data: Path, **settings: str) -> Run:
    """Run a verb of the command line to its end, with the tone voice."""
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env=environment(**({"data": str(data), "voice": "tone"} | settings)),
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=STARTING,
        check=False,
    )


@pytest.fixture(scope="session", name="house")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service with the tone voice, shared by all tests that only ask it things."""
    with serving(tmp_path_factory.mktemp("house") / "data", voice="tone") as house:
        yield house


@pytest.fixture(name="client")
def _client(house: RunningService) -> Iterator[httpx2.Client]:
    """A news frontend of the shared service."""
    with httpx2.Client(base_url=house.address, timeout=STARTING) as client:
        yield client


@pytest.fixture(scope="session", name="broker")
def _broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real embedded broker."""
    folder = tmp_path_factory.mktemp("broker")
    with embedded_broker(folder, server_program()) as broker:
        yield broker.address


@pytest.fixture(name="redis")
def _redis(broker: str) -> Iterator["Redis"]:
    """A client of an emptied broker, whose answers are text."""
    with Redis.from_url(broker, decode_responses=True) as redis:
        redis.flushall()
        yield redis


@pytest.fixture(scope="session", name="piper")
def _piper(voices_cache: Path) -> PiperEngine:
    """The voice that comes with the installation, compiled once for all tests."""
    engine = open_engine(open_catalogue().find("en_US-joe-medium"), voices_cache)
    assert isinstance(engine, PiperEngine)
    return engine


@pytest.fixture(name="source")
def _source() -> Source:
    """The files of the voice that comes with the installation."""
    installed = open_catalogue().find("en_US-joe-medium")
    assert installed.model
    return read_source(installed.voice, installed.model)


@pytest.fixture(scope="session", name="voices_cache")
def _voices_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled voices lie, for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "voices"


class CountingEngine(ToneEngine):
    """Notes what it is asked to say."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, sentence: Sentence) -> Utterance:
        self.said.append(sentence.spoken)
        return super().speak(sentence)


@pytest.fixture(name="engine")
def _engine() -> ToneEngine:
    return ToneEngine()


@pytest.fixture(name="script")
def _script() -> Script:
    """A title and two sentences."""
    return script_of("The tide turns", "It turned at noon.", "Nobody saw it.")


_FIGURES = pytest.StashKey[list[tuple[str, str]]]()


@pytest.fixture(name="figures")
def _figures(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Tells what a trial measured; the table is printed at the end."""
    rows = request.config.stash.setdefault(_FIGURES, [])
    return lambda name, measured: rows.append((name, measured))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what the trials measured."""
    rows = config.stash.get(_FIGURES, [])
    if rows:
        terminalreporter.section("measured")
        for name, measured in rows:
            terminalreporter.write_line(f"{name}: {measured}")


def script_of(title: str, *sentences: str) -> Script:
    """Return a script whose words are said as they are written."""
    titled = sentence_of(title, TITLE, pause=900)
    body = [sentence_of(one, number) for number, one in enumerate(sentences)]
    return Script("en", (titled, *body))


def sentence_of(text: str, paragraph: int = 0, pause: int = 400) -> Sentence:
    """Return a sentence whose words are said as they are written."""
    tokens = tuple(
        Token(word[0], Span(paragraph, word.start(), word.end()))
        for word in re.finditer(r"\S+", text)
    )
    return Sentence(text, tokens, pause)


__all__ = [
    "ROOT",
    "TONE",
    "RunningService",
    "environment",
    "run",
    "script_of",
    "serving",
]
