"""Store what was cut from the texts of narrations.

A narration's key says what is heard, so texts with different cuts may share one: each
of their reports is stored, by its digest.
"""

import hashlib
import json
import zlib

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, update

from service.cleaning import Cut
from service.cleaning.report import CleaningReport
from service.errors import CutsNotFound
from workers.database import Database, lock
from workers.database.columns import now
from workers.database.insert import insert_if_absent
from workers.database.tables import CLEANING_REPORTS
from workers.narration import NarrationKey
from workers.storage.withdrawals import require_not_withdrawn

_REPORT = TypeAdapter(CleaningReport)


def save_latest_report(
    database: Database, key: NarrationKey, report: CleaningReport
) -> None:
    """Store the report of the text that was sent last for a narration.

    Raises:
        NarrationWithdrawn: It was taken down meanwhile; nothing is stored.
        StorageFailed: The database cannot be read or written.
    """
    digest = _digest(_pack(report))
    latest = select(CLEANING_REPORTS.c.digest).where(CLEANING_REPORTS.c.key == key)
    latest = latest.order_by(CLEANING_REPORTS.c.received.desc()).limit(1)
    with database.read() as connection:
        require_not_withdrawn(connection, key)
        if connection.execute(latest).scalar() == digest:
            return
    with database.write() as connection:
        lock(connection, key)
        require_not_withdrawn(connection, key)
        save_report(connection, key, report)


def save_report(
    connection: Connection, key: NarrationKey, report: CleaningReport
) -> str:
    """Store a report as the latest of a narration; return its digest."""
    content = _pack(report)
    digest = _digest(content)
    if not insert_if_absent(
        connection,
        CLEANING_REPORTS,
        key=key,
        digest=digest,
        report=content,
        received=now(),
    ):
        connection.execute(
            update(CLEANING_REPORTS)
            .where(CLEANING_REPORTS.c.key == key, CLEANING_REPORTS.c.digest == digest)
            .values(received=now())
        )
    return digest


def find_report(
    database: Database, key: NarrationKey, digest: str | None = None
) -> CleaningReport | None:
    """Return the report with this digest, or the latest of a narration, if any.

    Raises:
        StorageFailed: The database cannot be read.
    """
    query = select(CLEANING_REPORTS.c.report).where(CLEANING_REPORTS.c.key == key)
    if digest is not None:
        query = query.where(CLEANING_REPORTS.c.digest == digest)
    query = query.order_by(CLEANING_REPORTS.c.received.desc()).limit(1)
    with database.read() as connection:
        content = connection.execute(query).scalar()
    return None if content is None else _REPORT.validate_json(zlib.decompress(content))


def require_cuts(report: CleaningReport | None) -> tuple[Cut, ...]:
    """Return the cuts of a report.

    Raises:
        CutsNotFound: There is no report.
    """
    if report is None:
        message = "What was cut from it is not recorded; send the article again."
        raise CutsNotFound(message)
    return report.cuts


def _pack(report: CleaningReport) -> bytes:
    document = _REPORT.dump_python(report, mode="json")
    # ASCII, because a line may have a lone surrogate.
    compact = json.dumps(document, separators=(",", ":"))
    return zlib.compress(compact.encode("ascii"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
