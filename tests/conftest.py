"""Fixtures that several test folders share."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from redis import Redis

from service.api import ApiContext
from service.supervisor.embedded_redis import embedded_broker
from tests.support.api.server import answering, context_of
from tests.support.objects.faults import FaultyServer, faulty_server
from tests.support.objects.s3 import Bucket, create_bucket, s3_server
from tests.support.paths import ROOT, START_TIMEOUT_S
from tests.support.scripts import script_of
from tests.support.service import (
    BROKER_VARIABLE,
    RunningService,
    server_program,
    serving,
)
from voices.catalogue import open_catalogue
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.piper.source import Source, read_source
from voices.sentence import Script
from voices.tone import ToneEngine

pytest_plugins = ["tests.support.databases.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--broker PROGRAM` runs everything over another server than our own."""
    parser.addoption("--broker", type=Path, help="a server of the Redis protocol")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the slowest files first, so that parallel workers end together."""
    live = {item.path for item in items if item.get_closest_marker("live")}
    slowest = ROOT / "tests" / "trials", ROOT / "tests" / "supervisor"
    items.sort(
        key=lambda item: (item.path.parent not in slowest, item.path not in live)
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have the services that tests start use it."""
    os.environ.pop(BROKER_VARIABLE, None)
    if program := config.getoption("--broker"):
        os.environ[BROKER_VARIABLE] = str(program)


@pytest.fixture(scope="session", name="service")
def _service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service with the tone voice, shared by all tests that only ask it things."""
    with serving(tmp_path_factory.mktemp("service") / "data", voice="tone") as service:
        yield service


@pytest.fixture(name="client")
def _client(service: RunningService) -> Iterator[httpx2.Client]:
    """A news frontend of the shared service."""
    with httpx2.Client(base_url=service.address, timeout=START_TIMEOUT_S) as client:
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


@pytest.fixture(name="context")
def _context(tmp_path: Path, broker: str, redis: Redis) -> ApiContext:
    """What an API needs; no worker takes its jobs, so they stay queued."""
    assert redis.dbsize() == 0
    return context_of(tmp_path / "data", broker)


@pytest.fixture(name="idle_client")
def _idle_client(context: ApiContext) -> Iterator[httpx2.Client]:
    """A client of an API without workers."""
    with answering(context) as client:
        yield client


@pytest.fixture(scope="session", name="s3")
def _s3() -> Iterator[str]:
    """The endpoint of a real S3 API."""
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture(name="bucket")
def _bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty bucket, whose credentials are in the environment."""
    return create_bucket(s3, monkeypatch)


@pytest.fixture(name="faulty")
def _faulty(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    """A server in front of that of the bucket, which fails as the test says."""
    with faulty_server(bucket.endpoint) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
        yield server


@pytest.fixture(name="object_service")
def _object_service(
    bucket: Bucket, faulty: FaultyServer, tmp_path: Path
) -> Iterator[RunningService]:
    """A service whose library is in the bucket, behind the server that fails."""
    assert not faulty.faults
    with serving(tmp_path / "data", library=bucket.address, voice="tone") as service:
        yield service


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


@pytest.fixture(name="engine")
def _engine() -> ToneEngine:
    return ToneEngine()


@pytest.fixture(name="script")
def _script() -> Script:
    """A title and two sentences."""
    return script_of("The tide turns", "It turned at noon.", "No one saw it.")


_FIGURES = pytest.StashKey[list[tuple[str, str]]]()


@pytest.fixture(name="figures")
def _figures(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Records a figure that a trial measured; a table is printed at the end."""
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
