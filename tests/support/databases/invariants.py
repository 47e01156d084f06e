"""What holds in a database and its library after any fault or interleaving."""

import hashlib

from sqlalchemy import Connection, func, or_, select, text

from tests.support.storage import names
from workers.database import Database
from workers.database.tables import (
    ARTICLE_TAGS,
    ARTICLES,
    AUDIO,
    CLEANING_REPORTS,
    NARRATIONS,
    REVISIONS,
    SCRIPTS,
    WITHDRAWALS,
)
from workers.storage.archive import Archive
from workers.storage.article_states import ArticleState
from workers.storage.audio_files import AudioState, read_usage, remove_discarded
from workers.storage.narration_rows import find_record


def require_invariants(archive: Archive) -> None:
    """Fail unless database and library agree, and every text has its reason."""
    remove_discarded(archive.database, archive.library.narrations)
    with archive.database.read() as connection:
        require_intact(connection)
        _require_audio_of_each_row(connection, archive)
        _require_usage(connection)
        require_whole_articles(connection)
        _require_erased_withdrawals(connection)


def abandon_unfinished_files(database: Database) -> None:
    """Make every file that a killed process was writing two hours old."""
    with database.write() as connection:
        connection.execute(
            AUDIO.update()
            .where(AUDIO.c.state == AudioState.STORING)
            .values(used=func.datetime("now", "-2 hours"))
            if connection.dialect.name == "sqlite"
            else AUDIO.update()
            .where(AUDIO.c.state == AudioState.STORING)
            .values(used=text("now() - interval '2 hours'"))
        )


def require_intact(connection: Connection) -> None:
    """Fail if SQLite finds a fault in its file."""
    if connection.dialect.name == "sqlite":
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def _require_audio_of_each_row(connection: Connection, archive: Archive) -> None:
    store = archive.library.narrations
    rows = connection.execute(select(AUDIO)).all()
    assert {row.state for row in rows} <= {AudioState.STORED}, rows
    # No blob is left over, and none is missing.
    assert names(store.list()) == sorted(row.name for row in rows)
    for row in rows:
        mp3 = store.read(row.name)
        assert mp3 is not None
        assert (len(mp3), hashlib.sha256(mp3).hexdigest()) == (row.bytes, row.sha256)


def _require_usage(connection: Connection) -> None:
    stored = connection.scalar(select(func.coalesce(func.sum(AUDIO.c.bytes), 0)))
    assert read_usage(connection) == int(stored or 0)


def require_whole_articles(connection: Connection) -> None:
    """Fail unless each article has its script and all its revisions."""
    scripts = set(connection.scalars(select(SCRIPTS.c.key)))
    for article in connection.execute(select(ARTICLES)):
        is_erased = article.state == ArticleState.WITHDRAWN
        assert is_erased or article.key in scripts, article.source_id
        if article.state in {ArticleState.READY, ArticleState.UNFINISHED}:
            heard = find_record(connection, article.key) is not None
            assert heard == (article.state == ArticleState.READY), article.source_id
        is_ready = article.state == ArticleState.READY
        assert is_ready == (article.playing == article.key), article.source_id
        if article.playing:
            assert find_record(connection, article.playing), article.source_id
        if article.state in {ArticleState.OFF, ArticleState.WITHDRAWN}:
            assert article.playing is None, article.source_id
        numbers = select(REVISIONS.c.number).where(
            REVISIONS.c.source_id == article.source_id
        )
        assert sorted(connection.scalars(numbers)) == [*range(1, article.number + 1)]
    timed = select(SCRIPTS.c.key).where(SCRIPTS.c.timings.is_not(None))
    assert set(connection.scalars(select(NARRATIONS.c.key))) == set(
        connection.scalars(timed)
    )


def _require_erased_withdrawals(connection: Connection) -> None:
    withdrawn = select(WITHDRAWALS.c.key)
    for table in (NARRATIONS, SCRIPTS, CLEANING_REPORTS):
        left = select(table.c.key).where(table.c.key.in_(withdrawn))
        assert connection.scalars(left).all() == [], table.name
    articles = select(ARTICLES.c.source_id).where(ARTICLES.c.key.in_(withdrawn))
    texts = articles.where(
        or_(ARTICLES.c.state != ArticleState.WITHDRAWN, ARTICLES.c.title.is_not(None)),
    )
    assert connection.scalars(texts).all() == []
    tags = select(ARTICLE_TAGS.c.tag).where(ARTICLE_TAGS.c.source_id.in_(articles))
    assert connection.scalars(tags).all() == []
