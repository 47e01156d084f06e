"""The image is built and the compose file's services run from it."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from ruamel.yaml import YAML

from tests.support.image.build_image import (
    BASE,
    FOLDER,
    PROGRAMS,
    build_image,
    remove_mounts,
)
from tests.support.image.container import ServiceContainer, private_network
from tests.support.paths import ROOT
from tests.support.trials.crash_trials import Figures, article, eventually, is_in

pytestmark = [pytest.mark.image, pytest.mark.timeout(1800)]

PASSWORD = "kept out of the file"  # noqa: S105 - of a server of this test
PORT = 8000
Stack = dict[str, ServiceContainer]


@pytest.fixture(scope="module", name="image")
def _image() -> Iterator[tuple[Path, dict]]:
    """The files and the configuration of the image."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or os.getuid() != 0:
        pytest.skip(f"as root, with {' '.join(PROGRAMS)}; missing: {missing}")
    yield build_image()
    remove_mounts()


@pytest.fixture(name="volumes")
def _volumes() -> Iterator[Path]:
    """An empty folder for volumes, which users of containers may enter."""
    folder = FOLDER / "volumes"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "hosts").write_text("127.0.0.1 localhost postgres redis\n")
    (folder / "secrets").mkdir(mode=0o700)
    secret = folder / "secrets" / "database_password"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o644)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(name="stack")
def _stack(image: tuple[Path, dict], volumes: Path) -> Iterator[Stack]:
    """The containers of the compose file, none of them started."""
    root, config = image
    images = {
        "outspoken": (root, config),
        "postgres:17-trixie": (BASE, {"Entrypoint": ["docker-entrypoint.sh"]}),
        "redis:8.2": (BASE, {"Entrypoint": [], "WorkingDir": "/data"}),
    }
    services = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
    names = {
        f"{name}{number or ''}": service
        for name, service in services.items()
        for number in range(service["deploy"].get("replicas", 1))
    }
    defaults = {"Env": ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"]}
    with private_network(), ExitStack() as stack:
        containers = {
            name: ServiceContainer(name, service, at, defaults | dict(config), volumes)
            for name, service in names.items()
            for at, config in [images[service["image"]]]
        }
        for container in containers.values():
            stack.callback(container.stop)
        yield containers
        for container in containers.values():
            # Shown by pytest if the trial fails.
            print(container.name, container.log.read_text()[-2000:])  # noqa: T201


def start(stack: Stack, *names: str) -> None:
    """Start containers as Compose does: each after those that it depends on."""
    for name in names:
        for needed in stack[name].service.get("depends_on", {}):
            assert stack[needed].is_healthy(), needed
        stack[name].start()
    for name in names:
        stack[name].wait_until_healthy()


def put(client: httpx2.Client, source_id: str, sentences: int) -> str:
    """Publish an article; return its narration's key."""
    body = {"title": f"The tide of {source_id}", "source": "article"}
    body["text"] = article(source_id, sentences)
    answer = client.put(f"/v1/articles/{source_id}", json=body)
    assert answer.status_code in {200, 202}, answer.text
    return str(answer.json()["narration"]["key"])


@contextlib.contextmanager
def timed(figures: Figures, step: str) -> Iterator[list[str]]:
    """Record how long a step took, and what the block adds to the list."""
    since = time.monotonic()
    said: list[str] = []
    yield said
    figures(step, " ".join([f"{time.monotonic() - since:.1f} s", *said]))


@pytest.fixture(name="running")
def _running(stack: Stack, figures: Figures) -> Iterator[httpx2.Client]:
    """A client of the service, all of whose containers are healthy."""
    with timed(figures, "postgres and redis healthy"):
        start(stack, "postgres", "redis")
    workers = workers_of(stack)
    with timed(figures, f"api and {len(workers)} workers healthy"):
        start(stack, "api", *workers)
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
        yield client
    for name in ("api", *workers, "redis", "postgres"):
        with timed(figures, f"{name} stopped by SIGTERM"):
            stack[name].stop()


def workers_of(stack: Stack) -> list[str]:
    """Return the names of the worker containers."""
    return [name for name in stack if name.startswith("worker")]


def in_database(stack: Stack, command: str) -> str:
    """Run a program of PostgreSQL in its container, as OPERATIONS.md does."""
    path = "PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)"
    done = stack["postgres"].execute("sh", "-c", f"{path} {command}")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def narrate_one(client: httpx2.Client, figures: Figures) -> None:
    """Publish a short article and fetch its audio."""
    with timed(figures, "PUT to finished audio") as said:
        key = put(client, "ferry", sentences=4)
        eventually(lambda: is_in(client, key, "ready"))
        audio = client.get(f"/v1/narrations/{key}.mp3")
        assert audio.status_code == 200
        said.append(f"({len(audio.content):,} bytes)")


def kill_workers(client: httpx2.Client, stack: Stack, figures: Figures) -> None:
    """Kill every worker in mid-article; start them again."""
    with timed(figures, "workers killed in mid-article; it is finished"):
        key = put(client, "harbour", sentences=120)
        eventually(lambda: is_in(client, key, "making"))
        for name in workers_of(stack):
            stack[name].kill()
        start(stack, *workers_of(stack))
        assert not is_in(client, key, "failed", "ready")
        eventually(lambda: is_in(client, key, "ready"))


def lose_the_queue(
    client: httpx2.Client, stack: Stack, figures: Figures, queue: Path
) -> None:
    """Delete Redis' volume while an article waits; run `reindex`."""
    for name in workers_of(stack):
        stack[name].stop()
    key = put(client, "quay", sentences=2)
    stack["redis"].kill()
    shutil.rmtree(queue)
    start(stack, "redis")
    with timed(figures, "reindex after Redis lost its volume") as said:
        reindex = stack["worker"].run("reindex")
        assert reindex.returncode == 0, reindex.stderr
        said.append(reindex.stdout.strip())
    start(stack, *workers_of(stack))
    eventually(lambda: is_in(client, key, "ready"))


def kill_postgresql(client: httpx2.Client, stack: Stack, figures: Figures) -> None:
    """Kill PostgreSQL; start it again."""
    stack["postgres"].kill()
    assert client.get("/v1/articles/ferry").status_code == 503
    with timed(figures, "postgres killed; articles are served again"):
        start(stack, "postgres")
        eventually(lambda: client.get("/v1/articles/ferry").status_code == 200)


def test_doctor_passes_in_a_container(
    running: httpx2.Client, stack: Stack, figures: Figures
) -> None:
    assert running.get("/readyz").status_code == 200
    doctor = stack["worker"].run("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "database postgresql://outspoken@postgres/outspoken answers" in doctor.stdout
    assert PASSWORD not in doctor.stdout + doctor.stderr
    figures("doctor", f"{len(doctor.stdout.splitlines())} checks passed")


def test_services_narrate_and_recover_from_kills(
    running: httpx2.Client, stack: Stack, figures: Figures, volumes: Path
) -> None:
    narrate_one(running, figures)
    kill_workers(running, stack, figures)
    lose_the_queue(running, stack, figures, volumes / "queue")
    kill_postgresql(running, stack, figures)
    count = "psql -U outspoken -Atc 'SELECT count(*) FROM pg_stat_activity'"
    figures("processes and connections of PostgreSQL", in_database(stack, count))
    dump = in_database(stack, "pg_dump -U outspoken outspoken")
    assert "COPY public.articles" in dump
    figures("pg_dump", f"{len(dump):,} bytes")
    rendered = sorted((volumes / "data" / "library").rglob("*.mp3"))
    assert len(rendered) == 3
    assert {path.stat().st_uid for path in rendered} == {10001}
