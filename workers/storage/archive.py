"""What has been made: audio and its record, kept and found together."""

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
from workers.storage.blobs import Library, library_folder, open_library
from workers.storage.data_version import require_data_version
from workers.storage.quota import Quota, QuotaStore
from workers.storage.records import DiskRecords, Records, RedisRecords, read_record

_WITHDRAWALS = "withdrawals"
_RECORDING = TypeAdapter(NarrationRecord)


class Archive:
    """Finished narrations: an MP3 in the library, a record beside it."""

    def __init__(
        self, library: Library, records: Records, room: Quota | None = None
    ) -> None:
        """Keep audio in `library` and what is known of it in `records`.

        Room is made in `room` for what is kept; None sets no limit.
        """
        self.library = library
        self._records = records
        self._room = room
        self._owners = AudioOwners(records)

    def within(self, room: Quota | None) -> "Archive":
        """Return the same archive, in which room is made for whatever comes."""
        if room is None:
            return self
        parts = QuotaStore(self.library.segments, room)
        library = Library(self.library.narrations, parts)
        return Archive(library, self._records, room)

    def find(self, key: NarrationKey) -> NarrationRecord | None:
        """Return what is known of a finished narration; None unless its MP3 is there.

        None also for one that is withdrawn.  Raises StorageFailed.
        """
        recording = self.find_record(key)
        if recording is None:
            return None
        size = self.library.narrations.size(audio_name(recording.sha256))
        return recording if size == recording.bytes else None

    def find_record(self, key: NarrationKey) -> NarrationRecord | None:
        """Return what is known of a narration, also when its MP3 had to make room.

        None for one that is withdrawn.  Raises StorageFailed.
        """
        document = self._records.find(NARRATIONS, key)
        if document is None or self.is_withdrawn(key):
            return None
        return read_record(_RECORDING, NARRATIONS, key, document)

    def store(
        self, key: NarrationKey, script: Script, voice: str, narration: Narration
    ) -> NarrationRecord:
        """Keep a finished narration; when another got there first, theirs stays.

        Audio comes first: a record promises that it is there.  The record decides
        which audio is the narration, so a listener never hears two.  Returns what is
        kept; raises NarrationWithdrawn, LibraryFull, StorageFailed.
        """
        self._require_welcome(key)
        recording = NarrationRecord(
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
        with self._room.reserve(recording.bytes) if self._room else nullcontext():
            self._put(recording.sha256, narration.mp3)
            self._owners.note(recording.sha256, key)
            kept = self._record(recording)
        # Whoever withdraws writes the tombstone first and erases then: one of us two
        # sees what the other did.
        if self.is_withdrawn(key):
            self._erase(key)
            self._require_welcome(key)
        return kept

    def read(
        self, recording: NarrationRecord, start: int = 0, length: int | None = None
    ) -> bytes:
        """Return the MP3, or `length` bytes from `start`, and note that it was heard.

        Raises StorageFailed, also when the audio has gone.
        """
        name = audio_name(recording.sha256)
        wanted = recording.bytes if length is None else length
        mp3 = self.library.narrations.read(name, start, wanted)
        if mp3 is None:
            message = f"The audio of narration {recording.key} has gone; ask again."
            raise StorageFailed(message)
        due = max(0, min(wanted, recording.bytes - start))
        whole = len(mp3) == recording.bytes
        false = whole and hashlib.sha256(mp3).hexdigest() != recording.sha256
        if len(mp3) != due or false:
            message = f"The audio file {recording.sha256} is damaged; delete it."
            raise StorageFailed(message)
        with suppress(StorageFailed):  # a disk that is read-only can be listened to
            self.library.narrations.touch(name)
        return mp3

    def withdraw(self, key: NarrationKey) -> None:
        """Take a narration down: it is not found nor kept until it is restored.

        Its words, its audio and its parts are erased.  A call that was broken off is
        finished by the next one.  Raises StorageFailed.
        """
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._records.create(_WITHDRAWALS, key, {"key": key, "since": since})
        self._erase(key)

    def restore(self, key: NarrationKey) -> None:
        """Let a narration be made again that was withdrawn; raises StorageFailed."""
        self._records.remove(_WITHDRAWALS, key)

    def is_withdrawn(self, key: NarrationKey) -> bool:
        """Whether a narration was taken down; raises StorageFailed."""
        return self._records.find(_WITHDRAWALS, key) is not None

    def audio_of(self, keys: Container[NarrationKey]) -> set[str]:
        """Return the names in the library of these narrations' audio.

        Raises StorageFailed.
        """
        return {audio_name(sha256) for sha256 in self._owners.files_of(keys)}

    def _require_welcome(self, key: NarrationKey) -> None:
        if self.is_withdrawn(key):
            message = f"Narration {key} was withdrawn; restore it to have it read."
            raise NarrationWithdrawn(message)

    def _put(self, sha256: str, mp3: bytes) -> None:
        shelf, name = self.library.narrations, audio_name(sha256)
        if shelf.put_if_absent(name, mp3):
            return
        if shelf.size(name) == len(mp3):
            shelf.touch(name)
        else:  # it was damaged
            shelf.remove(name)
            shelf.put_if_absent(name, mp3)

    def _record(self, recording: NarrationRecord) -> NarrationRecord:
        """Create the record, unless there is one whose audio is there."""
        document = _RECORDING.dump_python(recording, mode="json")
        if self._records.create(NARRATIONS, recording.key, document):
            return recording
        first = self.find(recording.key)
        if first is None:  # its audio is gone from the library
            self._records.replace(NARRATIONS, recording.key, document)
        return first or recording

    def _erase(self, key: NarrationKey) -> None:
        # Asked before the record goes, which may be all that tells.
        files = self._owners.files_of({key})
        self._records.remove(NARRATIONS, key)
        for sha256 in files:
            self._remove_unless_shared(sha256, key)
            self._owners.forget(sha256, key)
            # Of two that go at once each has seen the other.
            self._remove_unless_shared(sha256, key)
        for part in self.library.segments.list(key):
            self.library.segments.remove(part.name)

    def _remove_unless_shared(self, sha256: str, key: NarrationKey) -> None:
        if not self._owners.has_others(sha256, key):
            self.library.narrations.remove(audio_name(sha256))


def audio_name(sha256: str) -> str:
    """Return where a finished file lies on the shelf of narrations."""
    return f"{sha256[:2]}/{sha256}.mp3"


def open_archive(settings: WorkerSettings) -> Archive:
    """Open the library and the records that the settings name.

    Raises StorageFailed, DataFolderTooNew.
    """
    return Archive(open_library(settings.library_address), open_records(settings))


def open_records(settings: WorkerSettings) -> Records:
    """Open the records, which lie beside the library.

    Raises StorageFailed, DataFolderTooNew.
    """
    if library_folder(settings.library_address) is None:
        return RedisRecords(Redis.from_url(settings.library_address))
    require_data_version(settings.data)
    return DiskRecords(settings.records_folder)
