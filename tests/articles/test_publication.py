"""When and for whom an article has audio: policies, modes, embargoes, kept audio."""

from datetime import UTC, datetime, timedelta

import pytest

from service.articles.approvals import add_approval
from service.articles.first_play import add_demand
from service.articles.listing import (
    ArticleFilter,
    iter_narrated,
    list_articles,
    list_episodes,
)
from service.articles.preconditions import Precondition
from service.articles.public import is_public, is_public_narration
from service.articles.revision import ArticleRevision, AudioMode, NarrationPolicy
from service.articles.revisions import find_article, find_article_report
from service.errors import ArticleNotFound, ArticleOutdated, PreconditionFailed
from tests.support.databases.invariants import require_invariants
from tests.support.databases.revisions import RECEIVED, REPORT, REVISION, put, render
from workers.database import Database
from workers.storage.archive import Archive
from workers.storage.article_states import ArticleState

FIRST, SECOND = "1" * 32, "2" * 32
NOON = datetime(2024, 2, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(milliseconds=1)


def state_and_playing(database: Database) -> tuple[ArticleState, str | None]:
    article = find_article(REVISION.source_id, database)
    return article.state, article.playing


def narrated(database: Database) -> list[str]:
    return [article.source_id for article in iter_narrated(database, 10)]


def demand(database: Database) -> ArticleRevision:
    with database.write() as connection:
        return add_demand(connection, REVISION.source_id)


def approve(database: Database, number: int) -> ArticleRevision:
    with database.write() as connection:
        return add_approval(connection, REVISION.source_id, number)


# Policies


def test_narration_on_first_play_waits_for_a_listener(database: Database) -> None:
    put(database, policy=NarrationPolicy.ON_FIRST_PLAY)
    assert state_and_playing(database) == (ArticleState.AWAITING_PLAY, None)
    assert narrated(database) == []
    for _ in range(2):
        assert demand(database).state is ArticleState.UNFINISHED
    assert narrated(database) == [REVISION.source_id]
    # Corrections of what is listened to follow at once.
    put(database, key=SECOND, policy=NarrationPolicy.ON_FIRST_PLAY)
    assert state_and_playing(database) == (ArticleState.UNFINISHED, None)


def test_narration_that_exists_needs_no_listener_to_start_it(archive: Archive) -> None:
    put(archive.database, policy=NarrationPolicy.ON_FIRST_PLAY)
    render(archive, REVISION.key)
    expected = (ArticleState.READY, REVISION.key)
    assert state_and_playing(archive.database) == expected
    require_invariants(archive)


def test_listener_does_not_start_what_waits_for_approval(database: Database) -> None:
    put(database, policy=NarrationPolicy.ON_FIRST_PLAY, approval_required=True)
    assert demand(database).state is ArticleState.AWAITING_APPROVAL
    assert approve(database, 1).state is ArticleState.UNFINISHED
    assert find_article(REVISION.source_id, database).demanded


def test_approval_does_not_start_what_waits_for_a_listener(database: Database) -> None:
    put(database, policy=NarrationPolicy.ON_FIRST_PLAY, approval_required=True)
    assert approve(database, 1).state is ArticleState.AWAITING_PLAY


def test_correction_that_waits_for_approval_leaves_the_old_narration(
    archive: Archive,
) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=SECOND, approval_required=True)
    expected = (ArticleState.AWAITING_APPROVAL, FIRST)
    assert state_and_playing(archive.database) == expected
    # Another request renders it; only approval lets the article play it.
    render(archive, SECOND)
    assert state_and_playing(archive.database) == expected
    approve(archive.database, 2)
    assert state_and_playing(archive.database) == (ArticleState.READY, SECOND)


def test_what_is_heard_needs_no_approval_to_stay(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=FIRST, approval_required=True, section="Sea")
    assert state_and_playing(archive.database) == (ArticleState.READY, FIRST)


def test_unknown_article_cannot_be_started(database: Database) -> None:
    with pytest.raises(ArticleNotFound):
        demand(database)


# Audio


def test_article_without_audio_is_neither_requested_nor_heard(
    archive: Archive,
) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=FIRST, audio=AudioMode.OFF)
    assert state_and_playing(archive.database) == (ArticleState.OFF, None)
    assert list_episodes(archive.database, 10) == []
    assert narrated(archive.database) == []
    assert demand(archive.database).state is ArticleState.OFF
    put(archive.database, key=FIRST)
    assert state_and_playing(archive.database) == (ArticleState.READY, FIRST)


def test_audio_that_is_off_stays_off_when_it_is_rendered(archive: Archive) -> None:
    put(archive.database, audio=AudioMode.OFF)
    render(archive, REVISION.key)
    assert state_and_playing(archive.database) == (ArticleState.OFF, None)


def test_hidden_audio_is_made_and_in_no_feed(archive: Archive) -> None:
    put(archive.database, audio=AudioMode.HIDDEN)
    assert narrated(archive.database) == [REVISION.source_id]
    render(archive, REVISION.key)
    expected = (ArticleState.READY, REVISION.key)
    assert state_and_playing(archive.database) == expected
    assert list_episodes(archive.database, 10) == []


# The public


@pytest.mark.parametrize(
    ("fields", "dated"),
    [
        ({"published": NOON.isoformat()}, NOON),
        ({"published": "2024-02-08T12:00:00"}, NOON),
        ({"published": None}, RECEIVED),
        ({"published": NOON.isoformat(), "publish_at": "2024-02-08T15:00:00Z"},
         NOON + 3 * HOUR),
        ({"published": NOON.isoformat(), "publish_at": "2024-02-08T09:00:00Z"}, NOON),
        ({"published": None, "publish_at": "2024-02-09T15:00:00+08:00"},
         datetime(2024, 2, 9, 7, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_article_is_public_from_its_date_on(
    archive: Archive, fields: dict[str, str | None], dated: datetime
) -> None:
    article = put(archive.database, **fields)
    render(archive, article.key)
    assert article.dated == dated
    for at, expected in ((dated - MOMENT, False), (dated, True)):
        assert is_public(article, at) == expected
        public = ArticleFilter(public_at=at)
        assert bool(list_articles(archive.database, public, 1).articles) == expected
        assert bool(list_episodes(archive.database, 1, at)) == expected
        with archive.database.read() as connection:
            assert is_public_narration(connection, article.key, at) == expected


@pytest.mark.parametrize("audio", [AudioMode.HIDDEN, AudioMode.OFF])
def test_article_with_hidden_audio_or_none_is_not_public(
    database: Database, audio: AudioMode
) -> None:
    article = put(database, audio=audio)
    always = datetime(9000, 1, 1, tzinfo=UTC)
    assert not is_public(article, always)
    public = ArticleFilter(public_at=always)
    assert list_articles(database, public, 1).articles == ()
    assert len(list_articles(database, ArticleFilter(), 1).articles) == 1
    with database.read() as connection:
        assert not is_public_narration(connection, article.key, always)


def test_earlier_narrations_stay_public_with_their_article(database: Database) -> None:
    put(database, key=FIRST)
    put(database, key=SECOND, approval_required=True)
    with database.read() as connection:
        public = [
            is_public_narration(connection, key, RECEIVED)
            for key in (FIRST, SECOND, "9" * 32)
        ]
    # The second one waits for approval, and the third has no article.
    assert public == [True, False, True]


# Edits that need no new reading


def test_kept_audio_is_that_of_the_revision_before(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    edited = put(archive.database, key=SECOND, title="Typo fixed", keep_audio=True)
    assert (edited.number, edited.key, edited.title) == (2, FIRST, "Typo fixed")
    assert state_and_playing(archive.database) == (ArticleState.READY, FIRST)
    assert find_article_report(edited, archive.database) == REPORT
    assert archive.find_spec(SECOND) is None
    again = put(archive.database, key=SECOND, title="Typo fixed", keep_audio=True)
    assert again == edited
    read_again = put(archive.database, key=SECOND, title="Typo fixed")
    assert (read_again.number, read_again.key) == (3, SECOND)
    assert read_again.playing == FIRST
    require_invariants(archive)


def test_first_revision_has_no_audio_to_keep(database: Database) -> None:
    assert put(database, key=FIRST, keep_audio=True).key == FIRST


def test_erased_article_has_no_audio_to_keep(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    archive.withdraw(FIRST)
    again = put(archive.database, key=SECOND, keep_audio=True, restore=True)
    assert (again.number, again.key) == (2, SECOND)


# Conditions


def test_older_text_changes_nothing(database: Database) -> None:
    put(database, key=FIRST, modified="2024-02-08T12:00:00+08:00")
    stored = put(database, key=SECOND, modified="2024-02-08T05:00:00Z")
    assert stored.number == 2
    with pytest.raises(ArticleOutdated, match="Revision 2"):
        put(database, key=FIRST, modified="2024-02-08T12:59:59+08:00")
    assert find_article(REVISION.source_id, database) == stored
    same_time = put(database, key=FIRST, modified="2024-02-08T13:00:00+08:00")
    assert same_time.number == 3
    assert put(database, key=SECOND, modified=None).number == 4


def test_condition_is_on_the_stored_revision(database: Database) -> None:
    with pytest.raises(PreconditionFailed, match="without If-Match"):
        put(database, precondition=Precondition(("*",)))
    first = put(database, precondition=Precondition(absent=True))
    with pytest.raises(PreconditionFailed, match="There is an article"):
        put(database, key=SECOND, precondition=Precondition(absent=True))
    second = put(
        database, key=SECOND, precondition=Precondition(('"other"', first.etag))
    )
    with pytest.raises(PreconditionFailed, match="revision 2"):
        put(database, key=FIRST, precondition=Precondition((first.etag,)))
    assert find_article(REVISION.source_id, database) == second
    # It was done before.
    assert put(database, key=SECOND, precondition=Precondition((first.etag,))) == second
    assert put(database, key=FIRST, precondition=Precondition(("*",))).number == 3


def test_etag_names_what_was_stored(archive: Archive) -> None:
    first = put(archive.database)
    render(archive, first.key)
    assert find_article(REVISION.source_id, archive.database).etag == first.etag
    later = put(archive.database, section="Sea")
    archive.withdraw(first.key)
    erased = find_article(REVISION.source_id, archive.database)
    assert len({first.etag, later.etag, erased.etag}) == 3


def test_refused_request_lifts_no_takedown(archive: Archive) -> None:
    put(archive.database, key=FIRST, modified="2024-02-08T12:00:00Z")
    archive.withdraw(FIRST)
    with pytest.raises(ArticleOutdated):
        put(
            archive.database,
            key=FIRST,
            modified="2024-02-08T11:00:00Z",
            restore=True,
        )
    assert archive.is_withdrawn(FIRST)
