"""Tests of article revisions: numbers, removal, erasure and concurrent requests."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import MetaData, select

from service.articles.revision import ArticleRevision
from service.articles.revisions import (
    find_article,
    find_article_report,
    find_previous_key,
    has_revision,
    put_revision,
    remove_article,
)
from service.cleaning import Cut
from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound
from tests.support.databases.revisions import (
    RECEIVED,
    REPORT,
    REVISION,
    new_revision,
    put,
)
from workers.database import Database
from workers.database.tables import METADATA
from workers.errors import NarrationWithdrawn
from workers.narration import NarrationKey
from workers.storage.article_states import ArticleState
from workers.storage.narration_rows import find_spec
from workers.storage.withdrawals import erase_text, withdraw

KEY, OTHER_KEY = "0" * 32, "1" * 32


def full_revision(source_id: str = "tide-1", word: str = "tide") -> ArticleRevision:
    return replace(
        REVISION,
        source_id=source_id,
        title=f"The {word} turns",
        byline=f"Ada {word}",
        section=word,
        tags=(word, "sea", word),
        modified="2024-02-08T12:40:00+08:00",
        url=f"https://news.example/{word}",
        image=f"https://news.example/{word}.jpg",
        summary=f"The {word} turned at noon.",
        confidence=0.41,
    )


def report_of(word: str) -> CleaningReport:
    cut = Cut("byline", f"By Ada {word}", 0, ("It names the author.",))
    return CleaningReport((cut,), 0.41, (f"The {word} is in doubt.",))


def everything_in(database: Database, metadata: MetaData = METADATA) -> str:
    with database.read() as connection:
        return str(
            [
                [tuple(row) for row in connection.execute(select(table))]
                for table in metadata.sorted_tables
            ]
        )


def is_stored(database: Database, key: NarrationKey) -> bool:
    with database.read() as connection:
        return find_spec(connection, key) is not None


def remove(database: Database, source_id: str = "tide-1") -> set[NarrationKey]:
    with database.write() as connection:
        return remove_article(connection, source_id)


def test_a_stored_article_is_found_with_all_that_was_sent(database: Database) -> None:
    stored = put(database, full_revision())
    assert find_article("tide-1", database) == stored
    assert stored == replace(
        full_revision(),
        number=1,
        first_received=RECEIVED,
        tags=("tide", "sea"),
        report_digest=stored.report_digest,
    )
    assert find_article_report(stored, database) == REPORT
    assert is_stored(database, KEY)
    with pytest.raises(ArticleNotFound):
        find_article("tide-2", database)


def test_characters_that_a_database_refuses_are_replaced(database: Database) -> None:
    stored = put(database, title="The\0tide \ud83d turns", tags=("\0",))
    assert (stored.title, stored.tags) == ("The?tide ? turns", ("?",))


def test_put_numbers_only_changed_revisions(database: Database) -> None:
    first = put(database)
    repeated = put(database, received=RECEIVED.replace(year=2025))
    corrected = put(database, key=OTHER_KEY)
    reverted = put(database)
    assert (first.number, repeated.number) == (1, 1)
    assert (corrected.number, reverted.number) == (2, 3)
    assert repeated.received == first.received


@pytest.mark.parametrize(
    "changes",
    [{"section": "Sea"}, {"tags": ("sea",)}, {"published": None}, {"byline": "Ada"}],
)
def test_changed_metadata_is_a_new_revision(
    database: Database, changes: dict[str, object]
) -> None:
    put(database)
    assert put(database, **changes).number == 2


def test_other_cuts_are_a_new_revision(database: Database) -> None:
    put(database)
    with database.write() as connection:
        stored = put_revision(connection, new_revision(report=report_of("tide")))
    assert stored.number == 2
    assert find_article_report(stored, database) == report_of("tide")


def test_the_previous_narration_is_that_of_the_revision_before(
    database: Database,
) -> None:
    first, second = put(database), put(database, key=OTHER_KEY)
    with database.read() as connection:
        assert find_previous_key(connection, first) is None
        assert find_previous_key(connection, second) == KEY


def test_narrations_of_every_revision_are_known(database: Database) -> None:
    put(database)
    put(database, key=OTHER_KEY)
    with database.read() as connection:
        known = [has_revision(connection, key) for key in (KEY, OTHER_KEY, "3" * 32)]
    assert known == [True, True, False]


def test_a_corrected_article_leaves_no_script_that_was_not_rendered(
    database: Database,
) -> None:
    put(database)
    put(database, source_id="tide-2", key="2" * 32)
    put(database, key=OTHER_KEY)
    assert not is_stored(database, KEY)
    assert is_stored(database, OTHER_KEY)
    put(database, source_id="tide-2", key=OTHER_KEY)
    put(database, key=KEY)
    assert is_stored(database, OTHER_KEY)


def test_remove_article_removes_all_its_revisions(database: Database) -> None:
    put(database, full_revision())
    put(database, key=OTHER_KEY)
    put(database, source_id="tide-12", key="2" * 32)
    assert remove(database) == {KEY, OTHER_KEY}
    assert find_article("tide-12", database)
    with pytest.raises(ArticleNotFound):
        find_article("tide-1", database)
    with pytest.raises(ArticleNotFound):
        remove(database)
    assert not is_stored(database, OTHER_KEY)
    assert put(database).number == 1


# Takedowns


def test_erasure_keeps_only_ids_voices_and_dates(database: Database) -> None:
    for revision in (
        full_revision(word="quokka"),
        full_revision("tide-2", word="quokka"),
    ):
        with database.write() as connection:
            put_revision(connection, new_revision(revision, report_of("quokka")))
    put(database, key=OTHER_KEY)
    with database.write() as connection:
        withdraw(connection, KEY)
    assert "quokka" not in everything_in(database)
    assert find_article("tide-1", database).title == "The tide turns"
    erased = find_article("tide-2", database)
    assert erased == ArticleRevision(
        source_id="tide-2",
        title=None,
        key=KEY,
        voice="tone",
        received=RECEIVED,
        first_received=RECEIVED,
        published="2024-02-08T12:30:00+08:00",
        modified="2024-02-08T12:40:00+08:00",
        state=ArticleState.WITHDRAWN,
        number=1,
    )


def test_an_article_sent_again_after_erasure_is_a_new_revision(
    database: Database,
) -> None:
    put(database)
    with database.write() as connection:
        erase_text(connection, KEY)
    again = put(database)
    assert (again.number, again.erased) == (2, False)


def test_an_article_of_a_withdrawn_narration_is_refused(database: Database) -> None:
    with database.write() as connection:
        withdraw(connection, KEY)
    with pytest.raises(NarrationWithdrawn):
        put(database, full_revision(word="quokka"))
    assert "quokka" not in everything_in(database)


# Concurrent requests


def at_once(*actions: object) -> None:
    with ThreadPoolExecutor(len(actions)) as threads:
        futures = [threads.submit(action) for action in actions]  # type: ignore[arg-type]  # callables
        for future in futures:
            future.result()


def test_fifty_puts_at_once_get_distinct_numbers(database: Database) -> None:
    with ThreadPoolExecutor(10) as frontends:
        stored = list(
            frontends.map(lambda number: put(database, key=f"{number:032x}"), range(50))
        )
    assert sorted(revision.number for revision in stored) == list(range(1, 51))


def test_equal_puts_at_once_are_one_revision(database: Database) -> None:
    with ThreadPoolExecutor(10) as frontends:
        stored = list(frontends.map(lambda _: put(database), range(20)))
    assert {revision.number for revision in stored} == {1}


def test_a_put_during_a_removal_leaves_a_whole_article_or_none(
    database: Database,
) -> None:
    for _ in range(20):
        put(database)
        put(database, key=OTHER_KEY)

        def put_another() -> None:
            put(database, full_revision(), key="2" * 32)

        at_once(put_another, lambda: remove(database))
        with suppress(ArticleNotFound):
            article = find_article("tide-1", database)
            assert (article.number, article.tags) == (1, ("tide", "sea"))
            remove(database)


def test_a_put_during_a_takedown_leaves_no_text(database: Database) -> None:
    def take_down() -> None:
        with database.write() as connection:
            withdraw(connection, KEY)

    def put_one(number: int) -> None:
        with suppress(NarrationWithdrawn):
            put(database, full_revision(f"tide-{number}", word="quokka"))

    at_once(*[lambda n=number: put_one(n) for number in range(10)], take_down)
    assert "quokka" not in everything_in(database)
