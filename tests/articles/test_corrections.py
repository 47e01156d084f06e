"""What is heard of a corrected article: the old narration until the new is ready."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.articles.history import list_revisions
from service.articles.listing import list_episodes
from service.articles.revisions import find_article, remove_article
from service.errors import ArticleNotFound
from tests.support.databases.invariants import require_invariants
from tests.support.databases.revisions import RECEIVED, put, render
from workers.database.columns import now
from workers.errors import LibraryFull
from workers.storage.archive import Archive
from workers.storage.article_states import ArticleState
from workers.storage.library_quota import LibraryQuota

FIRST, SECOND, THIRD = "1" * 32, "2" * 32, "3" * 32
LATER = RECEIVED + timedelta(days=9)


def heard(archive: Archive) -> list[tuple[str, str]]:
    """Return article and narration of every episode."""
    return [
        (episode.article.source_id, episode.record.key)
        for episode in list_episodes(archive.database, 10)
    ]


def latest(archive: Archive) -> tuple[ArticleState, str | None]:
    article = find_article("tide-1", archive.database)
    return article.state, article.playing


def test_old_narration_is_heard_until_the_new_one_is_ready(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    assert heard(archive) == []
    render(archive, FIRST)
    put(archive.database, key=SECOND, title="The tide turned")
    assert latest(archive) == (ArticleState.UNFINISHED, FIRST)
    assert heard(archive) == [("tide-1", FIRST)]
    put(archive.database, key=THIRD)
    assert heard(archive) == [("tide-1", FIRST)]
    assert archive.find_spec(SECOND) is None
    render(archive, THIRD)
    assert latest(archive) == (ArticleState.READY, THIRD)
    assert heard(archive) == [("tide-1", THIRD)]
    require_invariants(archive)


def test_narration_of_an_outdated_text_is_not_heard(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=SECOND)
    put(archive.database, source_id="tide-2", key=SECOND)
    put(archive.database, key=THIRD)
    render(archive, SECOND)
    assert heard(archive) == [("tide-2", SECOND), ("tide-1", FIRST)]


def test_correction_that_is_taken_back_is_ready_at_once(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=SECOND)
    taken_back = put(archive.database, key=FIRST)
    assert (taken_back.number, taken_back.state) == (3, ArticleState.READY)
    assert taken_back.playing == FIRST


def test_corrected_episode_keeps_its_place_in_the_feed(archive: Archive) -> None:
    for number, key in enumerate((FIRST, SECOND)):
        put(
            archive.database,
            source_id=f"undated-{number}",
            key=key,
            published=None,
            received=RECEIVED + timedelta(hours=number),
        )
        render(archive, key)
    before = list_episodes(archive.database, 10)
    put(
        archive.database,
        source_id="undated-0",
        key=THIRD,
        published=None,
        received=LATER,
    )
    waiting = list_episodes(archive.database, 10)
    render(archive, THIRD)
    after = list_episodes(archive.database, 10)
    order = ["undated-1", "undated-0"]
    for episodes in (before, waiting, after):
        assert [episode.article.source_id for episode in episodes] == order
        assert episodes[1].article.dated == RECEIVED
    assert after[1].record.key == THIRD


def test_takedown_of_what_is_heard_leaves_the_correction(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=SECOND, title="Corrected")
    archive.withdraw(FIRST)
    assert latest(archive) == (ArticleState.UNFINISHED, None)
    assert heard(archive) == []
    assert find_article("tide-1", archive.database).title == "Corrected"
    render(archive, SECOND)
    assert heard(archive) == [("tide-1", SECOND)]


def test_takedown_of_a_correction_silences_the_article(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    render(archive, FIRST)
    put(archive.database, key=SECOND)
    archive.withdraw(SECOND)
    assert latest(archive) == (ArticleState.WITHDRAWN, None)
    assert heard(archive) == []
    require_invariants(archive)


def test_lost_audio_is_not_heard(archive: Archive) -> None:
    put(archive.database, key=FIRST)
    record = render(archive, FIRST)
    put(archive.database, key=SECOND)
    put(archive.database, source_id="tide-2", key=FIRST)
    archive.library.narrations.remove(record.audio)
    spec = archive.find_spec(FIRST)
    assert spec
    # What another worker finds when it stores the narration again.
    render(archive, FIRST)
    assert latest(archive) == (ArticleState.UNFINISHED, None)
    assert heard(archive) == [("tide-2", FIRST)]


def test_what_is_heard_and_what_replaces_it_are_never_evicted(
    archive: Archive,
) -> None:
    put(archive.database, key=FIRST)
    size = render(archive, FIRST).bytes
    put(archive.database, key=SECOND)
    quota = LibraryQuota(archive.database, 2 * size, keep_for=timedelta(0))
    limited = Archive(archive.library, archive.database, quota)
    put(archive.database, source_id="tide-2", key=THIRD)
    render(limited, SECOND)
    # The first narration is not heard any more.
    render(limited, THIRD)
    assert [archive.find(key) is None for key in (FIRST, SECOND, THIRD)] == [
        True,
        False,
        False,
    ]
    put(archive.database, key=FIRST)
    with pytest.raises(LibraryFull):
        render(limited, FIRST)
    assert heard(archive) == [("tide-2", THIRD), ("tide-1", SECOND)]


def delete_then_withdraw(archive: Archive, remove: Callable[[], object]) -> None:
    remove()
    assert heard(archive) == [("tide-1", FIRST)]
    archive.withdraw(FIRST)


def withdraw_then_delete(archive: Archive, remove: Callable[[], object]) -> None:
    archive.withdraw(FIRST)
    assert heard(archive) == []
    remove()


@pytest.mark.parametrize("do", [delete_then_withdraw, withdraw_then_delete])
def test_of_two_articles_with_one_text_one_is_removed_and_one_withdrawn(
    archive: Archive, do: Callable[[Archive, Callable[[], object]], None]
) -> None:
    for source_id in ("tide-1", "tide-2"):
        put(archive.database, source_id=source_id, key=FIRST)
    render(archive, FIRST)

    def remove() -> None:
        with archive.database.write() as connection:
            remove_article(connection, "tide-2")

    do(archive, remove)
    assert latest(archive) == (ArticleState.WITHDRAWN, None)
    assert archive.is_withdrawn(FIRST)
    with pytest.raises(ArticleNotFound):
        find_article("tide-2", archive.database)
    require_invariants(archive)


# Revisions


def test_revisions_are_listed_latest_first_in_pages(archive: Archive) -> None:
    put(archive.database, key=FIRST, modified="2024-02-08T12:40:00+08:00")
    render(archive, FIRST)
    put(archive.database, key=SECOND, received=LATER)
    put(archive.database, key=SECOND, section="Sea")
    whole = list_revisions(archive.database, "tide-1", 10)
    assert [(past.number, past.key, past.playing) for past in whole.revisions] == [
        (3, SECOND, False),
        (2, SECOND, False),
        (1, FIRST, True),
    ]
    assert whole.next is None
    first = whole.revisions[-1]
    assert first.record
    assert (first.record.key, first.modified) == (FIRST, "2024-02-08T12:40:00+08:00")
    assert first.received <= now()
    page = list_revisions(archive.database, "tide-1", 2)
    rest = list_revisions(archive.database, "tide-1", 2, page.next)
    assert (page.revisions, page.next) == (whole.revisions[:2], 2)
    assert (rest.revisions, rest.next) == (whole.revisions[2:], None)
    with pytest.raises(ArticleNotFound):
        list_revisions(archive.database, "tide-2", 2)
