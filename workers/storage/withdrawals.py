"""Withdraw narrations: a tombstone instead of audio, script, reports and article text.

A takedown is of what is said, not of one file: the same words and the same article are
refused under every other key too, until they are restored.

Every function works in the transaction of its caller, so that a takedown is one step.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from workers.database import lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent, upsert
from workers.database.script_codec import unpack_script
from workers.database.tables import (
    ARTICLE_TAGS,
    ARTICLES,
    CLEANING_REPORTS,
    NARRATIONS,
    SCRIPTS,
    WITHDRAWALS,
    WITHDRAWN_ARTICLES,
)
from workers.errors import NarrationWithdrawn
from workers.narration import JobSpec, NarrationKey, text_digest
from workers.storage.article_states import (
    ArticleState,
    hold_articles,
    stop_playing,
)
from workers.storage.audio_files import discard_unless_used

_ERASED_FIELDS = ("title", "byline", "section", "url", "image", "summary")


def withdraw(
    connection: Connection, key: NarrationKey, spec: JobSpec | None = None
) -> None:
    """Write the tombstone of a narration; erase its audio and all of its text.

    That is its script, its reports, and the text of the articles whose latest revision
    has it.  An article that plays it until a later revision is ready plays nothing.

    Its file is kept if another narration sounds the same.  The blob is removed by
    `workers.storage.audio_files.remove_discarded`.  `spec` is that of a job whose
    script is not stored yet.
    """
    lock(connection, key)
    digest = _stored_digest(connection, key)
    if digest is None and spec is not None:
        digest = text_digest(spec.script)
    _lock_text(connection, digest)
    # First the rows of articles, then the script, as a revision is stored.  In another
    # order, the two would wait for each other.
    hold_articles(connection, [key])
    _refuse_articles(connection, key)
    erase_text(connection, key)
    stop_playing(connection, [key])
    insert_if_absent(connection, WITHDRAWALS, key=key, since=now(), text_digest=digest)
    sha256 = connection.execute(
        delete(NARRATIONS).where(NARRATIONS.c.key == key).returning(NARRATIONS.c.sha256)
    ).scalar()
    connection.execute(delete(SCRIPTS).where(SCRIPTS.c.key == key))
    connection.execute(delete(CLEANING_REPORTS).where(CLEANING_REPORTS.c.key == key))
    if sha256 is not None:
        lock(connection, sha256)
        discard_unless_used(connection, sha256)


def erase_text(
    connection: Connection, key: NarrationKey, before: datetime | None = None
) -> None:
    """Erase all text from the articles with a narration.

    Their ids, voices and dates stay.  With `before`, only from those dated earlier.
    """
    hold_articles(connection, [key])
    has_it = ARTICLES.c.key == key
    if before is not None:
        has_it = and_(has_it, ARTICLES.c.dated < before)
    erased = dict.fromkeys(_ERASED_FIELDS) | {
        "state": ArticleState.WITHDRAWN,
        "report_digest": None,
        "confidence": None,
        "approval_required": False,
        "playing": None,
    }
    articles = select(ARTICLES.c.source_id).where(has_it)
    connection.execute(
        delete(ARTICLE_TAGS).where(ARTICLE_TAGS.c.source_id.in_(articles))
    )
    connection.execute(update(ARTICLES).where(has_it).values(erased))


def restore(
    connection: Connection, spec: JobSpec, source_id: str | None = None
) -> None:
    """Lift the withdrawals of a narration, of its words, and of an article."""
    lock(connection, spec.key)
    lifted = delete(WITHDRAWALS).where(_has_said(spec)).returning(WITHDRAWALS.c.key)
    keys = connection.execute(lifted).scalars().all()
    connection.execute(
        delete(WITHDRAWN_ARTICLES).where(
            or_(
                WITHDRAWN_ARTICLES.c.key.in_(keys),
                WITHDRAWN_ARTICLES.c.source_id == source_id,
            )
        )
    )


def require_allowed(
    connection: Connection, spec: JobSpec, source_id: str | None = None
) -> None:
    """Raise NarrationWithdrawn if the words or the article were taken down."""
    if connection.execute(select(WITHDRAWALS.c.key).where(_has_said(spec))).first():
        raise narration_withdrawn(spec.key)
    article = select(WITHDRAWN_ARTICLES.c.key).where(
        WITHDRAWN_ARTICLES.c.source_id == source_id
    )
    if source_id is not None and connection.execute(article).first():
        message = (
            f'The article {source_id} was withdrawn; send it with "restore": true to'
            " narrate it again."
        )
        raise NarrationWithdrawn(message)


def lock_text(connection: Connection, spec: JobSpec) -> None:
    """Have takedowns of the same words wait until the transaction ends."""
    _lock_text(connection, text_digest(spec.script))


def _has_said(spec: JobSpec) -> ColumnElement[bool]:
    digest = text_digest(spec.script)
    is_same = WITHDRAWALS.c.key == spec.key
    if digest is None:
        return is_same
    return or_(is_same, WITHDRAWALS.c.text_digest == digest)


def _lock_text(connection: Connection, digest: str | None) -> None:
    if digest is not None:
        lock(connection, f"text:{digest}")


def _refuse_articles(connection: Connection, key: NarrationKey) -> None:
    articles = select(ARTICLES.c.source_id).where(ARTICLES.c.key == key)
    for source_id in connection.execute(articles).scalars().all():
        upsert(connection, WITHDRAWN_ARTICLES, source_id=source_id, key=key)


def _stored_digest(connection: Connection, key: NarrationKey) -> str | None:
    packed = connection.scalar(select(SCRIPTS.c.script).where(SCRIPTS.c.key == key))
    return text_digest(unpack_script(packed)) if packed else None


def is_withdrawn(connection: Connection, key: NarrationKey) -> bool:
    """Return whether a narration was taken down."""
    query = select(WITHDRAWALS.c.key).where(WITHDRAWALS.c.key == key)
    return connection.execute(query).first() is not None


def require_not_withdrawn(connection: Connection, key: NarrationKey) -> None:
    """Raise NarrationWithdrawn if a narration was taken down."""
    if is_withdrawn(connection, key):
        raise narration_withdrawn(key)


def narration_withdrawn(key: NarrationKey) -> NarrationWithdrawn:
    """Return the error of a narration that was taken down."""
    return NarrationWithdrawn(
        f'Narration {key} was withdrawn; send its article with "restore": true to'
        " render it again."
    )
