"""The archive of finished narrations: audio and record, stored together."""

import hashlib
from collections.abc import Container
from contextlib import nullcontext, suppress
from datetime import UTC, datetime

from pydantic import TypeAdapter
from redis import Redis

from voices.sentence import Script
from workers.errors import NarrationWithdrawn, StorageFailed
from workers.narration import Narration, NarrationKey, NarrationRecord
from workers.settings import WorkerSettings
from workers.storage.audio_owners import NARRATIONS, AudioOwners
from workers.storage.blobs import Library, is_in_redis, open_library
from workers.storage.data_version import require_data_version
from workers.storage.quota import Quota, QuotaStore
from workers.storage.records import DiskRecords, Records, RedisRecords, read_record

_WITHDRAWALS = "withdrawals"
_RECORD = TypeAdapter(NarrationRecord)


class Archive:
    """Finished narrations: an MP3 in the library, and a record of each."""

    def __init__(
        self, library: Library, records: Records, quota: Quota | None = None
    ) -> None:
        """Store audio in `library` and metadata in `records`, within `quota` if any."""
        self.library = library
        self._records = records
        self._quota = quota
        self._owners = AudioOwners(records)

    def within(self, quota: Quota | None) -> "Archive":
        """Return the same archive within a quota."""
        if quota is None:
            return self
        segments = QuotaStore(self.library.segments, quota)
        library = Library(self.library.narrations, segments)
        return Archive(library, self._records, quota)

    def find(self, key: NarrationKey) -> NarrationRecord | None:
        """Return the record of a narration whose MP3 exists; None if withdrawn.

        Raises:
            StorageFailed: The archive cannot be read.
        """
        record = self.find_record(key)
        if record is None:
            return None
        size = self.library.narrations.size(audio_name(record.sha256))
        return record if size == record.bytes else None

    def find_record(self, key: NarrationKey) -> NarrationRecord | None:
        """Return the record even if its MP3 was evicted; None if withdrawn.

        Raises:
            StorageFailed: The archive cannot be read.
        """
        document = self._records.find(NARRATIONS, key)
        if document is None or self.is_withdrawn(key):
            return None
        return read_record(_RECORD, NARRATIONS, key, document)

    def store(
        self, key: NarrationKey, script: Script, voice: str, narration: Narration
    ) -> NarrationRecord:
        """Store a finished narration; return its record, or that of the first writer.

        Audio is written before the record, which implies that it exists.  The record
        decides which audio is the narration, so listeners never hear two versions.

        Raises:
            NarrationWithdrawn: It was taken down.
            LibraryFull: Pinned narrations fill the quota.
            StorageFailed: The archive cannot be written.
        """
        self.require_not_withdrawn(key)
        record = NarrationRecord(
            key=key,
            voice=voice,
            engine=narration.engine,
            repeatable=narration.repeatable,
            sha256=hashlib.sha256(narration.mp3).hexdigest(),
            bytes=len(narration.mp3),
            samples=narration.samples,
            rate=narration.rate,
            timings=narration.timings,
            script=script,
        )
        with self._quota.reserve(record.bytes) if self._quota else nullcontext():
            self._put(record.sha256, narration.mp3)
            self._owners.note(record.sha256, key)
            kept = self._record(record)
        # A withdrawal writes the tombstone first, then erases: at least one of the two
        # calls sees the other.
        if self.is_withdrawn(key):
            self._erase(key)
            self.require_not_withdrawn(key)
        return kept

    def read(
        self, record: NarrationRecord, start: int = 0, length: int | None = None
    ) -> bytes:
        """Return the MP3, or `length` bytes from `start`; update its last use.

        Raises:
            StorageFailed: The audio is missing or damaged, or cannot be read.
        """
        name = audio_name(record.sha256)
        wanted = record.bytes if length is None else length
        mp3 = self.library.narrations.read(name, start, wanted)
        if mp3 is None:
            message = (
                f"The audio of narration {record.key} is missing; request it again."
            )
            raise StorageFailed(message)
        expected = max(0, min(wanted, record.bytes - start))
        whole = len(mp3) == record.bytes
        is_false = whole and hashlib.sha256(mp3).hexdigest() != record.sha256
        if len(mp3) != expected or is_false:
            message = f"The audio file {record.sha256} is damaged; delete it."
            raise StorageFailed(message)
        with suppress(StorageFailed):  # a read-only disk can still be played from
            self.library.narrations.touch(name)
        return mp3

    def withdraw(self, key: NarrationKey) -> None:
        """Take a narration down: it can be neither found nor stored until restored.

        Erases its script, audio and segments.  A call after an interrupted one
        completes it.

        Raises:
            StorageFailed: The archive cannot be written.
        """
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._records.create(_WITHDRAWALS, key, {"key": key, "since": since})
        self._erase(key)

    def restore(self, key: NarrationKey) -> None:
        """Lift the withdrawal of a narration; raises StorageFailed."""
        self._records.remove(_WITHDRAWALS, key)

    def is_withdrawn(self, key: NarrationKey) -> bool:
        """Return whether a narration was taken down; raises StorageFailed."""
        return self._records.find(_WITHDRAWALS, key) is not None

    def audio_of(self, keys: Container[NarrationKey]) -> set[str]:
        """Return the blob names of these narrations' audio; raises StorageFailed."""
        return {audio_name(sha256) for sha256 in self._owners.files_of(keys)}

    def require_not_withdrawn(self, key: NarrationKey) -> None:
        """Raise NarrationWithdrawn if a narration was taken down."""
        if self.is_withdrawn(key):
            message = (
                f'Narration {key} was withdrawn; send its article with "restore": true'
                " to render it again."
            )
            raise NarrationWithdrawn(message)

    def _put(self, sha256: str, mp3: bytes) -> None:
        store, name = self.library.narrations, audio_name(sha256)
        if store.put_if_absent(name, mp3):
            return
        if store.size(name) == len(mp3):
            store.touch(name)
        else:  # it was damaged
            store.remove(name)
            store.put_if_absent(name, mp3)

    def _record(self, record: NarrationRecord) -> NarrationRecord:
        """Create the record, unless there is one whose audio is there."""
        document = _RECORD.dump_python(record, mode="json")
        if self._records.create(NARRATIONS, record.key, document):
            return record
        first = self.find(record.key)
        if first is None:  # its audio was evicted
            self._records.replace(NARRATIONS, record.key, document)
        return first or record

    def _erase(self, key: NarrationKey) -> None:
        # Before the record is removed, which may be the only source.
        files = self._owners.files_of({key})
        self._records.remove(NARRATIONS, key)
        for sha256 in files:
            self._remove_unless_shared(sha256, key)
            self._owners.forget(sha256, key)
            # Of two concurrent removals, each saw the other before this.
            self._remove_unless_shared(sha256, key)
        for segment in self.library.segments.list(key):
            self.library.segments.remove(segment.name)

    def _remove_unless_shared(self, sha256: str, key: NarrationKey) -> None:
        if not self._owners.has_others(sha256, key):
            self.library.narrations.remove(audio_name(sha256))


def audio_name(sha256: str) -> str:
    """Return the blob name of a finished file."""
    return f"{sha256[:2]}/{sha256}.mp3"


def open_archive(settings: WorkerSettings) -> Archive:
    """Open the library and the records of the settings.

    Raises:
        StorageFailed: They cannot be opened.
        DataFolderTooNew: A newer version of the program wrote the data folder.
    """
    library = open_library(settings.library_address, settings.data, settings.redis_url)
    return Archive(library, open_records(settings))


def open_records(settings: WorkerSettings) -> Records:
    """Open the records: in Redis if the library is there, otherwise on disk.

    Raises:
        StorageFailed: They cannot be opened.
        DataFolderTooNew: A newer version of the program wrote the data folder.
    """
    if is_in_redis(settings.library_address):
        return RedisRecords(Redis.from_url(settings.library_address))
    require_data_version(settings.data)
    return DiskRecords(settings.records_folder)
