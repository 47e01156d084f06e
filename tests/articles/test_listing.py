"""Tests of lists of articles: order, filters, pages and the feed's choice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.articles.approvals import add_approval
from service.articles.listing import (
    ArticleFilter,
    Cursor,
    iter_narrated,
    list_articles,
)
from service.errors import InvalidCursor
from tests.support.databases.revisions import put
from tests.support.storage import interrupted
from workers.narration import JobSpec, Narration
from workers.storage.archive import Archive
from workers.storage.article_states import ArticleState
from workers.storage.narration_rows import find_spec
from workers.storage.withdrawals import withdraw

NOON = datetime(2024, 2, 8, 12, tzinfo=UTC)


def key_of(number: int) -> str:
    return f"{number:032x}"


def put_numbered(archive: Archive, number: int, **changes: object) -> None:
    """Store an article, a minute younger than that of the number before."""
    published = (NOON + timedelta(minutes=number)).isoformat()
    sent = {"published": published, "key": key_of(number)} | changes
    put(archive.database, source_id=f"a-{number}", **sent)


def render(archive: Archive, number: int) -> None:
    with archive.database.read() as connection:
        spec = find_spec(connection, key_of(number))
    assert spec
    archive.store(spec, Narration(b"mp3", (), 1, 1, "tone", repeatable=True))


def listed(
    archive: Archive, conditions: ArticleFilter, after: Cursor | None = None
) -> list[str]:
    page = list_articles(archive.database, conditions, 10, after)
    return [article.revision.source_id for article in page.articles]


def test_articles_are_listed_newest_first_with_their_narrations(
    archive: Archive,
) -> None:
    for number in range(3):
        put_numbered(archive, number)
    render(archive, 1)
    page = list_articles(archive.database, ArticleFilter(), 10)
    assert [
        (article.revision.source_id, article.record and article.record.key)
        for article in page.articles
    ] == [("a-2", None), ("a-1", key_of(1)), ("a-0", None)]
    assert page.next is None


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (ArticleFilter(section="sea"), ["a-2", "a-0"]),
        (ArticleFilter(tag="tide"), ["a-3", "a-2"]),
        (ArticleFilter(author="Ada"), ["a-1"]),
        (ArticleFilter(section="sea", tag="tide"), ["a-2"]),
        (ArticleFilter(section="land", author="Bo"), []),
        (
            ArticleFilter(
                published_from=NOON + timedelta(minutes=1),
                published_before=NOON + timedelta(minutes=3),
            ),
            ["a-2", "a-1"],
        ),
        (
            ArticleFilter(tag="tide", published_from=NOON + timedelta(minutes=3)),
            ["a-3"],
        ),
    ],
)
def test_filters_choose_articles(
    archive: Archive, conditions: ArticleFilter, expected: list[str]
) -> None:
    put_numbered(archive, 0, section="sea", tags=("ferry",))
    put_numbered(archive, 1, section="land", byline="Ada")
    put_numbered(archive, 2, section="sea", tags=("ferry", "tide"))
    put_numbered(archive, 3, section="land", tags=("tide",))
    assert listed(archive, conditions) == expected


def test_states_choose_articles(archive: Archive) -> None:
    put_numbered(archive, 0)
    put_numbered(archive, 1)
    put_numbered(archive, 2)
    put_numbered(archive, 3, approval_required=True)
    put_numbered(archive, 4, approval_required=True)
    for number in (0, 3, 4):
        render(archive, number)
    with archive.database.write() as connection:
        add_approval(connection, "a-4", 1)
        withdraw(connection, key_of(2))
    by_state = {
        state: listed(archive, ArticleFilter(state=state)) for state in ArticleState
    }
    assert by_state == {
        ArticleState.READY: ["a-4", "a-0"],
        ArticleState.UNFINISHED: ["a-1"],
        ArticleState.AWAITING_APPROVAL: ["a-3"],
        ArticleState.AWAITING_PLAY: [],
        ArticleState.OFF: [],
        ArticleState.WITHDRAWN: ["a-2"],
    }
    narrated = iter_narrated(archive.database, batch=2)
    assert [article.source_id for article in narrated] == ["a-0", "a-1", "a-2", "a-4"]


@pytest.mark.parametrize("tag", [None, "tide"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_have_every_article_once(
    archive: Archive, limit: int, tag: str | None
) -> None:
    for number in range(7):
        # Three of them have the same time.
        put_numbered(
            archive, number, published=NOON.isoformat(), tags=("tide", "sea")
        ) if number < 3 else put_numbered(archive, number, tags=("tide",))
    conditions = ArticleFilter(tag=tag)
    everything, after = listed(archive, conditions), None
    assert len(everything) == 7
    found = []
    while True:
        page = list_articles(archive.database, conditions, limit, after)
        found += [article.revision.source_id for article in page.articles]
        if page.next is None:
            break
        after = Cursor.decode(page.next.encode())
    assert found == everything


def test_an_article_stored_meanwhile_moves_no_other_between_pages(
    archive: Archive,
) -> None:
    for number in range(4):
        put_numbered(archive, number)
    first = list_articles(archive.database, ArticleFilter(), 2)
    put_numbered(archive, 9)
    assert listed(archive, ArticleFilter(), first.next) == ["a-1", "a-0"]


@given(dated=st.datetimes(timezones=st.just(UTC)), source_id=st.text(max_size=128))
def test_a_cursor_survives_an_address(dated: datetime, source_id: str) -> None:
    cursor = Cursor(dated, source_id)
    assert Cursor.decode(cursor.encode()) == cursor
    assert set(cursor.encode()) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    )


@pytest.mark.parametrize("text", ["", "x", "Ws", "bnVsbA", "WzFd", "\u00e9", "e30"])
def test_a_damaged_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor, match="page before"):
        Cursor.decode(text)


def test_the_spec_of_an_article_is_its_narration(archive: Archive) -> None:
    put_numbered(archive, 0)
    spec = archive.find_spec(key_of(0))
    assert isinstance(spec, JobSpec)
    assert archive.find_rendered_spec(key_of(0)) is None


def test_an_article_is_unfinished_while_its_damaged_audio_is_replaced(
    archive: Archive,
) -> None:
    put_numbered(archive, 0)
    render(archive, 0)
    record = archive.find(key_of(0))
    assert record
    archive.library.narrations.remove(record.audio)
    states = []

    def note_state() -> None:
        states.append(listed(archive, ArticleFilter(state=ArticleState.UNFINISHED)))

    spec = archive.find_spec(key_of(0))
    assert spec
    narration = Narration(b"mp4", (), 1, 1, "tone", repeatable=True)
    interrupted(archive, note_state).store(spec, narration)
    assert ["a-0"] in states
    assert listed(archive, ArticleFilter(state=ArticleState.READY)) == ["a-0"]
