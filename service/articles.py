"""A publisher's articles by its own ids, each with its numbered revisions."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from service.errors import ArticleNotFound
from voices.sentence import Script
from workers.errors import RecordDamaged
from workers.narration import NarrationKey
from workers.queue import Order
from workers.records import Records, read_record

_KIND = "articles"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revision:
    """An article as the publisher sent it, and the narration it led to."""

    source_id: str
    """The publisher's own id."""

    title: str | None
    key: NarrationKey
    voice: str

    script: Script
    """What is to be said, so that it can be made again when its audio is gone."""

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

    @property
    def order(self) -> Order:
        """What a worker needs to make the narration."""
        return Order(self.key, self.voice, self.script)


_REVISION = TypeAdapter(Revision)
_NAME = re.compile(r"(?P<source_id>.+)@(?P<number>\d{6,})")


def put_article(revision: Revision, records: Records) -> Revision:
    """Keep an article; the same one again is not a new revision.

    `revision.number` is chosen here.  Two that come at once get two numbers: a record
    is created once, so whoever loses takes the next.  Raises StorageFailed.
    """
    while True:
        latest = _latest(revision.source_id, records)
        if latest and _same(latest, revision):
            return latest
        number = latest.number + 1 if latest else 1
        numbered = replace(revision, number=number)
        document = _REVISION.dump_python(numbered, mode="json")
        if records.create(_KIND, _name(revision.source_id, number), document):
            return numbered


def find_article(source_id: str, records: Records) -> Revision:
    """Return the latest revision; raises ArticleNotFound or StorageFailed."""
    latest = _latest(source_id, records)
    if latest is None:
        raise ArticleNotFound("There is no article of this id; PUT it first.")
    return latest


def list_articles(records: Records) -> Iterator[Revision]:
    """Yield the latest revision of every article, sorted by id.

    One whose record is damaged is left out and logged.  Raises StorageFailed.
    """
    names = filter(None, map(_NAME.fullmatch, records.names(_KIND)))
    latest = {name["source_id"]: int(name["number"]) for name in names}
    for source_id, number in latest.items():
        try:
            revision = _find(source_id, number, records)
        except RecordDamaged as error:
            # One damaged record must not take every other article off the air.
            _LOG.error("left out of the list: %s", error)
            continue
        if revision:
            yield revision


def _name(source_id: str, number: int) -> str:
    # Padded, so that names sort as their numbers do.
    return f"{source_id}@{number:06d}"


def _latest(source_id: str, records: Records) -> Revision | None:
    latest = None
    number = 1
    while kept := _find(source_id, number, records):
        latest = kept
        number += 1
    return latest


def _find(source_id: str, number: int, records: Records) -> Revision | None:
    name = _name(source_id, number)
    document = records.find(_KIND, name)
    if document is None:
        return None
    return read_record(_REVISION, _KIND, name, document)


def _same(kept: Revision, new: Revision) -> bool:
    return replace(new, number=kept.number, received=kept.received) == kept
