"""Retention: what becomes of articles when they are old, over every database."""

from datetime import UTC, datetime, timedelta

import pytest

from service.articles.revisions import find_article
from tests.support.databases.revisions import REVISION, put
from tests.support.scripts import script_of
from tests.support.storage import Killed, Nth, interrupted
from voices.tone import TONE
from workers.database import Database
from workers.narration import JobSpec, Narration, Timing
from workers.storage.archive import Archive
from workers.storage.retention import withdraw_expired

LIMIT = datetime(2024, 2, 8, 12, tzinfo=UTC)
KEY, OTHER, THIRD = "0" * 32, "e" * 32, "f" * 32
MOMENT = timedelta(milliseconds=1)


def put_dated(
    database: Database, source_id: str, dated: datetime, key: str = KEY
) -> None:
    put(
        database,
        REVISION,
        source_id=source_id,
        published=dated.isoformat(),
        key=key,
        title=f"Title of {source_id}",
        tags=("sea",),
    )


def store(archive: Archive, key: str) -> None:
    spec = JobSpec(key, TONE.id, script_of("The tide turns", "It turned at noon."))
    timings = (Timing(0, 0, 40, ((0, 40),)),)
    narration = Narration(
        f"ID3 {key}".encode(), timings, 50, 22050, "tone 1", repeatable=True
    )
    archive.store(spec, narration)


def erased(database: Database, *source_ids: str) -> list[bool]:
    found = [find_article(source_id, database) for source_id in source_ids]
    for article in found:
        assert article.erased == (article.title is None) == (article.tags == ())
    return [article.erased for article in found]


def test_old_articles_lose_audio_and_words_and_keep_a_tombstone(
    archive: Archive,
) -> None:
    put_dated(archive.database, "old", LIMIT - MOMENT)
    store(archive, KEY)
    done = withdraw_expired(archive.database, LIMIT, 10)
    assert (done.articles, done.withdrawn) == (1, (KEY,))
    archive.erase_withdrawn(KEY)
    assert archive.is_withdrawn(KEY)
    assert archive.find_spec(KEY) is None
    assert list(archive.library.narrations.list()) == []
    assert archive.usage() == 0
    assert erased(archive.database, "old") == [True]
    assert withdraw_expired(archive.database, LIMIT, 10).articles == 0


def test_article_of_exactly_that_age_is_kept(database: Database) -> None:
    put_dated(database, "boundary", LIMIT)
    put_dated(database, "older", LIMIT - MOMENT, OTHER)
    assert withdraw_expired(database, LIMIT, 10).withdrawn == (OTHER,)
    assert erased(database, "boundary", "older") == [False, True]


def test_article_without_a_date_has_that_of_its_receipt(database: Database) -> None:
    put(database, REVISION, source_id="undated", published=None)
    received = find_article("undated", database).received
    assert withdraw_expired(database, received, 10).articles == 0
    assert withdraw_expired(database, received + MOMENT, 10).articles == 1


def test_narration_that_a_younger_article_has_is_kept(archive: Archive) -> None:
    """The text of the old article is erased all the same."""
    database = archive.database
    put_dated(database, "old", LIMIT - MOMENT)
    put_dated(database, "young", LIMIT + MOMENT)
    store(archive, KEY)
    done = withdraw_expired(database, LIMIT, 10)
    assert (done.articles, done.withdrawn) == (1, ())
    assert archive.find(KEY)
    assert archive.find_spec(KEY)
    assert erased(database, "old", "young") == [True, False]
    later = LIMIT + 2 * MOMENT
    assert withdraw_expired(database, later, 10).withdrawn == (KEY,)
    assert erased(database, "young") == [True]


def test_narration_that_a_younger_article_may_return_to_is_kept(
    database: Database,
) -> None:
    put_dated(database, "old", LIMIT - MOMENT)
    put_dated(database, "young", LIMIT)
    put_dated(database, "young", LIMIT, OTHER)
    assert withdraw_expired(database, LIMIT, 10).withdrawn == ()
    put_dated(database, "young", LIMIT)
    assert find_article("young", database).key == KEY


def test_narrations_of_earlier_revisions_are_withdrawn(archive: Archive) -> None:
    for key in (KEY, OTHER):
        put_dated(archive.database, "corrected", LIMIT - MOMENT, key)
        store(archive, key)
    done = withdraw_expired(archive.database, LIMIT, 10)
    assert done.withdrawn == (KEY, OTHER)
    assert [archive.find_spec(key) for key in (KEY, OTHER)] == [None, None]


def test_oldest_articles_come_first_in_batches(database: Database) -> None:
    for days, key in enumerate((KEY, OTHER, THIRD), 1):
        put_dated(database, f"{days}", LIMIT - timedelta(days), key)
    assert withdraw_expired(database, LIMIT, 2).withdrawn == (THIRD, OTHER)
    assert withdraw_expired(database, LIMIT, 2).withdrawn == (KEY,)


def die() -> None:
    raise Killed


@pytest.mark.parametrize("number", range(1, 6))
def test_next_run_completes_an_interrupted_one(archive: Archive, number: int) -> None:
    for key in (KEY, OTHER):
        put_dated(archive.database, "corrected", LIMIT - MOMENT, key)
        store(archive, key)
    steps = Nth(number, die)
    try:
        withdraw_expired(interrupted(archive, steps).database, LIMIT, 10)
    except Killed:
        withdraw_expired(archive.database, LIMIT, 10)
    assert erased(archive.database, "corrected") == [True]
    assert [archive.is_withdrawn(key) for key in (KEY, OTHER)] == [True, True]
