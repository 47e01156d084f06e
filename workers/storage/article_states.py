"""Keep what articles play, and their state, by which they are listed.

The state follows from other tables.  It is a column so that a list by state reads as
many rows as it shows.

An article plays the narration of its latest revision once that is ready, and until then
the one that it played before.  A row changes only in a transaction that holds the lock
of its `key` or of what it plays.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, or_, select, update

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
    """Its narration is requested when a person approves it."""

    AWAITING_PLAY = "awaiting-play"
    """Its narration is requested when a listener starts it."""

    OFF = "off"
    """It has no audio, by the publisher's wish."""

    WITHDRAWN = "withdrawn"


_WAITING = (ArticleState.UNFINISHED, ArticleState.AWAITING_PLAY)
"""States of articles that play their narration as soon as it is stored."""


def is_heard(connection: Connection, key: NarrationKey) -> bool:
    """Return whether the audio of a narration is stored.

    It stays stored until the transaction ends.
    """
    query = (
        select(NARRATIONS.c.key)
        .join(AUDIO, AUDIO.c.sha256 == NARRATIONS.c.sha256)
        .where(NARRATIONS.c.key == key, AUDIO.c.state == AudioState.STORED)
        # Its eviction waits, and finds the article then.
        .with_for_update(read=True, of=AUDIO)
    )
    return connection.execute(query).first() is not None


def hold_articles(connection: Connection, keys: Sequence[NarrationKey]) -> None:
    """Lock the rows of the articles that have or play one of these narrations.

    In one order, or two transactions over the same articles could wait for each other.
    """
    if connection.dialect.name != "sqlite":
        has_one = or_(ARTICLES.c.key.in_(keys), ARTICLES.c.playing.in_(keys))
        rows = select(ARTICLES.c.source_id).where(has_one)
        connection.execute(rows.order_by(ARTICLES.c.source_id).with_for_update())


def mark_ready(connection: Connection, key: NarrationKey) -> None:
    """Let the articles that waited for a narration play it.

    The caller holds their rows.
    """
    connection.execute(
        update(ARTICLES)
        .where(ARTICLES.c.key == key, ARTICLES.c.state.in_(_WAITING))
        .values(state=ArticleState.READY, playing=key)
    )


def stop_playing(connection: Connection, keys: Sequence[NarrationKey]) -> None:
    """Let no article play one of these narrations; the caller holds their rows."""
    connection.execute(
        update(ARTICLES).where(ARTICLES.c.playing.in_(keys)).values(playing=None)
    )


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
    hold_articles(connection, keys)
    connection.execute(
        update(ARTICLES)
        .where(ARTICLES.c.key.in_(keys), ARTICLES.c.state == ArticleState.READY)
        .values(state=ArticleState.UNFINISHED)
    )
    stop_playing(connection, keys)
