"""Trials of a power cut: copies of the files in mid-write, opened elsewhere."""

import os
import random
import shutil
import threading
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.databases.fixtures import OpenDatabase
from tests.support.databases.invariants import require_intact, require_whole_articles
from tests.support.processes import stopped
from tests.support.service import processes_of, serving
from tests.support.trials.crash_trials import Figures, eventually
from tests.support.trials.publisher import Publisher
from workers.database import Database
from workers.database.tables import ARTICLES, AUDIO
from workers.storage.audio_files import AudioState

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]

PER_COPY = 4
"""Articles that are sent for each copy."""

TORN_BYTES = (1, 24, 4_000, 4_120, 20_000)
"""Lengths that are cut off a log: parts of a frame, whole frames."""


def copy_database(data: Path, to: Path, order: list[str]) -> None:
    """Copy the files of a database."""
    to.mkdir()
    for suffix in order:
        path = data / f"outspoken.db{suffix}"
        if path.exists():
            shutil.copy(path, to / path.name)


def articles_of(database: Database) -> set[str]:
    """Return the ids of all articles, once the database is known to be intact."""
    with database.read() as connection:
        require_intact(connection)
        require_whole_articles(connection)
        return set(connection.scalars(select(ARTICLES.c.source_id)))


def require_audio(database: Database, data: Path) -> None:
    """Fail unless the audio that is stored was on the disk before its row."""
    query = select(AUDIO).where(AUDIO.c.state == AudioState.STORED)
    with database.read() as connection:
        for row in connection.execute(query):
            assert (data / "library" / row.name).stat().st_size == row.bytes


@pytest.mark.trial
@pytest.mark.parametrize("count", [60])
def test_a_copy_in_mid_write_has_every_acknowledged_article(
    tmp_path: Path, open_at: OpenDatabase, count: int, figures: Figures
) -> None:
    chance = random.Random(count)  # noqa: S311 - no secret
    in_mid_write = torn = 0
    with serving(tmp_path / "data", voice="tone") as service:
        publisher = Publisher(service, PER_COPY * count)
        with publisher.sending():
            for number in range(count):
                eventually(partial(publisher.has_sent, PER_COPY * number))
                threading.Event().wait(chance.uniform(0, 0.05))  # a random moment
                copy = tmp_path / f"copy-{number}"
                # A copy may lack the shared memory, which a power cut loses.
                order = chance.choice([["", "-wal", "-shm"], ["-wal", ""]])
                with stopped(processes_of(service) - {service.process.pid}):
                    acknowledged = set(publisher.acknowledged)
                    copy_database(service.data, copy, order)
                    shutil.copytree(copy, tmp_path / "torn")
                    database = open_at(f"sqlite:///{copy}/outspoken.db")
                    require_audio(database, service.data)
                found = articles_of(database)
                assert acknowledged <= found
                in_mid_write += found != acknowledged
                database.close()
                torn += cut_off(tmp_path / "torn", open_at, chance)
                shutil.rmtree(tmp_path / "torn")
        publisher.require_all_heard()
    figures(
        f"{count} copies of SQLite's files in mid-write",
        f"every acknowledged article in each; {in_mid_write} had one more, {torn} torn"
        " logs opened whole",
    )


def cut_off(folder: Path, open_at: OpenDatabase, chance: random.Random) -> int:
    """Open a copy whose log lost its end; return how many were opened."""
    log = folder / "outspoken.db-wal"
    (folder / "outspoken.db-shm").unlink(missing_ok=True)
    size = log.stat().st_size if log.exists() else 0
    lost = chance.choice(TORN_BYTES)
    if size <= lost:
        return 0
    os.truncate(log, size - lost)
    database = open_at(f"sqlite:///{folder}/outspoken.db")
    articles_of(database)
    database.close()
    return 1
