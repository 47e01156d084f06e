"""Approvals: articles that a person allowed to be narrated.

An approval is for what is heard: it names the article and the key of its narration.  So
an approval that races with a correction never applies to the correction.
"""

from sqlalchemy import Connection

from service.articles.article_rows import lock_article
from service.articles.revision import ArticleRevision
from service.articles.revisions import refresh_state, require_article
from service.errors import RevisionOutdated
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import APPROVALS
from workers.storage.article_states import ArticleState
from workers.storage.withdrawals import require_not_withdrawn


def add_approval(
    connection: Connection, source_id: str, number: int
) -> ArticleRevision:
    """Record that a person approved what is read of a revision; return the revision.

    Nothing changes if it was approved before or needs no approval.

    Raises:
        ArticleNotFound: No article has this id.
        RevisionOutdated: `number` is not the latest revision.
        NarrationWithdrawn: Its narration was taken down.
    """
    latest = require_article(lock_article(connection, source_id))
    if latest.number != number:
        message = (
            f"Revision {number} is not the latest; look at revision {latest.number}"
            " and approve that one."
        )
        raise RevisionOutdated(message)
    require_not_withdrawn(connection, latest.key)
    if latest.state is not ArticleState.AWAITING_APPROVAL:
        return latest
    insert_if_absent(
        connection, APPROVALS, source_id=source_id, key=latest.key, since=now()
    )
    return refresh_state(connection, latest)
