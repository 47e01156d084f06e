"""Keep the state of articles, by which they are listed.

The state follows from other tables.  It is a column so that a list by state reads as
many rows as it shows.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, select, update

from workers.database import lock
from workers.database.tables import ARTICLES, AUDIO, NARRATIONS
from workers.narration import NarrationKey
from workers.storage.audio_files import AudioState


class ArticleState(StrEnum):
    """State of an article, as the database knows it."""

    READY = "ready"
    """Its narration can be heard."""

    UNFINISHED = "unfinished"
    """Its narration is queued, is rendered, or failed."""

    AWAITING_APPROVAL = "awaiting-approval"
    WITHDRAWN = "withdrawn"


def state_of_narration(connection: Connection, key: NarrationKey) -> ArticleState:
    """Return the state of an article that has this narration and does not wait."""
    query = (
        select(NARRATIONS.c.key)
        .join(AUDIO, AUDIO.c.sha256 == NARRATIONS.c.sha256)
        .where(NARRATIONS.c.key == key, AUDIO.c.state == AudioState.STORED)
        # Its eviction waits, and finds the article then.
        .with_for_update(read=True, of=AUDIO)
    )
    is_ready = connection.execute(query).first() is not None
    return ArticleState.READY if is_ready else ArticleState.UNFINISHED


def mark_ready(connection: Connection, key: NarrationKey) -> None:
    """Mark the articles that waited for the audio of a narration."""
    _mark(connection, [key], ArticleState.UNFINISHED, ArticleState.READY)


def mark_unfinished(connection: Connection, files: Sequence[str]) -> None:
    """Mark the articles whose audio is one of these files, by blob name.

    The caller holds no lock yet.
    """
    query = (
        select(NARRATIONS.c.key)
        .join(AUDIO, AUDIO.c.sha256 == NARRATIONS.c.sha256)
        .where(AUDIO.c.name.in_(files))
    )
    keys = sorted(connection.execute(query).scalars())
    for key in keys:
        lock(connection, key)
    _mark(connection, keys, ArticleState.READY, ArticleState.UNFINISHED)


def _mark(
    connection: Connection,
    keys: Sequence[NarrationKey],
    before: ArticleState,
    after: ArticleState,
) -> None:
    connection.execute(
        update(ARTICLES)
        .where(ARTICLES.c.key.in_(keys), ARTICLES.c.state == before)
        .values(state=after)
    )
