"""The archive of finished narrations: audio in the library, rows in the database."""

import hashlib
from contextlib import suppress

from sqlalchemy import select

from workers.database import Database, lock
from workers.database.columns import now
from workers.database.tables import AUDIO, NARRATIONS
from workers.errors import NarrationWithdrawn, StorageFailed
from workers.narration import (
    JobSpec,
    Narration,
    NarrationKey,
    NarrationRecord,
    Transcript,
    title_of,
)
from workers.storage import withdrawals
from workers.storage.article_states import (
    hold_articles,
    mark_ready,
    mark_unfinished,
)
from workers.storage.audio_files import (
    AudioState,
    add_file,
    confirm_file,
    discard,
    discard_unconfirmed,
    find_stored_file,
    note_use,
    read_usage,
    remove_discarded,
)
from workers.storage.blobs import Library
from workers.storage.library_quota import LibraryQuota
from workers.storage.narration_rows import (
    find_record,
    find_spec,
    find_transcript,
    store_rows,
    was_rendered,
)


class Archive:
    """Finished narrations: an MP3 of each, its metadata, script and timings."""

    def __init__(
        self, library: Library, database: Database, quota: LibraryQuota | None = None
    ) -> None:
        """Store audio in `library`, everything else in `database`."""
        self.library = library
        self.database = database
        self.quota = quota

    def find(self, key: NarrationKey) -> NarrationRecord | None:
        """Return the record of a narration whose MP3 exists; None if withdrawn.

        Raises:
            StorageFailed: The archive cannot be read.
        """
        with self.database.read() as connection:
            record = find_record(connection, key)
        return record if record and self._is_intact(record) else None

    def find_spec(self, key: NarrationKey) -> JobSpec | None:
        """Return the job spec of a narration that was stored or that an article has.

        Raises:
            StorageFailed: The database cannot be read.
        """
        with self.database.read() as connection:
            return find_spec(connection, key)

    def find_rendered_spec(self, key: NarrationKey) -> JobSpec | None:
        """Return the job spec of a narration that was finished once.

        Raises:
            StorageFailed: The database cannot be read.
        """
        with self.database.read() as connection:
            finished = was_rendered(connection, key)
            return find_spec(connection, key) if finished else None

    def read_transcript(self, record: NarrationRecord) -> Transcript:
        """Return the script of a narration with its timings.

        Raises:
            NarrationWithdrawn: It was taken down.
            StorageFailed: The database cannot be read.
        """
        with self.database.read() as connection:
            transcript = find_transcript(connection, record)
        if transcript is None:
            raise withdrawals.narration_withdrawn(record.key)
        return transcript

    def store(self, spec: JobSpec, narration: Narration) -> NarrationRecord:
        """Store a finished narration; return its record, or that of the first writer.

        A narration that was stored once is not replaced, so listeners never hear two
        versions.

        Raises:
            NarrationWithdrawn: It was taken down.
            LibraryFull: Pinned narrations fill the quota.
            StorageFailed: The archive cannot be written.
        """
        if first := self.find(spec.key):
            return first
        sha256 = hashlib.sha256(narration.mp3).hexdigest()
        self._discard_damaged(spec.key, sha256)
        while True:
            name, is_stored = self._reserve(spec.key, sha256, len(narration.mp3))
            try:
                if not is_stored:
                    remove_discarded(self.database, self.library.narrations)
                    self.library.narrations.put_if_absent(name, narration.mp3)
                record = self._commit(
                    _record(spec, narration, sha256, name), spec, narration
                )
            except (NarrationWithdrawn, StorageFailed):
                self._give_up(name)
                raise
            remove_discarded(self.database, self.library.narrations)
            if record is not None:
                return record

    def read(
        self, record: NarrationRecord, start: int = 0, length: int | None = None
    ) -> bytes:
        """Return the MP3, or `length` bytes from `start`.

        Raises:
            StorageFailed: The audio is missing or damaged, or cannot be read.
        """
        wanted = record.bytes if length is None else length
        mp3 = self.library.narrations.read(record.audio, start, wanted)
        if mp3 is None:
            message = (
                f"The audio of narration {record.key} is missing; request it again."
            )
            raise StorageFailed(message)
        expected = max(0, min(wanted, record.bytes - start))
        whole = len(mp3) == record.bytes
        is_false = whole and hashlib.sha256(mp3).hexdigest() != record.sha256
        if len(mp3) != expected or is_false:
            message = f"The audio file {record.audio} is damaged; delete it."
            raise StorageFailed(message)
        return mp3

    def note_use(self, record: NarrationRecord) -> None:
        """Update the last use of a narration's audio, at most once per hour."""
        # A database that cannot be written can still be played from.
        with suppress(StorageFailed):
            note_use(self.database, record.audio, record.used)

    def usage(self) -> int:
        """Return the bytes of all finished narrations.

        Raises:
            StorageFailed: The database cannot be read.
        """
        with self.database.read() as connection:
            return read_usage(connection)

    def withdraw(self, key: NarrationKey, spec: JobSpec | None = None) -> None:
        """Take a narration down: it can be neither found nor stored until restored.

        Its text is erased, also that of the articles that have it.  A call after an
        interrupted one completes it.  `spec` is that of a job whose script is not
        stored yet.

        Raises:
            StorageFailed: The archive cannot be written.
        """
        with self.database.write() as connection:
            withdrawals.withdraw(connection, key, spec)
        self.erase_withdrawn(key)

    def erase_withdrawn(self, key: NarrationKey) -> None:
        """Remove the audio and segments of a narration that was withdrawn.

        Nothing of its text is left in the log of the database, unless a reader has it
        open: then the next call removes it.

        Raises:
            StorageFailed: The archive cannot be written.
        """
        for segment in self.library.segments.list(key):
            self.library.segments.remove(segment.name)
        remove_discarded(self.database, self.library.narrations)
        self.database.truncate_log()

    def restore(self, spec: JobSpec, source_id: str | None = None) -> None:
        """Lift the withdrawals of a narration, its words, and an article.

        Raises:
            StorageFailed: The database cannot be written.
        """
        with self.database.write() as connection:
            withdrawals.restore(connection, spec, source_id)

    def require_allowed(self, spec: JobSpec, source_id: str | None = None) -> None:
        """Raise NarrationWithdrawn if the words or the article were taken down."""
        with self.database.read() as connection:
            withdrawals.require_allowed(connection, spec, source_id)

    def is_withdrawn(self, key: NarrationKey) -> bool:
        """Return whether a narration was taken down; raises StorageFailed."""
        with self.database.read() as connection:
            return withdrawals.is_withdrawn(connection, key)

    def require_not_withdrawn(self, key: NarrationKey) -> None:
        """Raise NarrationWithdrawn if a narration was taken down."""
        with self.database.read() as connection:
            withdrawals.require_not_withdrawn(connection, key)

    def _is_intact(self, record: NarrationRecord) -> bool:
        return self.library.narrations.size(record.audio) == record.bytes

    def _discard_damaged(self, key: NarrationKey, sha256: str) -> None:
        """Discard files that this narration would use and whose blob is damaged."""
        previous = select(NARRATIONS.c.sha256).where(NARRATIONS.c.key == key)
        with self.database.read() as connection:
            # Not in a subquery: SQLite would read all files.
            contents = {sha256, *connection.execute(previous).scalars()}
            files = select(AUDIO.c.name, AUDIO.c.bytes).where(
                AUDIO.c.sha256.in_(contents), AUDIO.c.state == AudioState.STORED
            )
            found = connection.execute(files).all()
        store = self.library.narrations
        damaged = [file.name for file in found if store.size(file.name) != file.bytes]
        if damaged:
            with self.database.write() as connection:
                mark_unfinished(connection, damaged)
                discard(connection, damaged)

    def _reserve(self, key: NarrationKey, sha256: str, size: int) -> tuple[str, bool]:
        """Return a file for this content, and whether it is stored already."""
        with self.database.write() as connection:
            withdrawals.require_not_withdrawn(connection, key)
            lock(connection, sha256)
            name = find_stored_file(connection, sha256)
            if name is not None:
                return name, True
            if self.quota:
                self.quota.make_room(connection, size)
            return add_file(connection, sha256, size), False

    def _commit(
        self, record: NarrationRecord, spec: JobSpec, narration: Narration
    ) -> NarrationRecord | None:
        """Store the rows of a narration whose file was reserved.

        Returns the record of the first writer, which may be another; None if the file
        was removed meanwhile.

        Raises:
            NarrationWithdrawn: It was taken down meanwhile.
            StorageFailed: The database cannot be written.
        """
        with self.database.write() as connection:
            lock(connection, record.key)
            hold_articles(connection, [record.key])
            lock(connection, record.sha256)
            withdrawals.require_allowed(connection, spec)
            if first := find_record(connection, record.key):
                if first.audio != record.audio:
                    discard_unconfirmed(connection, record.audio)
                return first
            other = find_stored_file(connection, record.sha256)
            if other not in {None, record.audio}:
                discard_unconfirmed(connection, record.audio)
                return None
            if not confirm_file(connection, record.audio):
                return None
            store_rows(connection, record, spec, narration.timings)
            mark_ready(connection, record.key)
        return record

    def _give_up(self, name: str) -> None:
        """Remove a file that was reserved and could not be stored."""
        # What caused the failure may prevent this too: it is then done an hour later.
        with suppress(StorageFailed):
            with self.database.write() as connection:
                discard_unconfirmed(connection, name)
            remove_discarded(self.database, self.library.narrations)


def _record(
    spec: JobSpec, narration: Narration, sha256: str, audio: str
) -> NarrationRecord:
    return NarrationRecord(
        key=spec.key,
        voice=spec.voice,
        engine=narration.engine,
        repeatable=narration.repeatable,
        sha256=sha256,
        audio=audio,
        bytes=len(narration.mp3),
        samples=narration.samples,
        rate=narration.rate,
        sentences=len(spec.script.sentences),
        title=title_of(spec.script),
        used=now(),
    )
