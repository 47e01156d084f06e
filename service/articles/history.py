"""List the revisions of an article."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.articles.article_rows import find_latest
from service.articles.revisions import require_article
from workers.database import Database
from workers.database.tables import REVISIONS
from workers.narration import NarrationKey, NarrationRecord
from workers.storage.narration_rows import find_records


@dataclass(frozen=True, slots=True)
class PastRevision:
    """A revision of an article, latest or earlier, without its text."""

    number: int
    key: NarrationKey
    received: datetime
    modified: str | None

    playing: bool
    """Whether its narration is heard now."""

    record: NarrationRecord | None
    """Its narration, if that has audio."""


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """A page of the revisions of an article."""

    source_id: str
    revisions: tuple[PastRevision, ...]

    next: int | None
    """The next page has the revisions before this number; None on the last one."""


def list_revisions(
    database: Database, source_id: str, limit: int, before: int | None = None
) -> RevisionPage:
    """Return the latest `limit` revisions before a number, latest first.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The database cannot be read.
    """
    query = select(REVISIONS).where(REVISIONS.c.source_id == source_id)
    if before is not None:
        query = query.where(REVISIONS.c.number < before)
    # One more shows whether there is another page.
    query = query.order_by(REVISIONS.c.number.desc()).limit(limit + 1)
    with database.read() as connection:
        latest = require_article(find_latest(connection, source_id))
        rows = connection.execute(query).all()
        records = find_records(connection, {row.key for row in rows[:limit]})
    revisions = tuple(
        PastRevision(
            number=row.number,
            key=row.key,
            received=row.received,
            modified=row.modified,
            playing=row.key == latest.playing,
            record=records.get(row.key),
        )
        for row in rows[:limit]
    )
    following = revisions[-1].number if len(rows) > limit else None
    return RevisionPage(source_id, revisions, following)
