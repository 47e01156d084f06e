"""Store what was cut from the texts of narrations.

A narration's key says what is heard, so texts with different cuts may share one: the
report is that of the text that was sent last.
"""

from pydantic import TypeAdapter

from service.cleaning import Cut
from service.cleaning.report import CleaningReport
from service.errors import CutsNotFound
from workers.narration import NarrationKey
from workers.storage.archive import Archive
from workers.storage.records import Records, read_record

_KIND = "cleaning"
_REPORT = TypeAdapter(CleaningReport)


def save_report(
    key: NarrationKey, report: CleaningReport, archive: Archive, records: Records
) -> None:
    """Store the report of the text that was sent last for a narration.

    Raises:
        NarrationWithdrawn: It was taken down meanwhile; nothing is stored.
        StorageFailed: The records cannot be read or written.
    """
    if find_report(key, records) == report:
        return
    records.replace(_KIND, key, _REPORT.dump_python(report, mode="json"))
    if archive.is_withdrawn(key):
        erase_report(key, records)
        archive.require_not_withdrawn(key)


def find_report(key: NarrationKey, records: Records) -> CleaningReport | None:
    """Return the report by narration; None if it was not requested over HTTP.

    Raises:
        StorageFailed: The records cannot be read.
    """
    document = records.find(_KIND, key)
    return read_record(_REPORT, _KIND, key, document) if document else None


def require_cuts(report: CleaningReport | None) -> tuple[Cut, ...]:
    """Return the cuts of a report.

    Raises:
        CutsNotFound: There is no report.
    """
    if report is None:
        message = "What was cut from it is not recorded; send the article again."
        raise CutsNotFound(message)
    return report.cuts


def erase_report(key: NarrationKey, records: Records) -> None:
    """Remove the report by narration.

    Raises:
        StorageFailed: The records cannot be written.
    """
    records.remove(_KIND, key)
