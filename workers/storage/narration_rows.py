"""Rows of narrations: read and write metadata, scripts and timings.

Every function works in the transaction of its caller.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, select, update

from workers.database.columns import now
from workers.database.insert import insert_if_absent, upsert
from workers.database.script_codec import (
    pack_script,
    pack_timings,
    unpack_script,
    unpack_timings,
)
from workers.database.tables import AUDIO, NARRATIONS, SCRIPTS
from workers.narration import (
    JobSpec,
    NarrationKey,
    NarrationRecord,
    Timing,
    Transcript,
)
from workers.storage.audio_files import AudioState


def find_record(connection: Connection, key: NarrationKey) -> NarrationRecord | None:
    """Return the record of a narration; None if withdrawn or its audio is evicted."""
    return find_records(connection, [key]).get(key)


def find_records(
    connection: Connection, keys: Iterable[NarrationKey]
) -> dict[NarrationKey, NarrationRecord]:
    """Return the records of the narrations that have audio, by key."""
    stored = and_(
        AUDIO.c.sha256 == NARRATIONS.c.sha256, AUDIO.c.state == AudioState.STORED
    )
    # An outer join: with an inner one, SQLite reads all files to find those of a list.
    query = (
        select(NARRATIONS, AUDIO.c.name, AUDIO.c.used)
        .outerjoin(AUDIO, stored)
        .where(NARRATIONS.c.key.in_(list(keys)))
    )
    return {
        row.key: NarrationRecord(
            key=row.key,
            voice=row.voice,
            engine=row.engine,
            repeatable=row.repeatable,
            sha256=row.sha256,
            audio=row.name,
            bytes=row.bytes,
            samples=row.samples,
            rate=row.rate,
            sentences=row.sentences,
            title=row.title,
            used=row.used,
        )
        for row in connection.execute(query)
        if row.name is not None
    }


def was_rendered(connection: Connection, key: NarrationKey) -> bool:
    """Return whether a narration was finished once and is not withdrawn."""
    query = select(NARRATIONS.c.key).where(NARRATIONS.c.key == key)
    return connection.execute(query).first() is not None


def find_spec(connection: Connection, key: NarrationKey) -> JobSpec | None:
    """Return the job spec of a narration that was stored or that an article has."""
    query = select(SCRIPTS.c.voice, SCRIPTS.c.script, SCRIPTS.c.speed).where(
        SCRIPTS.c.key == key
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return JobSpec(key, row.voice, unpack_script(row.script), row.speed)


def find_transcript(
    connection: Connection, record: NarrationRecord
) -> Transcript | None:
    """Return the script and timings of a narration; None if it was withdrawn."""
    query = select(SCRIPTS.c.script, SCRIPTS.c.timings).where(
        SCRIPTS.c.key == record.key, SCRIPTS.c.timings.is_not(None)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Transcript(
        unpack_script(row.script), unpack_timings(row.timings), record.rate
    )


def save_spec(connection: Connection, spec: JobSpec) -> None:
    """Store what a narration needs to be rendered, unless it is stored."""
    insert_if_absent(
        connection,
        SCRIPTS,
        key=spec.key,
        voice=spec.voice,
        speed=spec.speed,
        script=pack_script(spec.script),
    )


def store_rows(
    connection: Connection,
    record: NarrationRecord,
    spec: JobSpec,
    timings: tuple[Timing, ...],
) -> None:
    """Store the metadata, the script and the timings of a finished narration."""
    save_spec(connection, spec)
    connection.execute(
        update(SCRIPTS)
        .where(SCRIPTS.c.key == record.key)
        .values(timings=pack_timings(timings))
    )
    upsert(
        connection,
        NARRATIONS,
        key=record.key,
        voice=record.voice,
        engine=record.engine,
        repeatable=record.repeatable,
        sha256=record.sha256,
        bytes=record.bytes,
        samples=record.samples,
        rate=record.rate,
        sentences=record.sentences,
        title=record.title,
        created=now(),
    )
