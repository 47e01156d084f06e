"""Store articles under the publisher's own ids, in numbered revisions.

Functions with a connection work in the transaction of their caller.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Row, RowMapping, delete, exists, insert, select

from service.articles.revision import ArticleRevision, NewRevision
from service.cleaning.report import CleaningReport
from service.errors import ArticleNotFound
from service.narrations.cleaning_reports import find_report, save_report
from workers.database import Database, lock
from workers.database.columns import now
from workers.database.insert import upsert
from workers.database.tables import (
    APPROVALS,
    ARTICLE_TAGS,
    ARTICLES,
    REVISIONS,
    SCRIPTS,
)
from workers.narration import NarrationKey
from workers.storage.article_states import ArticleState, state_of_narration
from workers.storage.narration_rows import save_spec
from workers.storage.withdrawals import lock_text, require_allowed


def put_revision(connection: Connection, new: NewRevision) -> ArticleRevision:
    """Store a revision; return it numbered, or the latest if nothing changed.

    The script is stored so that the narration can be rendered, now or after its audio
    was evicted; that of the previous revision is removed unless it was rendered.

    Raises:
        NarrationWithdrawn: The article or its words were taken down.
    """
    revision = new.revision
    lock_article(connection, revision.source_id)
    previous = select(ARTICLES.c.key).where(ARTICLES.c.source_id == revision.source_id)
    _lock_narrations(
        connection, {revision.key, *connection.execute(previous).scalars()}
    )
    lock_text(connection, new.spec)
    require_allowed(connection, new.spec, revision.source_id)
    latest = _find(connection, revision.source_id)
    if latest and not latest.erased and _has_content(connection, latest, new.content):
        return latest
    save_spec(connection, new.spec)
    _store(
        connection,
        revision,
        number=latest.number + 1 if latest else 1,
        report_digest=save_report(connection, revision.key, new.report),
        content=new.content,
    )
    if latest and latest.key != revision.key:
        remove_unrendered_script(connection, latest.key)
    return _require(_find(connection, revision.source_id))


def lock_article(connection: Connection, source_id: str) -> None:
    """Hold the lock of an article, which each change of its rows needs."""
    lock(connection, f"article:{source_id}")


def find_article(source_id: str, database: Database) -> ArticleRevision:
    """Return the latest revision.

    Raises:
        ArticleNotFound: No article has this id.
        StorageFailed: The database cannot be read.
    """
    with database.read() as connection:
        return _require(_find(connection, source_id))


def find_article_report(
    revision: ArticleRevision, database: Database
) -> CleaningReport | None:
    """Return what was cut from a revision; None once its text was erased.

    Raises:
        StorageFailed: The database cannot be read.
    """
    if revision.report_digest is None:
        return None
    return find_report(database, revision.key, revision.report_digest)


def waits_for_approval(connection: Connection, revision: ArticleRevision) -> bool:
    """Return whether a person must approve a new revision first, and did not."""
    if not revision.approval_required:
        return False
    approval = APPROVALS.select().where(
        APPROVALS.c.source_id == revision.source_id, APPROVALS.c.key == revision.key
    )
    return connection.execute(approval).first() is None


def find_previous_key(
    connection: Connection, revision: ArticleRevision
) -> NarrationKey | None:
    """Return the narration of the revision before this one, if any."""
    row = _find_row(connection, revision.source_id, revision.number - 1)
    return row.key if row else None


def remove_article(connection: Connection, source_id: str) -> set[NarrationKey]:
    """Remove an article; return the narrations of its revisions.

    Raises:
        ArticleNotFound: No article has this id.
    """
    lock_article(connection, source_id)
    query = select(REVISIONS.c.key).where(REVISIONS.c.source_id == source_id)
    keys = set(connection.execute(query).scalars())
    if not keys:
        raise ArticleNotFound("There is no article of this id; nothing was removed.")
    _lock_narrations(connection, keys)
    # Tags, revisions and approvals are removed with it.
    connection.execute(delete(ARTICLES).where(ARTICLES.c.source_id == source_id))
    for key in keys:
        remove_unrendered_script(connection, key)
    return keys


def has_revision(connection: Connection, key: NarrationKey) -> bool:
    """Return whether any revision of an article has a narration."""
    query = select(exists().where(REVISIONS.c.key == key))
    return bool(connection.execute(query).scalar())


def revisions_of(
    connection: Connection, rows: Iterable[RowMapping]
) -> list[ArticleRevision]:
    """Return the revisions of rows of `articles`, with their tags."""
    rows = list(rows)
    tags = _tags(connection, [row["source_id"] for row in rows])
    return [
        ArticleRevision(
            source_id=row["source_id"],
            title=row["title"],
            key=row["key"],
            voice=row["voice"],
            received=row["received"],
            byline=row["byline"],
            section=row["section"],
            tags=tuple(tags.get(row["source_id"], ())),
            published=row["published"],
            modified=row["modified"],
            url=row["url"],
            image=row["image"],
            summary=row["summary"],
            confidence=row["confidence"],
            approval_required=row["approval_required"],
            report_digest=row["report_digest"],
            state=ArticleState(row["state"]),
            number=row["number"],
        )
        for row in rows
    ]


def remove_unrendered_script(connection: Connection, key: NarrationKey) -> None:
    """Remove the script of a narration that was not rendered and has no article."""
    connection.execute(
        delete(SCRIPTS).where(
            SCRIPTS.c.key == key,
            SCRIPTS.c.timings.is_(None),
            ~exists().where(ARTICLES.c.key == key),
        )
    )


def _lock_narrations(connection: Connection, keys: Iterable[NarrationKey]) -> None:
    """Hold the locks of narrations whose texts the transaction adds or removes.

    A takedown changes articles too, with the lock of their narration only.
    """
    # In one order, or two transactions could wait for each other.
    for key in sorted(set(keys)):
        lock(connection, key)


def _store(
    connection: Connection,
    revision: ArticleRevision,
    *,
    number: int,
    report_digest: str,
    content: str,
) -> None:
    source_id = revision.source_id
    row = asdict(revision) | {
        "number": number,
        "report_digest": report_digest,
        "dated": revision.dated,
        "state": _state_of(connection, revision),
    }
    del row["tags"]
    upsert(connection, ARTICLES, **row)
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
    connection.execute(
        insert(REVISIONS).values(
            source_id=source_id,
            number=number,
            key=revision.key,
            digest=content,
            received=now(),
        )
    )


def _state_of(connection: Connection, revision: ArticleRevision) -> ArticleState:
    if waits_for_approval(connection, revision):
        return ArticleState.AWAITING_APPROVAL
    return state_of_narration(connection, revision.key)


def _find(connection: Connection, source_id: str) -> ArticleRevision | None:
    query = select(ARTICLES).where(ARTICLES.c.source_id == source_id)
    rows = connection.execute(query).mappings().all()
    return next(iter(revisions_of(connection, rows)), None)


def _require(revision: ArticleRevision | None) -> ArticleRevision:
    if revision is None:
        raise ArticleNotFound("There is no article of this id; PUT it first.")
    return revision


def _has_content(
    connection: Connection, revision: ArticleRevision, content: str
) -> bool:
    row = _find_row(connection, revision.source_id, revision.number)
    return row is not None and row.digest == content


def _find_row(
    connection: Connection, source_id: str, number: int
) -> Row[tuple[object, ...]] | None:
    query = REVISIONS.select().where(
        REVISIONS.c.source_id == source_id, REVISIONS.c.number == number
    )
    return connection.execute(query).first()


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
