"""Withdraw narrations: a tombstone instead of audio, script, reports and article text.

Every function works in the transaction of its caller, so that a takedown is one step.
"""

from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from workers.database import lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import (
    ARTICLE_TAGS,
    ARTICLES,
    CLEANING_REPORTS,
    NARRATIONS,
    SCRIPTS,
    WITHDRAWALS,
)
from workers.errors import NarrationWithdrawn
from workers.narration import NarrationKey
from workers.storage.article_states import (
    ArticleState,
    hold_articles,
    stop_playing,
)
from workers.storage.audio_files import discard_unless_used

_ERASED_FIELDS = ("title", "byline", "section", "url", "image", "summary")


def withdraw(connection: Connection, key: NarrationKey) -> None:
    """Write the tombstone of a narration; erase its audio and all of its text.

    That is its script, its reports, and the text of the articles whose latest revision
    has it.  An article that plays it until a later revision is ready plays nothing.

    Its file is kept if another narration sounds the same.  The blob is removed by
    `workers.storage.audio_files.remove_discarded`.
    """
    lock(connection, key)
    # First the rows of articles, then the script, as a revision is stored.  In another
    # order, the two would wait for each other.
    erase_text(connection, key)
    stop_playing(connection, [key])
    insert_if_absent(connection, WITHDRAWALS, key=key, since=now())
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


def restore(connection: Connection, key: NarrationKey) -> None:
    """Lift the withdrawal of a narration."""
    lock(connection, key)
    connection.execute(delete(WITHDRAWALS).where(WITHDRAWALS.c.key == key))


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
