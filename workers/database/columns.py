"""Types of columns: `UtcDateTime`, `StoredText`; `now`."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, with its zone; stored and returned in UTC.

    SQLite stores it as text that sorts by time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Convert a time to what the driver stores."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Convert what the driver returns to a time in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return value.replace(tzinfo=UTC)
        # psycopg returns the zone of the server.
        return value.astimezone(UTC)


class StoredText(TypeDecorator[str]):
    """Text without the characters that PostgreSQL or UTF-8 cannot represent."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - of the base class
        """Replace NUL and lone surrogates by question marks."""
        if value is None:
            return None
        return value.replace("\0", "?").encode("utf-8", "replace").decode()


def now() -> datetime:
    """Return the time in UTC, in full milliseconds."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
