"""What has been made: audio and its record, kept and found together."""

import hashlib

from pydantic import TypeAdapter

from voices.sentence import Script
from workers.errors import StorageFailed
from workers.library import Library, open_library
from workers.narration import Narration, NarrationKey, Recording
from workers.records import DiskRecords, Records, read_record
from workers.settings import Settings

_KIND = "recordings"
_RECORDING = TypeAdapter(Recording)


class Archive:
    """Finished narrations: an MP3 in the library, a record beside it."""

    def __init__(self, library: Library, records: Records) -> None:
        """Keep audio in `library` and what is known of it in `records`."""
        self.library = library
        self._records = records

    def find(self, key: NarrationKey) -> Recording | None:
        """Return what is known of a finished narration; None unless its MP3 is there.

        Raises StorageFailed.
        """
        document = self._records.find(_KIND, key)
        if document is None:
            return None
        recording = read_record(_RECORDING, _KIND, key, document)
        size = self.library.size(recording.sha256)
        return recording if size == recording.bytes else None

    def keep(
        self, key: NarrationKey, script: Script, voice: str, narration: Narration
    ) -> Recording:
        """Keep a finished narration; when another got there first, theirs stays.

        Audio comes first: a record promises that it is there.  The record decides
        which audio is the narration, so a listener never hears two.  Returns what is
        kept; raises StorageFailed.
        """
        sha256 = hashlib.sha256(narration.mp3).hexdigest()
        self.library.keep(sha256, narration.mp3)
        recording = Recording(
            key=key,
            voice=voice,
            engine=narration.engine,
            repeatable=narration.repeatable,
            sha256=sha256,
            bytes=len(narration.mp3),
            samples=narration.samples,
            rate=narration.rate,
            timings=narration.timings,
            script=script,
        )
        document = _RECORDING.dump_python(recording, mode="json")
        if self._records.create(_KIND, key, document):
            return recording
        first = self.find(key)
        if first is None:  # its audio is gone from the library
            self._records.replace(_KIND, key, document)
        return first or recording

    def read(
        self, recording: Recording, start: int = 0, length: int | None = None
    ) -> bytes:
        """Return the MP3, or `length` bytes from `start`.

        Raises StorageFailed, also when the audio has gone.
        """
        wanted = recording.bytes if length is None else length
        mp3 = self.library.read(recording.sha256, start, wanted)
        if mp3 is None:
            message = f"The audio of narration {recording.key} has gone; ask again."
            raise StorageFailed(message)
        whole = len(mp3) == recording.bytes
        if whole and hashlib.sha256(mp3).hexdigest() != recording.sha256:
            message = f"The audio file {recording.sha256} is damaged; delete it."
            raise StorageFailed(message)
        return mp3


def open_archive(settings: Settings) -> Archive:
    """Open the library and the records that the settings name."""
    library = open_library(settings.library_address)
    return Archive(library, DiskRecords(settings.records_folder))
