"""A publisher's articles, each with its revisions."""

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
from service.errors import ArticleNotFound
from tests.support.scripts import script_of
from workers.storage.records import Document, MemoryRecords, Records

KEY, OTHER = "0" * 32, "1" * 32


def revision(
    source_id: str = "tide-1", key: str = KEY, word: str = "tide"
) -> ArticleRevision:
    return ArticleRevision(
        source_id=source_id,
        title=f"The {word} turns",
        key=key,
        voice="tone",
        script=script_of(f"The {word} turns", f"Nobody saw the {word}."),
        received="2024-02-08T18:00:00+00:00",
        byline=f"Ada {word}",
        section=word,
        tags=(word,),
        published="2024-02-08T12:30:00+08:00",
        modified="2024-02-08T12:40:00+08:00",
        url=f"https://news.example/{word}",
        image=f"https://news.example/{word}.jpg",
        summary=f"Nobody saw the {word}.",
    )


def everything_in(records: Records) -> str:
    names = records.names("articles")
    return json.dumps([records.find("articles", name) for name in names])


def test_a_withdrawn_narration_leaves_of_an_article_that_there_was_one() -> None:
    records = MemoryRecords()
    put_article(revision(word="quokka"), records)
    put_article(revision(key=OTHER), records)
    put_article(revision("tide-2", word="quokka"), records)
    erase_text(KEY, records)
    assert "quokka" not in everything_in(records)
    assert find_article("tide-1", records) == replace(revision(key=OTHER), number=2)
    kept = find_article("tide-2", records)
    assert (kept.source_id, kept.number, kept.key) == ("tide-2", 1, KEY)
    assert (kept.received, kept.published, kept.modified) == (
        "2024-02-08T18:00:00+00:00",
        "2024-02-08T12:30:00+08:00",
        "2024-02-08T12:40:00+08:00",
    )
    assert kept.spec is None


def test_what_was_erased_is_a_new_revision_when_it_is_sent_again() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    erase_text(KEY, records)
    assert put_article(revision(), records).number == 2


def test_it_is_known_whether_an_article_was_read_by_a_narration() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    put_article(revision(key=OTHER), records)
    records.create("articles", "damaged@000001", {"key": 1})
    assert refers_to(KEY, records)
    assert refers_to(OTHER, records)
    assert not refers_to("3" * 32, records)


def test_a_revision_knows_what_it_took_the_place_of() -> None:
    records = MemoryRecords()
    first = put_article(revision(), records)
    second = put_article(revision(key=OTHER), records)
    assert previous_revision(first, records) is None
    assert previous_revision(second, records) == first


def test_an_article_that_is_removed_is_gone_with_all_its_revisions() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    put_article(revision(key=OTHER), records)
    put_article(revision("tide-12"), records)
    assert {revision.key for revision in remove_article("tide-1", records)} == {
        KEY,
        OTHER,
    }
    assert [article.source_id for article in list_articles(records)] == ["tide-12"]
    with pytest.raises(ArticleNotFound):
        find_article("tide-1", records)
    with pytest.raises(ArticleNotFound):
        remove_article("tide-1", records)
    assert put_article(revision(), records).number == 1


def test_an_article_can_be_removed_although_a_record_is_damaged() -> None:
    records = MemoryRecords()
    put_article(revision(), records)
    records.create("articles", "tide-1@000002", {})
    assert [revision.number for revision in remove_article("tide-1", records)] == [1]
    assert records.names("articles") == []


class Interrupted(MemoryRecords):
    """Lets somebody else act before one of the calls."""

    def __init__(self, call: int, other: str) -> None:
        super().__init__()
        self.left = call
        self.other = other

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
        self.left -= 1
        if self.left == 0:
            match self.other:
                case "put":
                    put_article(revision(key="2" * 32), self)
                case "remove":
                    remove_article("tide-1", self)


def numbers(records: Records) -> list[int]:
    return [int(name[-6:]) for name in records.names("articles")]


@given(call=st.integers(1, 20))
def test_one_put_while_it_is_removed_is_there_or_not_but_whole(call: int) -> None:
    records = Interrupted(1000, "put")
    put_article(revision(), records)
    put_article(revision(key=OTHER), records)
    records.left = call
    remove_article("tide-1", records)
    records.left = 1000
    assert numbers(records) in ([], [1])


@given(call=st.integers(1, 20))
def test_one_removed_while_it_is_put_begins_anew(call: int) -> None:
    records = Interrupted(1000, "remove")
    put_article(revision(), records)
    put_article(revision(key=OTHER), records)
    records.left = call
    put_article(revision(key="3" * 32), records)
    records.left = 1000
    assert numbers(records) in ([], [1], [1, 2, 3])


def test_put_by_many_at_once_every_revision_has_its_number() -> None:
    records = MemoryRecords()
    with ThreadPoolExecutor(8) as frontends:
        sent = [revision(key=f"{number:032x}") for number in range(8)]
        kept = list(
            frontends.map(lambda revision: put_article(revision, records), sent)
        )
    assert sorted(revision.number for revision in kept) == list(range(1, 9))
