"""Of any work at the same time, database and library agree afterwards."""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from service.articles.approvals import add_approval
from service.articles.listing import list_episodes
from service.articles.publishing import drop_article
from service.articles.revisions import find_article
from service.articles.takedown import withdraw_narration
from service.errors import ArticleNotFound, NarrationNotFound, RevisionOutdated
from service.narrations.backend import NarrationBackend
from service.narrations.cleaning_reports import save_latest_report
from tests.support.databases.fixtures import OpenDatabase
from tests.support.databases.invariants import require_invariants
from tests.support.databases.revisions import REPORT, REVISION, put, spec_of
from tests.support.trials.crash_trials import Figures, sized
from workers.errors import LibraryFull, NarrationWithdrawn
from workers.narration import Narration, Timing
from workers.queue.celery_app import create_celery_app
from workers.queue.jobs import Jobs
from workers.queue.publisher import Queue
from workers.queue.stats import Stats
from workers.storage.archive import Archive
from workers.storage.blobs import open_library
from workers.storage.library_quota import LibraryQuota

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

KEYS = [f"{number:032x}" for number in range(5)]
SOURCES = ["a", "b", "c"]
KEPT = "kept"
"""An article that no thread removes."""

LIMIT = 3_000
"""Bytes of the library: three narrations."""

THREADS = 8

EXPECTED = (
    ArticleNotFound,
    NarrationNotFound,
    NarrationWithdrawn,
    LibraryFull,
    RevisionOutdated,
)


class Newsroom:
    """Does at random what a news frontend, workers and an editor do."""

    def __init__(self, backend: NarrationBackend, seed: int) -> None:
        self._backend = backend
        self._archive = backend.archive
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._titles = (f"{seed} {number}" for number in itertools.count())
        self.kept: list[int] = []
        """Numbers of the revisions of the article that is never removed."""
        self.done: Counter[str] = Counter()

    def work(self, steps: int) -> None:
        actions: list[Callable[[], object]] = [
            *[self.put, self.keep, self.store] * 3,
            *(self.drop, self.withdraw, self.restore, self.restore),
            *(self.approve, self.report, self.read),
        ]
        for _ in range(steps):
            action = self._chance.choice(actions)
            with suppress(*EXPECTED):
                action()
                self.done[action.__name__] += 1

    def put(self) -> None:
        self._put(self._chance.choice(SOURCES))

    def keep(self) -> None:
        self.kept.append(self._put(KEPT))

    def store(self) -> None:
        key = self._key()
        # Two of the narrations sound the same.
        sound = str(max(1, KEYS.index(key))).encode() * 1_000
        timings = (Timing(0, 0, 10, ()),)
        narration = Narration(sound, timings, 10, 22_050, "tone", repeatable=True)
        self._archive.store(spec_of(key), narration)

    def drop(self) -> None:
        drop_article(self._chance.choice(SOURCES), self._backend)

    def withdraw(self) -> None:
        withdraw_narration(self._key(), self._backend)

    def restore(self) -> None:
        source = self._chance.choice([*SOURCES, KEPT])
        self._archive.restore(spec_of(self._key()), source)

    def approve(self) -> None:
        source = self._chance.choice([*SOURCES, KEPT])
        article = find_article(source, self._backend.database)
        with self._backend.database.write() as connection:
            add_approval(connection, source, article.number)

    def report(self) -> None:
        report = replace(REPORT, confidence=self._chance.random())
        save_latest_report(self._backend.database, self._key(), report)

    def read(self) -> None:
        for episode in list_episodes(self._backend.database, 10):
            assert episode.article.title
            self._archive.read_transcript(episode.record)

    def _key(self) -> str:
        return self._chance.choice(KEYS)

    def _put(self, source: str) -> int:
        stored = put(
            self._backend.database,
            REVISION,
            source_id=source,
            key=self._key(),
            title=next(self._titles),
            tags=("Tide", "Sea"),
        )
        return stored.number


@pytest.fixture(name="backend")
def _backend(
    address: str, tmp_path: Path, broker: str, redis: Redis, open_at: OpenDatabase
) -> NarrationBackend:
    # A deadlock is an error after this time.
    option = "&options=-c%20deadlock_timeout%3D20ms" if "postgres" in address else ""
    database = open_at(address + option)
    library = open_library(f"disk://{tmp_path}/library", tmp_path, None)
    quota = LibraryQuota(database, LIMIT, keep_for=timedelta(0))
    queue = Queue(create_celery_app(broker), Jobs(redis), Stats(redis))
    return NarrationBackend(Archive(library, database, quota), queue)


@sized(60, 1_500)
def test_after_any_interleaving_database_and_library_agree(
    backend: NarrationBackend, count: int, figures: Figures
) -> None:
    threads = [Newsroom(backend, seed) for seed in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(thread.work, count) for thread in threads]:
            done.result()
    require_invariants(backend.archive)
    kept = sorted(number for thread in threads for number in thread.kept)
    assert kept == [*range(1, len(kept) + 1)]
    total = sum((thread.done for thread in threads), Counter[str]())
    assert set(total) >= {"store", "withdraw", "drop", "restore", "approve"}
    figures(
        f"{THREADS} threads over {backend.database.place.split(':')[0]}",
        f"{total.total()} of {THREADS * count} steps done, no deadlock;"
        f" {total['store']} stored, {total['withdraw']} withdrawn",
    )
