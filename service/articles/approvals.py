"""Approvals: articles that a person allowed to be narrated.

An approval is for what is heard: it names the article and the key of its narration.  So
an approval that races with a correction never applies to the correction.
"""

from sqlalchemy import update

from service.articles.revision import ArticleRevision
from service.articles.revisions import lock_article
from workers.database import Database, lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import APPROVALS, ARTICLES
from workers.storage.article_states import ArticleState, state_of_narration


def add_approval(revision: ArticleRevision, database: Database) -> None:
    """Record that a person approved what is read of a revision.

    Nothing is recorded if the article was removed meanwhile.

    Raises:
        StorageFailed: The database cannot be written.
    """
    is_article = ARTICLES.c.source_id == revision.source_id
    with database.write() as connection:
        lock_article(connection, revision.source_id)
        lock(connection, revision.key)
        if connection.execute(ARTICLES.select().where(is_article)).first() is None:
            return
        insert_if_absent(
            connection,
            APPROVALS,
            source_id=revision.source_id,
            key=revision.key,
            since=now(),
        )
        connection.execute(
            update(ARTICLES)
            .where(
                is_article,
                ARTICLES.c.key == revision.key,
                ARTICLES.c.state == ArticleState.AWAITING_APPROVAL,
            )
            .values(state=state_of_narration(connection, revision.key))
        )
