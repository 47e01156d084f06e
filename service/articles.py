"""A publisher's articles by its own ids, each with its numbered revisions."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from service.errors import ArticleNotFound
from workers.narration import NarrationKey
from workers.records import Records

_KIND = "articles"


@dataclass(frozen=True, slots=True)
class Revision:
    """An article as the publisher sent it, and the narration it led to."""

    source_id: str
    """The publisher's own id."""

    title: str | None
    key: NarrationKey
    voice: str

    received: str
    """When it was kept first, in RFC 3339."""

    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    url: str | None = None
    image: str | None = None
    summary: str | None = None
    """The first paragraph, for feeds."""

    number: int = 0
    """Counted from 1 for each article."""


_REVISION = TypeAdapter(Revision)


def put_article(revision: Revision, records: Records) -> Revision:
    """Keep an article; the same one again is not a new revision.

    `revision.number` is chosen here.  Two that come at once get two numbers: a record
    is created once, so whoever loses takes the next.  Raises StorageFailed.
    """
    for number in itertools.count(1):
        kept = _find(revision.source_id, number, records)
        if kept is None:
            numbered = replace(revision, number=number)
            document = _REVISION.dump_python(numbered, mode="json")
            if records.create(_KIND, _name(revision.source_id, number), document):
                return numbered
        elif _is_latest(kept, records) and _same(kept, revision):
            return kept
    raise AssertionError  # pragma: no cover - itertools.count never ends


def find_article(source_id: str, records: Records) -> Revision:
    """Return the latest revision; raises ArticleNotFound or StorageFailed."""
    latest = None
    for number in itertools.count(1):
        kept = _find(source_id, number, records)
        if kept is None:
            break
        latest = kept
    if latest is None:
        raise ArticleNotFound("There is no article of this id; PUT it first.")
    return latest


def list_articles(records: Records) -> Iterator[Revision]:
    """Yield the latest revision of every article, sorted by id.

    Raises StorageFailed.
    """
    names = (name.rpartition("@") for name in records.names(_KIND))
    latest = {source_id: int(number) for source_id, _, number in names}
    for source_id, number in latest.items():
        if revision := _find(source_id, number, records):
            yield revision


def _name(source_id: str, number: int) -> str:
    # Padded, so that names sort as their numbers do.
    return f"{source_id}@{number:06d}"


def _find(source_id: str, number: int, records: Records) -> Revision | None:
    document = records.find(_KIND, _name(source_id, number))
    return None if document is None else _REVISION.validate_python(document)


def _is_latest(revision: Revision, records: Records) -> bool:
    return _find(revision.source_id, revision.number + 1, records) is None


def _same(kept: Revision, new: Revision) -> bool:
    return replace(new, number=kept.number, received=kept.received) == kept
