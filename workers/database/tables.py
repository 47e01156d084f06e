"""Tables of the database.

What is listed, filtered or joined is a column with an index; scripts, timings and
reports are compressed values in tables of their own, read only when they are needed.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    text,
)

from workers.database.columns import StoredText, UtcDateTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_KEY = String(32)
_SHA256 = String(64)
_SOURCE_ID = String(128)

NARRATIONS = Table(
    "narrations",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("voice", String, nullable=False),
    Column("engine", String, nullable=False),
    Column("repeatable", Boolean, nullable=False),
    Column("sha256", _SHA256, nullable=False, index=True),
    Column("bytes", BigInteger, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("rate", Integer, nullable=False),
    Column("sentences", Integer, nullable=False),
    Column("title", StoredText),
    Column("created", UtcDateTime, nullable=False),
)
"""Finished narrations.  The row stays when the audio is evicted."""

SCRIPTS = Table(
    "scripts",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("voice", String, nullable=False),
    Column("speed", Float, nullable=False),
    Column("script", LargeBinary, nullable=False),
    Column("timings", LargeBinary),
)
"""What a narration needs to be rendered and, once it is finished, when each word is
said."""

AUDIO = Table(
    "audio",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("sha256", _SHA256, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("used", UtcDateTime, nullable=False),
    Index(
        "ix_audio_sha256_stored",
        "sha256",
        unique=True,
        sqlite_where=text("state = 'stored'"),
        postgresql_where=text("state = 'stored'"),
    ),
    Index("ix_audio_state_used", "state", "used"),
)
"""Audio files of the library, including those being written or removed.

Narrations that sound the same share one.  `name` is that of the blob; `used` is the
last use, or the time of the last change of `state`.
"""

USAGE = Table(
    "usage",
    METADATA,
    Column("store", String(20), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
)
"""Sum of the bytes of the files of `audio` that are stored or being written."""

WITHDRAWALS = Table(
    "withdrawals",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("text_digest", _SHA256, index=True),
)
"""Narrations that were taken down.  None of the other tables has a text of theirs.

`text_digest` is that of the article's words (`workers.narration.text_digest`): no
narration of the same words is made by any voice.
"""

WITHDRAWN_ARTICLES = Table(
    "withdrawn_articles",
    METADATA,
    Column("source_id", _SOURCE_ID, primary_key=True),
    Column("key", _KEY, nullable=False, index=True),
)
"""Articles whose narration `key` was taken down.  The row outlives the article."""

CLEANING_REPORTS = Table(
    "cleaning_reports",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("digest", _SHA256, primary_key=True),
    Column("report", LargeBinary, nullable=False),
    Column("received", UtcDateTime, nullable=False),
)
"""What was cut from texts, by the narration that the rest gives."""

ARTICLES = Table(
    "articles",
    METADATA,
    Column("source_id", _SOURCE_ID, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("key", _KEY, nullable=False, index=True),
    Column("voice", String, nullable=False),
    Column("title", StoredText),
    Column("byline", StoredText),
    Column("section", StoredText),
    Column("published", StoredText),
    Column("modified", StoredText),
    Column("received", UtcDateTime, nullable=False),
    Column("first_received", UtcDateTime, nullable=False),
    Column("publish_at", StoredText),
    Column("dated", UtcDateTime, nullable=False),
    Column("url", StoredText),
    Column("image", StoredText),
    Column("summary", StoredText),
    Column("report_digest", _SHA256),
    Column("confidence", Float),
    Column("approval_required", Boolean, nullable=False),
    Column("policy", String(20), nullable=False),
    Column("demanded", Boolean, nullable=False),
    Column("audio", String(8), nullable=False),
    Column("state", String(20), nullable=False),
    Column("playing", _KEY, index=True),
    Index("ix_articles_dated_source_id", "dated", "source_id"),
    Index("ix_articles_state_dated", "state", "dated", "source_id"),
    Index("ix_articles_section_dated", "section", "dated", "source_id"),
    Index("ix_articles_byline_dated", "byline", "dated", "source_id"),
    Index("ix_articles_audio_dated", "audio", "dated", "source_id"),
    Index(
        "ix_articles_heard_dated",
        "audio",
        "dated",
        "source_id",
        sqlite_where=text("playing IS NOT NULL"),
        postgresql_where=text("playing IS NOT NULL"),
    ),
)
"""The latest revision of each article.

`dated` is the time from which it is public, by which it is listed; `published`,
`modified` and `publish_at` are as they were sent.  `key` is the narration of the
revision, `playing` the one that is heard until that is ready.  `state` and `playing`
are kept by `workers.storage.article_states`.
"""

ARTICLE_TAGS = Table(
    "article_tags",
    METADATA,
    Column(
        "source_id",
        _SOURCE_ID,
        ForeignKey("articles.source_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True),
    Column("tag", StoredText, nullable=False),
    Column("dated", UtcDateTime, nullable=False),
    Index("ix_article_tags_tag_dated", "tag", "dated", "source_id"),
)

REVISIONS = Table(
    "revisions",
    METADATA,
    Column(
        "source_id",
        _SOURCE_ID,
        ForeignKey("articles.source_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True),
    Column("key", _KEY, nullable=False, index=True),
    Column("digest", _SHA256, nullable=False),
    Column("modified", StoredText),
    Column("received", UtcDateTime, nullable=False),
)
"""Every revision of an article; equal ones have the same `digest`."""

APPROVALS = Table(
    "approvals",
    METADATA,
    Column(
        "source_id",
        _SOURCE_ID,
        ForeignKey("articles.source_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("key", _KEY, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
)
"""What a person allowed to be narrated: an article, as long as it sounds so."""
