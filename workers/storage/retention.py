"""Withdraw the narrations of articles that are older than a publisher keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from workers.database import Database, lock
from workers.database.tables import ARTICLES, REVISIONS
from workers.narration import NarrationKey
from workers.storage.article_states import ArticleState
from workers.storage.withdrawals import erase_text, withdraw


@dataclass(frozen=True, slots=True)
class ExpiredArticles:
    """Articles that were erased by one call."""

    articles: int

    withdrawn: tuple[NarrationKey, ...]
    """Narrations of all their revisions, without those that younger articles have.
    Their audio is still to be removed, by `Archive.erase_withdrawn`."""


def withdraw_expired(
    database: Database, before: datetime, limit: int
) -> ExpiredArticles:
    """Erase the oldest articles dated before a time, and withdraw their narrations.

    Each narration is one transaction, as in a takedown.  That of the latest revision
    is last, so that the next call completes an interrupted one.

    Args:
        database: the database of articles and narrations.
        before: articles of this time and later ones are kept.
        limit: the largest number of articles.

    Raises:
        DatabaseUnavailable: It does not answer.
        StorageFailed: It cannot be written.
    """
    query = (
        select(ARTICLES.c.source_id, ARTICLES.c.key)
        .where(ARTICLES.c.dated < before, ARTICLES.c.state != ArticleState.WITHDRAWN)
        .order_by(ARTICLES.c.dated, ARTICLES.c.source_id)
        .limit(limit)
    )
    with database.read() as connection:
        expired = connection.execute(query).all()
    withdrawn: list[NarrationKey] = []
    for source_id, latest in expired:
        for key in (*_earlier_keys(database, source_id, latest), latest):
            with database.write() as connection:
                if _expire(connection, key, before):
                    withdrawn.append(key)
    return ExpiredArticles(len(expired), tuple(withdrawn))


def _expire(connection: Connection, key: NarrationKey, before: datetime) -> bool:
    """Withdraw a narration unless a younger article has it; return whether it was."""
    # Articles are stored under the same lock, so that none is between the two steps.
    lock(connection, key)
    if _has_younger_article(connection, key, before):
        erase_text(connection, key, before)
        return False
    withdraw(connection, key)
    return True


def _has_younger_article(
    connection: Connection, key: NarrationKey, before: datetime
) -> bool:
    # Any revision: a correction that is taken back must not find its text refused.
    query = select(
        exists().where(
            REVISIONS.c.key == key,
            REVISIONS.c.source_id == ARTICLES.c.source_id,
            ARTICLES.c.dated >= before,
            ARTICLES.c.state != ArticleState.WITHDRAWN,
        )
    )
    return bool(connection.execute(query).scalar())


def _earlier_keys(
    database: Database, source_id: str, latest: NarrationKey
) -> Sequence[NarrationKey]:
    query = (
        select(REVISIONS.c.key)
        .where(REVISIONS.c.source_id == source_id, REVISIONS.c.key != latest)
        .distinct()
    )
    with database.read() as connection:
        return connection.execute(query).scalars().all()
