"""Create the tables."""

import sqlalchemy as sa
from alembic import op

from workers.database.columns import StoredText, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables, those with foreign keys last."""
    _create_articles()
    _create_audio()
    _create_cleaning_reports()
    _create_narrations()
    _create_scripts()
    _create_usage()
    _create_withdrawals()
    _create_approvals()
    _create_article_tags()
    _create_revisions()


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("voice", sa.String(), nullable=False),
        sa.Column("title", StoredText(), nullable=True),
        sa.Column("byline", StoredText(), nullable=True),
        sa.Column("section", StoredText(), nullable=True),
        sa.Column("published", StoredText(), nullable=True),
        sa.Column("modified", StoredText(), nullable=True),
        sa.Column("received", UtcDateTime(), nullable=False),
        sa.Column("first_received", UtcDateTime(), nullable=False),
        sa.Column("publish_at", StoredText(), nullable=True),
        sa.Column("dated", UtcDateTime(), nullable=False),
        sa.Column("url", StoredText(), nullable=True),
        sa.Column("image", StoredText(), nullable=True),
        sa.Column("summary", StoredText(), nullable=True),
        sa.Column("report_digest", sa.String(length=64), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("approval_required", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.String(length=20), nullable=False),
        sa.Column("demanded", sa.Boolean(), nullable=False),
        sa.Column("audio", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("playing", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("source_id", name="pk_articles"),
    )
    op.create_index(
        "ix_articles_audio_dated", "articles", ["audio", "dated", "source_id"]
    )
    op.create_index(
        "ix_articles_byline_dated", "articles", ["byline", "dated", "source_id"]
    )
    op.create_index("ix_articles_dated_source_id", "articles", ["dated", "source_id"])
    op.create_index(
        "ix_articles_heard_dated",
        "articles",
        ["audio", "dated", "source_id"],
        sqlite_where=sa.text("playing IS NOT NULL"),
        postgresql_where=sa.text("playing IS NOT NULL"),
    )
    op.create_index("ix_articles_key", "articles", ["key"])
    op.create_index("ix_articles_playing", "articles", ["playing"])
    op.create_index(
        "ix_articles_section_dated", "articles", ["section", "dated", "source_id"]
    )
    op.create_index(
        "ix_articles_state_dated", "articles", ["state", "dated", "source_id"]
    )


def _create_audio() -> None:
    op.create_table(
        "audio",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("used", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_audio"),
    )
    op.create_index(
        "ix_audio_sha256_stored",
        "audio",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("state = 'stored'"),
        postgresql_where=sa.text("state = 'stored'"),
    )
    op.create_index("ix_audio_state_used", "audio", ["state", "used"])


def _create_cleaning_reports() -> None:
    op.create_table(
        "cleaning_reports",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("received", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", "digest", name="pk_cleaning_reports"),
    )


def _create_narrations() -> None:
    op.create_table(
        "narrations",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("voice", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("repeatable", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("sentences", sa.Integer(), nullable=False),
        sa.Column("title", StoredText(), nullable=True),
        sa.Column("created", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_narrations"),
    )
    op.create_index("ix_narrations_sha256", "narrations", ["sha256"])


def _create_scripts() -> None:
    op.create_table(
        "scripts",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("voice", sa.String(), nullable=False),
        sa.Column("speed", sa.Float(), nullable=False),
        sa.Column("script", sa.LargeBinary(), nullable=False),
        sa.Column("timings", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_scripts"),
    )


def _create_usage() -> None:
    op.create_table(
        "usage",
        sa.Column("store", sa.String(length=20), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store", name="pk_usage"),
    )


def _create_withdrawals() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_withdrawals"),
    )
    op.create_index("ix_withdrawals_text_digest", "withdrawals", ["text_digest"])
    op.create_table(
        "withdrawn_articles",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name="pk_withdrawn_articles"),
    )
    op.create_index("ix_withdrawn_articles_key", "withdrawn_articles", ["key"])


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["articles.source_id"],
            name="fk_approvals_source_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "key", name="pk_approvals"),
    )


def _create_article_tags() -> None:
    op.create_table(
        "article_tags",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", StoredText(), nullable=False),
        sa.Column("dated", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["articles.source_id"],
            name="fk_article_tags_source_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "position", name="pk_article_tags"),
    )
    op.create_index(
        "ix_article_tags_tag_dated", "article_tags", ["tag", "dated", "source_id"]
    )


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("modified", StoredText(), nullable=True),
        sa.Column("received", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["articles.source_id"],
            name="fk_revisions_source_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "number", name="pk_revisions"),
    )
    op.create_index("ix_revisions_key", "revisions", ["key"])
