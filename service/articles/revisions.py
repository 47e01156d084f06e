"""Store articles under the publisher's own ids, in numbered revisions."""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound
from voices.sentence import Script
from workers.errors import RecordDamaged
from workers.narration import JobSpec, NarrationKey
from workers.queue.claimants import Claimant
from workers.storage.records import Records, read_record

_KIND = "articles"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArticleRevision:
    """An article as the publisher sent it once, with the key of its narration."""

    source_id: str
    """The publisher's own id."""

    title: str | None
    key: NarrationKey
    voice: str

    script: Script | None
    """Kept so that the narration can be rendered again after its audio was evicted;
    None once the narration was withdrawn."""

    received: str
    """Time of the first storage, in RFC 3339."""

    byline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    url: str | None = None
    image: str | None = None
    summary: str | None = None
    """The first paragraph, for feeds."""

    cleaning: CleaningReport | None = None
    """What was cut from what was sent; None for a revision of an earlier version of
    the program, and once the narration was withdrawn."""

    approval_required: bool = False
    """Whether a person must approve it before its narration is requested."""

    number: int = 0
    """Counted from 1 for each article."""

    @property
    def spec(self) -> JobSpec | None:
        """The job spec of the narration; None once it was withdrawn."""
        return JobSpec(self.key, self.voice, self.script) if self.script else None

    @property
    def claimant(self) -> Claimant:
        """Claimant of the narration's job; its text form names the pin."""
        return Claimant.article(self.source_id)


_REVISION = TypeAdapter(ArticleRevision)
_NAME = re.compile(r"(?P<source_id>.+)@(?P<number>\d{6,})")


def put_article(revision: ArticleRevision, records: Records) -> ArticleRevision:
    """Store a revision; return it numbered, or the latest if nothing changed.

    `revision.number` is ignored.  A record is created at most once, so of two requests
    that race for a number the second takes the next one.

    Raises:
        StorageFailed: The records cannot be read or written.
    """
    while True:
        latest = _latest(revision.source_id, records)
        if latest and _same(latest, revision):
            return latest
        number = latest.number + 1 if latest else 1
        numbered = replace(revision, number=number)
        document = _REVISION.dump_python(numbered, mode="json")
        name = _name(revision.source_id, number)
        if not records.create(_KIND, name, document):
            continue
        if latest and _find(revision.source_id, latest.number, records) is None:
            # The article was removed meanwhile: start again from number 1.
            records.remove(_KIND, name)
            continue
        return numbered


def previous_revision(
    revision: ArticleRevision, records: Records
) -> ArticleRevision | None:
    """Return the revision before this one, if any.

    Raises:
        StorageFailed: The records cannot be read.
    """
    return _find(revision.source_id, revision.number - 1, records)


def remove_article(source_id: str, records: Records) -> list[ArticleRevision]:
    """Remove an article; return its revisions.

    Revisions whose record is damaged are removed but not returned.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The records cannot be read or written.
    """
    removed: list[ArticleRevision] = []
    numbers = _numbers(source_id, records)
    if not numbers:
        raise ArticleNotFound("There is no article of this id; nothing was removed.")
    while numbers:  # again, if a revision is stored meanwhile
        # Latest first, so that an interrupted removal leaves a valid article.
        for number in reversed(numbers):
            with suppress(RecordDamaged):
                revision = _find(source_id, number, records)
                removed += [revision] if revision else []
            records.remove(_KIND, _name(source_id, number))
        numbers = _numbers(source_id, records)
    return removed


def erase_text(key: NarrationKey, records: Records) -> None:
    """Erase all text from the revisions of a narration.

    The id, the voice and the dates of the article stay.

    Raises:
        StorageFailed: The records cannot be read or written.
    """
    for revision in _revisions_of(key, records):
        erased = ArticleRevision(
            source_id=revision.source_id,
            title=None,
            key=key,
            voice=revision.voice,
            script=None,
            received=revision.received,
            published=revision.published,
            modified=revision.modified,
            number=revision.number,
        )
        name = _name(revision.source_id, revision.number)
        document = _REVISION.dump_python(erased, mode="json")
        records.replace(_KIND, name, document)


def refers_to(key: NarrationKey, records: Records) -> bool:
    """Whether any revision has this narration.

    Raises:
        StorageFailed: The records cannot be read.
    """
    return any(True for _ in _revisions_of(key, records))


def find_article(source_id: str, records: Records) -> ArticleRevision:
    """Return the latest revision.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The records cannot be read.
    """
    latest = _latest(source_id, records)
    if latest is None:
        raise ArticleNotFound("There is no article of this id; PUT it first.")
    return latest


def list_articles(records: Records) -> Iterator[ArticleRevision]:
    """Yield the latest revision of every article, sorted by id.

    An article whose record is damaged is skipped and logged.

    Raises:
        StorageFailed: The records cannot be read.
    """
    for source_id, number in _latest_numbers(records).items():
        try:
            revision = _find(source_id, number, records)
        except RecordDamaged as error:
            # One damaged record must not remove all other articles from the feed.
            _LOG.error("left out of the list: %s", error)
            continue
        if revision:
            yield revision


def _name(source_id: str, number: int) -> str:
    # Padded, so that names sort in the order of their numbers.
    return f"{source_id}@{number:06d}"


def _latest_numbers(records: Records) -> dict[str, int]:
    names = filter(None, map(_NAME.fullmatch, records.names(_KIND)))
    return {name["source_id"]: int(name["number"]) for name in names}


def _numbers(source_id: str, records: Records) -> list[int]:
    names = filter(None, map(_NAME.fullmatch, records.names(_KIND)))
    return [int(name["number"]) for name in names if name["source_id"] == source_id]


def _revisions_of(key: NarrationKey, records: Records) -> Iterator[ArticleRevision]:
    for name in records.names(_KIND):
        try:
            document = records.find(_KIND, name)
            if document and document.get("key") == key:
                yield read_record(_REVISION, _KIND, name, document)
        except RecordDamaged as error:
            _LOG.error("not searched for narration %s: %s", key, error)


def _latest(source_id: str, records: Records) -> ArticleRevision | None:
    latest = None
    number = 1
    while revision := _find(source_id, number, records):
        latest = revision
        number += 1
    return latest


def _find(source_id: str, number: int, records: Records) -> ArticleRevision | None:
    name = _name(source_id, number)
    document = records.find(_KIND, name)
    if document is None:
        return None
    return read_record(_REVISION, _KIND, name, document)


def _same(stored: ArticleRevision, new: ArticleRevision) -> bool:
    return replace(new, number=stored.number, received=stored.received) == stored
