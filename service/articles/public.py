"""Decide which articles are public: for feeds, lists and access control.

An article is public from its date on, unless its audio is hidden or off.  A withdrawn
article stays public: what the public gets of it is that it was withdrawn.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from service.articles.revision import ArticleRevision, AudioMode
from workers.database.tables import ARTICLES, REVISIONS
from workers.narration import NarrationKey
from workers.storage.article_states import ArticleState


def is_public(article: ArticleRevision, at: datetime) -> bool:
    """Return whether anyone may see and hear an article at a time."""
    return article.audio is AudioMode.ON and article.dated <= at


def public_at(at: datetime) -> ColumnElement[bool]:
    """Return `is_public` as a condition on rows of `articles`."""
    return and_(ARTICLES.c.audio == AudioMode.ON, ARTICLES.c.dated <= at)


def is_public_narration(
    connection: Connection, key: NarrationKey, at: datetime
) -> bool:
    """Return whether anyone who knows its address may hear a narration at a time.

    That is not the case if articles have it and none of them is public.  Those of
    earlier revisions stay public with their article, so that a listener hears them to
    the end; one that waits for approval is not public.
    """
    public = exists().where(
        public_at(at),
        or_(
            ARTICLES.c.key != key,
            ARTICLES.c.state != ArticleState.AWAITING_APPROVAL,
        ),
        _has(key),
    )
    of_an_article = exists().where(_has(key))
    return bool(connection.execute(select(or_(public, ~of_an_article))).scalar())


def _has(key: NarrationKey) -> ColumnElement[bool]:
    return and_(REVISIONS.c.key == key, REVISIONS.c.source_id == ARTICLES.c.source_id)
