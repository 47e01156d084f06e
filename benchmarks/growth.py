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
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from growing.fill import (
    FIRST,
    KNOWN,
    SECTIONS,
    WITHDRAWABLE,
    FilledArchive,
    article_of,
    fill,
)
from growing.serve import ServedArchive, serving, time_start

from service.articles.reindex import reindex
from service.narrations.backend import connect_redis, open_backend
from service.preparation import ArticleRequest

_MEMORY_REQUESTS = 1000

_MAX_REINDEXED = 10_000
"""Articles of the largest archive that is reindexed."""

_STARTS = 5


def main() -> None:
    """Fill, measure and print the tables."""
    options = _options()
    with contextlib.ExitStack() as folders:
        folder = options.folder or Path(
            folders.enter_context(tempfile.TemporaryDirectory())
        )
        filled = [
            fill(folder, size, options.database)
            for size in sorted(map(int, options.sizes.split(",")))
        ]
        with contextlib.ExitStack() as servers:
            archives = [servers.enter_context(serving(archive)) for archive in filled]
            _measure(archives, options.rounds)
            _print_memory(archives[-1])
            for archive in archives:
                if archive.size <= _MAX_REINDEXED:
                    _print_reindex(archive)
        _print_starts(filled)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="100,1000,10000,50000")
    parser.add_argument("--database")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=60)
    return parser.parse_args()


def _requests(
    archive: ServedArchive, round_number: int
) -> Iterator[tuple[str, Callable[[], tuple[int, bytes]], set[int]]]:
    """Yield the name of each request, the request, and the statuses that are right."""
    chance = random.Random(round_number)
    number = KNOWN + WITHDRAWABLE + chance.randrange(archive.size)
    fresh = _body(article_of(10**9 + round_number, words=100))
    known = archive.filled.known[round_number % KNOWN]
    source_id, key = f"fresh-{round_number}", f"{number:032x}"
    section = f"section-{chance.randrange(SECTIONS)}"

    def send(
        method: str, path: str, body: object = None, **headers: str
    ) -> Callable[[], tuple[int, bytes]]:
        return lambda: archive.send(method, path, body, **headers)

    article = f"/v1/articles/{source_id}"
    yield "PUT a new article", send("PUT", article, fresh), {202}
    yield "GET an article", send("GET", f"/v1/articles/article-{number}"), {200}
    narration = {"text": known.text, "title": known.title}
    yield "POST a known text", send("POST", "/v1/narrations", narration), {200}
    mp3 = f"/v1/narrations/{key}.mp3"
    yield "GET a range of audio", send("GET", mp3, Range="bytes=10-200"), {206}
    yield "DELETE an article", send("DELETE", article), {204}
    if round_number < WITHDRAWABLE:
        withdrawn = f"{KNOWN + round_number:032x}"
        path = f"/v1/narrations/{withdrawn}"
        yield "withdraw a narration", send("DELETE", path), {204}
    yield "GET the feed", send("GET", "/feeds/all.xml"), {200}
    listing = f"/v1/articles?limit=5&section={section}"
    yield "list, first page of a section", send("GET", listing), {200}
    last = (FIRST + timedelta(minutes=90)).isoformat().replace("+", "%2B")
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


def _measure(archives: list[ServedArchive], rounds: int) -> None:
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


def _print_memory(archive: ServedArchive) -> None:
    sizes = [_resident(archive.pid)]
    for _ in range(2):
        for number in range(_MEMORY_REQUESTS // 2):
            section = f"section-{number % SECTIONS}"
            archive.send("GET", "/feeds/all.xml")
            archive.send("GET", f"/v1/articles?section={section}")
        sizes.append(_resident(archive.pid))
    row = ", ".join(f"{size / 1000:.1f}" for size in sizes)
    print(f"\nMB of the API, before and after each 1,000 feeds and lists: {row}")


def _resident(pid: int) -> int:
    """Return the resident memory of a process, in kilobytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


def _print_reindex(archive: ServedArchive) -> None:
    redis = connect_redis(archive.redis_url)
    backend = open_backend(archive.filled.settings, archive.redis_url, redis)
    started = time.perf_counter()
    report = reindex(backend)
    took = time.perf_counter() - started
    each = took / max(1, report.articles) * 1000
    print(
        f"reindex: {report.articles} articles in {took:.2f} s, {each:.2f} s a thousand"
    )


def _print_starts(archives: list[FilledArchive]) -> None:
    times: dict[int, list[float]] = {archive.size: [] for archive in archives}
    for _ in range(_STARTS):
        for archive in archives:
            times[archive.size].append(time_start(archive))
    for size, seconds in times.items():
        print(f"serve is ready with {size}: {statistics.median(seconds):.2f} s")


if __name__ == "__main__":
    main()
