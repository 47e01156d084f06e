"""Articles whose narration is requested when a listener starts it."""

from dataclasses import replace

from sqlalchemy import Connection, update

from service.articles.article_rows import lock_article
from service.articles.revision import ArticleRevision, AudioMode
from service.articles.revisions import refresh_state, require_article
from workers.database.tables import ARTICLES


def add_demand(connection: Connection, source_id: str) -> ArticleRevision:
    """Record that a listener started the narration of an article; return the article.

    Nothing changes if one did before, or if it has no audio.

    Raises:
        ArticleNotFound: No article has this id.
    """
    latest = require_article(lock_article(connection, source_id))
    if latest.demanded or latest.erased or latest.audio is AudioMode.OFF:
        return latest
    connection.execute(
        update(ARTICLES).where(ARTICLES.c.source_id == source_id).values(demanded=True)
    )
    return refresh_state(connection, replace(latest, demanded=True))
