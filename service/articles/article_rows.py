"""Rows of articles: find, store and lock them.

Every function works in the transaction of its caller.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Row, RowMapping, delete, insert, select

from service.articles.revision import ArticleRevision, AudioMode, NarrationPolicy
from workers.database import lock
from workers.database.columns import now
from workers.database.insert import upsert
from workers.database.tables import ARTICLE_TAGS, ARTICLES, REVISIONS
from workers.narration import NarrationKey
from workers.storage.article_states import ArticleState


def lock_article(
    connection: Connection, source_id: str, *keys: NarrationKey
) -> ArticleRevision | None:
    """Hold the locks that a change of an article needs; return its latest revision.

    A takedown, and a worker that stores audio, change articles too, with the locks of
    their narrations only.  So those that the article has and plays are held as well,
    and `keys`, which it will have.
    """
    lock_source_id(connection, source_id)
    query = select(ARTICLES.c.key, ARTICLES.c.playing).where(
        ARTICLES.c.source_id == source_id
    )
    for row in connection.execute(query):
        keys = (*keys, row.key, *([row.playing] if row.playing else []))
    lock_narrations(connection, keys)
    # What it plays may have changed before the locks were held.
    return find_latest(connection, source_id)


def lock_source_id(connection: Connection, source_id: str) -> None:
    """Hold the lock of an article, whether it exists or not."""
    lock(connection, f"article:{source_id}")


def lock_narrations(connection: Connection, keys: Iterable[NarrationKey]) -> None:
    """Hold the locks of narrations whose texts the transaction adds or removes."""
    # In one order, or two transactions could wait for each other.
    for key in sorted(set(keys)):
        lock(connection, key)


def find_latest(connection: Connection, source_id: str) -> ArticleRevision | None:
    """Return the latest revision of an article, if it exists."""
    query = select(ARTICLES).where(ARTICLES.c.source_id == source_id)
    rows = connection.execute(query).mappings().all()
    return next(iter(revisions_of(connection, rows)), None)


def find_revision(
    connection: Connection, source_id: str, number: int
) -> Row[tuple[object, ...]] | None:
    """Return the row of one revision of an article."""
    query = REVISIONS.select().where(
        REVISIONS.c.source_id == source_id, REVISIONS.c.number == number
    )
    return connection.execute(query).first()


def revisions_of(
    connection: Connection, rows: Iterable[RowMapping]
) -> list[ArticleRevision]:
    """Return the revisions of rows of `articles`, with their tags."""
    rows = list(rows)
    tags = _tags(connection, [row["source_id"] for row in rows])
    return [
        ArticleRevision(
            **{name: value for name, value in row.items() if name not in _CONVERTED},
            tags=tuple(tags.get(row["source_id"], ())),
            policy=NarrationPolicy(row["policy"]),
            audio=AudioMode(row["audio"]),
            state=ArticleState(row["state"]),
        )
        for row in rows
    ]


_CONVERTED = {"policy", "audio", "state", "dated"}
"""Columns that are not fields of a revision as they are."""


def store_revision(
    connection: Connection, revision: ArticleRevision, content: str
) -> None:
    """Store a numbered revision as the latest one, with the SHA-256 of its content."""
    row = asdict(revision) | {"dated": revision.dated}
    del row["tags"]
    upsert(connection, ARTICLES, **row)
    _store_tags(connection, revision)
    connection.execute(
        insert(REVISIONS).values(
            source_id=revision.source_id,
            number=revision.number,
            key=revision.key,
            digest=content,
            modified=revision.modified,
            received=now(),
        )
    )


def _store_tags(connection: Connection, revision: ArticleRevision) -> None:
    source_id = revision.source_id
    connection.execute(
        delete(ARTICLE_TAGS).where(ARTICLE_TAGS.c.source_id == source_id)
    )
    tags = [
        {
            "source_id": source_id,
            "position": position,
            "tag": tag,
            "dated": revision.dated,
        }
        for position, tag in enumerate(dict.fromkeys(revision.tags))
    ]
    if tags:
        connection.execute(insert(ARTICLE_TAGS), tags)


def _tags(connection: Connection, source_ids: Sequence[str]) -> dict[str, list[str]]:
    query = (
        select(ARTICLE_TAGS.c.source_id, ARTICLE_TAGS.c.tag)
        .where(ARTICLE_TAGS.c.source_id.in_(source_ids))
        .order_by(ARTICLE_TAGS.c.source_id, ARTICLE_TAGS.c.position)
    )
    tags: dict[str, list[str]] = {}
    for source_id, tag in connection.execute(query):
        tags.setdefault(source_id, []).append(tag)
    return tags
