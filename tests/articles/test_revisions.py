"""Tests of article revisions: numbers, removal, erasure and races."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.articles.revisions import (
    ArticleRevision,
    erase_text,
    find_article,
    list_articles,
    previous_revision,
    put_article,
    refers_to,
    remove_article,
)
from service.cleaning import Cut
from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound
from tests.support.scripts import script_of
from workers.storage.records import Document, MemoryRecords, Records

KEY, OTHER_KEY = "0" * 32, "1" * 32


def revision(
    source_id: str = "tide-1", key: str = KEY, word: str = "tide"
) -> ArticleRevision:
    return ArticleRevision(
        source_id=source_id,
        title=f"The {word} turns",
        key=key,
        voice="tone",
        script=script_of(f"The {word} turns", f"No one saw the {word}."),
        received="2024-02-08T18:00:00+00:00",
        byline=f"Ada {word}",
        section=word,
        tags=(word,),
        published="2024-02-08T12:30:00+08:00",
        modified="2024-02-08T12:40:00+08:00",
        url=f"https://news.example/{word}",
        image=f"https://news.example/{word}.jpg",
        summary=f"No one saw the {word}.",
        cleaning=CleaningReport(
            (Cut("byline", f"By Ada {word}", 0, ("It names the author.",)),),
            0.41,
            (f"The {word} is in doubt.",),
        ),
    )


def everything_in(records: Records) -> str:
    names = records.names("articles")
    return json.dumps([records.find("articles", name) for name in names])


def test_erase_text_keeps_only_id_voice_and_dates() -> None:
    records = MemoryRecords()
    put_article(revision(word="quokka"), records)
    put_article(revision(key=OTHER_KEY), records)
    put_article(revision("tide-2", word="quokka"), records)
    erase_text(KEY, records)
    assert "quokka" not in everything_in(records)
    assert find_article("tide-1", records) == replace(revision(key=OTHER_KEY), number=2)
    stored = find_article("tide-2", records)
    assert (stored.source_id, stored.number, stored.key) == ("tide-2", 1, KEY)
    assert (stored.received, stored.published, stored.modified) == (
        "2024-02-08T18:00:00+00:00",
        "2024-02-08T12:30:00+08:00",
        "2024-02-08T12:40:00+08:00",
    )
    assert stored.spec is None


def test_put_article_numbers_only_changed_revisions() -> None:
    records = MemoryRecords()
    first = put_article(revision(), records)
    resent = replace(revision(), received="2025-01-01T00:00:00Z")
    repeated = put_article(resent, records)
    corrected = put_article(revision(key=OTHER_KEY), records)
    reverted = put_article(revision(), records)
    assert (first.number, repeated.number) == (1, 1)
    assert (corrected.number, reverted.number) == (2, 3)
    assert repeated.received == first.received
    assert list(list_articles(records)) == [reverted]


def test_article_sent_again_after_erasure_is_a_new_revision() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    erase_text(KEY, records)
    assert put_article(revision(), records).number == 2


def test_refers_to_finds_narrations_of_every_revision() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    put_article(revision(key=OTHER_KEY), records)
    records.create("articles", "damaged@000001", {"key": 1})
    assert refers_to(KEY, records)
    assert refers_to(OTHER_KEY, records)
    assert not refers_to("3" * 32, records)


def test_previous_revision_is_the_one_before() -> None:
    records = MemoryRecords()
    first = put_article(revision(), records)
    second = put_article(revision(key=OTHER_KEY), records)
    assert previous_revision(first, records) is None
    assert previous_revision(second, records) == first


def test_remove_article_removes_all_its_revisions() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    put_article(revision(key=OTHER_KEY), records)
    put_article(revision("tide-12"), records)
    assert {revision.key for revision in remove_article("tide-1", records)} == {
        KEY,
        OTHER_KEY,
    }
    assert [article.source_id for article in list_articles(records)] == ["tide-12"]
    with pytest.raises(ArticleNotFound):
        find_article("tide-1", records)
    with pytest.raises(ArticleNotFound):
        remove_article("tide-1", records)
    assert put_article(revision(), records).number == 1


def test_article_with_a_damaged_record_can_be_removed() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    records.create("articles", "tide-1@000002", {})
    assert [revision.number for revision in remove_article("tide-1", records)] == [1]
    assert records.names("articles") == []


class Interrupted(MemoryRecords):
    """Runs another request before one of the calls."""

    def __init__(self, call: int, action: str) -> None:
        super().__init__()
        self.calls_left = call
        self.action = action

    def find(self, kind: str, name: str) -> Document | None:
        self._count()
        return super().find(kind, name)

    def create(self, kind: str, name: str, document: Document) -> bool:
        self._count()
        return super().create(kind, name, document)

    def remove(self, kind: str, name: str) -> None:
        self._count()
        super().remove(kind, name)

    def names(self, kind: str) -> list[str]:
        self._count()
        return super().names(kind)

    def _count(self) -> None:
        self.calls_left -= 1
        if self.calls_left == 0:
            match self.action:
                case "put":
                    put_article(revision(key="2" * 32), self)
                case "remove":
                    remove_article("tide-1", self)


def numbers(records: Records) -> list[int]:
    return [int(name[-6:]) for name in records.names("articles")]


@given(call=st.integers(1, 20))
def test_put_during_a_removal_leaves_one_whole_article_or_none(call: int) -> None:
    records = Interrupted(1000, "put")
    put_article(revision(), records)
    put_article(revision(key=OTHER_KEY), records)
    records.calls_left = call
    remove_article("tide-1", records)
    records.calls_left = 1000
    assert numbers(records) in ([], [1])


@given(call=st.integers(1, 20))
def test_removal_during_a_put_restarts_the_numbers(call: int) -> None:
    records = Interrupted(1000, "remove")
    put_article(revision(), records)
    put_article(revision(key=OTHER_KEY), records)
    records.calls_left = call
    put_article(revision(key="3" * 32), records)
    records.calls_left = 1000
    assert numbers(records) in ([], [1], [1, 2, 3])


def test_concurrent_puts_get_distinct_numbers() -> None:
    records = MemoryRecords()
    with ThreadPoolExecutor(8) as frontends:
        sent = [revision(key=f"{number:032x}") for number in range(8)]
        stored = list(
            frontends.map(lambda revision: put_article(revision, records), sent)
        )
    assert sorted(revision.number for revision in stored) == list(range(1, 9))
