"""Measure how the cost of requests grows with the number of stored articles.

    python benchmarks/growth.py [--sizes 100,1000,10000,50000] [--database URL]
                                [--folder FOLDER] [--rounds N]

Fills an archive of each size through the functions of the program: articles of 800
words in 20 sections, with the tone voice's name and half a kilobyte of audio.  Then
serves all of them at once, each by an API process and a Redis of its own, and sends
requests to them in turn, so that noise of the machine falls on all alike.  Prints
medians in milliseconds, and the ratio of the largest archive to the smallest.

`--folder` keeps the archives, and those that are there are not filled again.
`--database` is the address of an empty PostgreSQL server's database, in which a schema
per size is created; without it each archive has its SQLite file.  Uses 127.0.0.1 only
and ends by itself.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, text

from service.articles.publishing import new_revision
from service.articles.reindex import reindex
from service.articles.revisions import put_revision
from service.narrations.backend import connect_redis, open_backend
from service.preparation import ArticleRequest, PreparedArticle, load_preparer
from service.settings import ServiceSettings
from service.supervisor.embedded_redis import (
    EmbeddedRedis,
    embedded_broker,
    find_server_program,
)
from workers.database.database import Database
from workers.narration import JobSpec, Narration, Timing
from workers.storage.archive import Archive
from workers.storage.open_storage import open_archive

_SECTIONS = 20
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_START_TIMEOUT_S = 120
_MEMORY_REQUESTS = 1000
_AUDIO_BYTES = 512

_WORDS = [
    "harbour",
    "ferry",
    "council",
    "tide",
    "engine",
    "minister",
    "budget",
    "river",
    "school",
    "nurse",
    "market",
    "storm",
    "bridge",
    "season",
    "library",
    "player",
    "farmer",
    "union",
    "court",
    "theatre",
    "railway",
    "forest",
    "island",
]


def main() -> None:
    """Fill, measure and print the tables."""
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory())
        )
        archives = [
            _fill(folder, size, options.database)
            for size in sorted(map(int, options.sizes.split(",")))
        ]
        for archive in archives:
            stack.enter_context(_serving(archive))
        _measure(archives, options.rounds)
        _print_memory(archives[-1])
        for archive in archives:
            if archive.size <= 10_000:  # noqa: PLR2004 - a thousand, and ten of them
                _print_reindex(archive)
    for archive in archives:
        _print_start(archive)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="100,1000,10000,50000")
    parser.add_argument("--database")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=60)
    return parser.parse_args()


@dataclass
class FilledArchive:
    """An archive of some articles, and the API that serves it."""

    size: int
    settings: ServiceSettings
    known: list[ArticleRequest]
    """Articles whose narration is stored, as they were sent."""

    redis: EmbeddedRedis | None = None
    connection: http.client.HTTPConnection | None = None
    pid: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Settings of its processes."""
        assert self.redis is not None
        return os.environ | {
            "OUTSPOKEN_DATA": str(self.settings.data),
            "OUTSPOKEN_DATABASE_URL": self.settings.database_url or "",
            "OUTSPOKEN_REDIS_URL": self.redis.address,
            "OUTSPOKEN_VOICE": "tone",
        }


# Filling


def _article(number: int, words: int = 800) -> ArticleRequest:
    chance = random.Random(number)
    sentences = [
        f"The {' '.join(chance.choices(_WORDS, k=9))} of day {number}.".capitalize()
        for _ in range(words // 13)
    ]
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, words // 13, 4)]
    return ArticleRequest(
        text="\n\n".join(paragraphs),
        title=f"{chance.choice(_WORDS).capitalize()} number {number}",
        byline=f"Ada {chance.choice(_WORDS)}",
        section=f"section-{number % _SECTIONS}",
        tags=(f"tag-{number % 7}",),
        published=(_FIRST + timedelta(minutes=number)).isoformat(),
    )


def _fill(folder: Path, size: int, database: str | None) -> FilledArchive:
    data = folder / f"data-{size}"
    settings = ServiceSettings(
        data=data, voice="tone", database_url=_schema(database, size), _env_file=None
    )
    # Preparing 50,000 texts would take an hour: few are, and their scripts repeated.
    samples = [_article(number) for number in range(20)]
    if (data / "outspoken.db").exists():
        return FilledArchive(size, settings, samples)
    preparer = load_preparer(settings)
    archive = open_archive(settings)
    prepared = [preparer.prepare(sample) for sample in samples]
    started = time.perf_counter()
    for number in range(size):
        known = number < len(samples)
        sample = prepared[number % len(samples)]
        key = sample.key if known else f"{number:032x}"
        sent = replace(
            _article(number, words=13), text=None, published=_published(number)
        )
        _store(archive, number, sent, replace(sample, key=key))
    took = time.perf_counter() - started
    _print_bytes(archive.database, settings, size)
    print(f"filled {size} articles in {took:.0f} s")
    archive.database.close()
    return FilledArchive(size, settings, samples)


def _published(number: int) -> str:
    return (_FIRST + timedelta(minutes=number)).isoformat()


def _store(
    archive: Archive, number: int, sent: ArticleRequest, prepared: PreparedArticle
) -> None:
    new = new_revision(f"article-{number}", sent, prepared)
    with archive.database.write() as connection:
        put_revision(connection, new)
    archive.store(new.spec, _narration(new.spec, number))


def _narration(spec: JobSpec, number: int) -> Narration:
    mp3 = number.to_bytes(8, "big") * (_AUDIO_BYTES // 8)
    timings, at = [], 0
    for index, sentence in enumerate(spec.script.sentences):
        words = [
            (at + 5000 * n, at + 5000 * n + 4800) for n, _ in enumerate(sentence.tokens)
        ]
        timings.append(Timing(index, at, words[-1][1], tuple(words)))
        at = words[-1][1] + 9000
    return Narration(mp3, tuple(timings), at, 22_050, "tone 1", repeatable=True)


def _schema(database: str | None, size: int) -> str | None:
    if database is None:
        return None
    engine = create_engine(database.replace("://", "+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS growth_{size} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA growth_{size}"))
    engine.dispose()
    joint = "&" if "?" in database else "?"
    return f"{database}{joint}options={quote(f'-csearch_path=growth_{size}')}"


def _print_bytes(database: Database, settings: ServiceSettings, size: int) -> None:
    database.truncate_log()
    if settings.database_url is None:
        bytes_used = (settings.data / "outspoken.db").stat().st_size
    else:
        with database.read() as connection:
            bytes_used = connection.scalar(
                text(
                    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
                    " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    " WHERE n.nspname = :name AND c.relkind = 'r'"
                ),
                {"name": f"growth_{size}"},
            )
    print(
        f"{size} articles of 800 words: {float(bytes_used) / size / 1000:.1f} kB each"
    )


# Serving


@contextlib.contextmanager
def _serving(archive: FilledArchive) -> Iterator[None]:
    queue = Path(tempfile.mkdtemp(prefix="growth"))
    with embedded_broker(queue, find_server_program()) as broker:
        archive.redis = broker
        process, archive.connection, _ = _start_api(archive)
        archive.pid = process.pid
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _start_api(
    archive: FilledArchive,
) -> tuple[subprocess.Popen[bytes], http.client.HTTPConnection, float]:
    """Start an API process; return it, a connection and the seconds it took."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        port = listener.getsockname()[1]
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "service.api", str(listener.fileno())],
            env=archive.environment,
            pass_fds=[listener.fileno()],
        )
        connection = http.client.HTTPConnection(
            "127.0.0.1", port, timeout=_START_TIMEOUT_S
        )
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        return process, connection, time.perf_counter() - started


def _send(
    archive: FilledArchive,
    method: str,
    path: str,
    body: object = None,
    **headers: str,
) -> tuple[int, bytes]:
    connection = archive.connection
    assert connection is not None
    content = json.dumps(body) if body is not None else None
    if content is not None:
        headers["Content-Type"] = "application/json"
    while True:
        try:
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (BrokenPipeError, http.client.RemoteDisconnected):
            connection.close()  # it was idle too long; it is opened again


# Measuring


def _requests(
    archive: FilledArchive, round_number: int
) -> Iterator[tuple[str, Callable[[], tuple[int, bytes]], set[int]]]:
    """Yield the name of each request, the request, and the statuses that are right."""
    chance = random.Random(round_number)
    number = chance.randrange(archive.size // 2, archive.size)
    fresh = _body(_article(10**9 + round_number, words=100))
    known = archive.known[round_number % len(archive.known)]
    source_id, key = f"fresh-{round_number}", f"{number:032x}"
    section = f"section-{chance.randrange(_SECTIONS)}"

    def send(
        method: str, path: str, body: object = None, **headers: str
    ) -> Callable[[], tuple[int, bytes]]:
        return lambda: _send(archive, method, path, body, **headers)

    article = f"/v1/articles/{source_id}"
    yield "PUT a new article", send("PUT", article, fresh), {202}
    yield "GET an article", send("GET", f"/v1/articles/article-{number}"), {200}
    narration = {"text": known.text, "title": known.title}
    yield "POST a known text", send("POST", "/v1/narrations", narration), {200}
    mp3 = f"/v1/narrations/{key}.mp3"
    yield "GET a range of audio", send("GET", mp3, Range="bytes=10-200"), {206}
    yield "DELETE an article", send("DELETE", article), {204}
    if round_number < archive.size // 2 - len(archive.known):
        withdrawn = f"{len(archive.known) + round_number:032x}"
        path = f"/v1/narrations/{withdrawn}"
        yield "withdraw a narration", send("DELETE", path), {204}
    yield "GET the feed", send("GET", "/feeds/all.xml"), {200}
    listing = f"/v1/articles?limit=5&section={section}"
    yield "list, first page of a section", send("GET", listing), {200}
    last = (_FIRST + timedelta(minutes=90)).isoformat().replace("+", "%2B")
    yield (
        "list, last page of a section",
        send("GET", f"{listing}&published_before={last}"),
        {200},
    )
    ready = "/v1/articles?state=ready&tag=tag-3&limit=5"
    yield "list, ready with a tag", send("GET", ready), {200}
    yield (
        "list, unfinished",
        send("GET", "/v1/articles?state=unfinished&limit=5"),
        {200},
    )


def _body(request: ArticleRequest) -> dict[str, object]:
    return {
        "text": request.text,
        "title": request.title,
        "byline": request.byline,
        "section": request.section,
        "tags": request.tags,
        "published": request.published,
    }


def _measure(archives: list[FilledArchive], rounds: int) -> None:
    for round_number in range(rounds):
        for archive in archives:
            for name, request, expected in _requests(archive, round_number):
                started = time.perf_counter()
                status, answer = request()
                took = time.perf_counter() - started
                if status not in expected:
                    sys.exit(f"{name}: {status} {answer[:300]!r}")
                archive.times.setdefault(name, []).append(took * 1000)
    sizes = "".join(f"{archive.size:>10,}" for archive in archives)
    print(f"\n{'median ms with this many articles':36}{sizes}   ratio")
    for name in archives[0].times:
        medians = [statistics.median(archive.times[name]) for archive in archives]
        row = "".join(f"{median:10.2f}" for median in medians)
        print(f"{name:36}{row}   {medians[-1] / medians[0]:5.2f}")


def _print_memory(archive: FilledArchive) -> None:
    sizes = [_resident(archive.pid)]
    for _ in range(2):
        for number in range(_MEMORY_REQUESTS // 2):
            section = f"section-{number % _SECTIONS}"
            _send(archive, "GET", "/feeds/all.xml")
            _send(archive, "GET", f"/v1/articles?section={section}")
        sizes.append(_resident(archive.pid))
    row = ", ".join(f"{size / 1000:.1f}" for size in sizes)
    print(f"\nMB of the API, before and after each 1,000 feeds and lists: {row}")


def _resident(pid: int) -> int:
    """Return the resident memory of a process, in kilobytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def _print_reindex(archive: FilledArchive) -> None:
    assert archive.redis is not None
    address = archive.redis.address
    backend = open_backend(archive.settings, address, connect_redis(address))
    started = time.perf_counter()
    report = reindex(backend)
    took = time.perf_counter() - started
    each = took / max(1, report.articles) * 1000
    print(
        f"reindex: {report.articles} articles in {took:.2f} s, {each:.2f} s a thousand"
    )


def _print_start(archive: FilledArchive) -> None:
    times = []
    queue = Path(tempfile.mkdtemp(prefix="growth"))
    with embedded_broker(queue, find_server_program()) as broker:
        archive.redis = broker
        for _ in range(5):
            process, _, seconds = _start_api(archive)
            times.append(seconds)
            process.terminate()
            process.wait()
    print(f"start with {archive.size}: {statistics.median(times):.2f} s, median of 5")


if __name__ == "__main__":
    main()
