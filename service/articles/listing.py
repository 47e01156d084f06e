"""List articles, newest first: by filters in pages, and as episodes of a feed."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    Tuple,
    literal,
    select,
    tuple_,
)

from service.articles.article_rows import revisions_of
from service.articles.public import public_at
from service.articles.revision import ArticleRevision
from service.errors import InvalidCursor
from workers.database import Database
from workers.database.columns import UtcDateTime, now
from workers.database.tables import ARTICLE_TAGS, ARTICLES
from workers.narration import NarrationRecord
from workers.storage.article_states import ArticleState
from workers.storage.narration_rows import find_records

_NOT_REQUESTED = (
    ArticleState.AWAITING_APPROVAL,
    ArticleState.AWAITING_PLAY,
    ArticleState.OFF,
)


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Conditions on articles, all of which must hold; None for no condition."""

    section: str | None = None
    tag: str | None = None
    author: str | None = None
    """The byline."""

    state: ArticleState | None = None
    published_from: datetime | None = None
    """Earliest time of publication, or of receipt if that is unknown."""

    published_before: datetime | None = None

    public_at: datetime | None = None
    """Time at which it must be public."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Position in a list: after the article of this time and id."""

    dated: datetime
    source_id: str

    def encode(self) -> str:
        """Return the cursor as it is written in an address."""
        document = json.dumps([self.dated.isoformat(), self.source_id])
        return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Return the cursor of `encode`.

        Raises:
            InvalidCursor: It is another text.
        """
        try:
            document = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            dated, source_id = json.loads(document)
            return cls(datetime.fromisoformat(dated), str(source_id))
        except (ValueError, TypeError, binascii.Error) as error:
            message = "The cursor is invalid; use the address of the page before."
            raise InvalidCursor(message) from error


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article of a list, with the narration that is heard, if any."""

    revision: ArticleRevision
    record: NarrationRecord | None


@dataclass(frozen=True, slots=True)
class Episode:
    """An article that can be heard."""

    article: ArticleRevision
    record: NarrationRecord


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A page of a list."""

    articles: tuple[ListedArticle, ...]

    next: Cursor | None
    """Where the next page begins; None on the last one."""


def list_articles(
    database: Database,
    conditions: ArticleFilter,
    limit: int,
    after: Cursor | None = None,
) -> ArticlePage:
    """Return the first `limit` articles after a position, newest first.

    Raises:
        StorageFailed: The database cannot be read.
    """
    # One more shows whether there is another page.
    found = _list(database, _query(conditions, after).limit(limit + 1))
    articles = tuple(found[:limit])
    if len(found) <= limit:
        return ArticlePage(articles, None)
    last = articles[-1].revision
    return ArticlePage(articles, Cursor(last.dated, last.source_id))


def list_episodes(
    database: Database, limit: int, at: datetime | None = None
) -> list[Episode]:
    """Return the newest `limit` articles that can be heard at a time, or now.

    One that was corrected is an episode with its previous narration until the new one
    is ready.  One that is not public at that time is none.

    A withdrawn article is not an episode until it is sent again, even if another
    article restored its narration: its text was erased.

    Raises:
        StorageFailed: The database cannot be read.
    """
    # A range of the index of what is heard, like the order.
    query = _query(ArticleFilter(public_at=at or now()), None).where(
        ARTICLES.c.playing.is_not(None)
    )
    # Audio that is evicted between the two queries is left out.
    return [
        Episode(listed.revision, listed.record)
        for listed in _list(database, query.limit(limit))
        if listed.record
    ]


def iter_narrated(database: Database, batch: int) -> Iterator[ArticleRevision]:
    """Yield every article whose narration was requested, in batches of queries.

    Raises:
        StorageFailed: The database cannot be read.
    """
    last = ""
    while True:
        query = (
            select(ARTICLES)
            .where(
                ARTICLES.c.source_id > last,
                ARTICLES.c.state.not_in(_NOT_REQUESTED),
            )
            .order_by(ARTICLES.c.source_id)
            .limit(batch)
        )
        with database.read() as connection:
            rows = connection.execute(query).mappings().all()
            revisions = revisions_of(connection, rows)
        if not revisions:
            return
        yield from revisions
        last = revisions[-1].source_id


def _list(
    database: Database, query: Select[tuple[object, ...]]
) -> Sequence[ListedArticle]:
    with database.read() as connection:
        revisions = revisions_of(connection, connection.execute(query).mappings())
        records = find_records(connection, {r.playing for r in revisions if r.playing})
    return [
        ListedArticle(
            revision, records.get(revision.playing) if revision.playing else None
        )
        for revision in revisions
    ]


def _query(
    conditions: ArticleFilter, after: Cursor | None
) -> Select[tuple[object, ...]]:
    # With a tag, its index has the order too.
    ordered = ARTICLES if conditions.tag is None else ARTICLE_TAGS
    position = (ordered.c.dated, ordered.c.source_id)
    query: Select[tuple[object, ...]] = select(ARTICLES)
    if conditions.tag is not None:
        query = query.join(
            ARTICLE_TAGS, ARTICLE_TAGS.c.source_id == ARTICLES.c.source_id
        ).where(ARTICLE_TAGS.c.tag == conditions.tag)
    if conditions.published_from is not None:
        query = query.where(position[0] >= conditions.published_from)
    if conditions.published_before is not None:
        query = query.where(position[0] < conditions.published_before)
    if after is not None:
        query = query.where(tuple_(*position) < _row(after))
    query = query.where(*_conditions_on_articles(conditions))
    return query.order_by(*(column.desc() for column in position))


def _conditions_on_articles(
    conditions: ArticleFilter,
) -> Iterator[ColumnElement[bool]]:
    if conditions.section is not None:
        yield ARTICLES.c.section == conditions.section
    if conditions.author is not None:
        yield ARTICLES.c.byline == conditions.author
    if conditions.state is not None:
        yield ARTICLES.c.state == conditions.state
    if conditions.public_at is not None:
        yield public_at(conditions.public_at)


def _row(cursor: Cursor) -> Tuple:
    return tuple_(literal(cursor.dated, UtcDateTime()), cursor.source_id)
