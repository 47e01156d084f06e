"""Approvals: articles that a person allowed to be narrated.

An approval is for what is heard: it names the article and the key of its narration.  So
an approval that races with a correction never applies to the correction.
"""

from sqlalchemy import ColumnElement, and_, exists

from service.articles.revisions import ArticleRevision, lock_article
from workers.database import Database
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import APPROVALS, ARTICLES


def add_approval(revision: ArticleRevision, database: Database) -> bool:
    """Record that a person approved what is read of a revision.

    Returns whether the article still exists.

    Raises:
        StorageFailed: The database cannot be written.
    """
    with database.write() as connection:
        lock_article(connection, revision.source_id)
        query = ARTICLES.select().where(ARTICLES.c.source_id == revision.source_id)
        if connection.execute(query).first() is None:
            return False
        insert_if_absent(
            connection,
            APPROVALS,
            source_id=revision.source_id,
            key=revision.key,
            since=now(),
        )
    return True


def is_waiting(revision: ArticleRevision, database: Database) -> bool:
    """Whether a revision is not narrated until a person approves it.

    Raises:
        StorageFailed: The database cannot be read.
    """
    if not revision.approval_required or revision.erased:
        return False
    query = APPROVALS.select().where(
        APPROVALS.c.source_id == revision.source_id, APPROVALS.c.key == revision.key
    )
    with database.read() as connection:
        return connection.execute(query).first() is None


def waits_for_approval() -> ColumnElement[bool]:
    """Return the condition on `articles` of `is_waiting`."""
    approved = exists().where(
        APPROVALS.c.source_id == ARTICLES.c.source_id, APPROVALS.c.key == ARTICLES.c.key
    )
    return and_(ARTICLES.c.approval_required, ~ARTICLES.c.erased, ~approved)
