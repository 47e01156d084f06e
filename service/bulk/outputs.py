"""Articles in files become audio in files: what the command line does in bulk."""

from dataclasses import dataclass
from pathlib import Path

from service.captions.webvtt import write_webvtt
from service.preparation import ArticlePreparer
from workers.audio.formats import convert
from workers.narration import NarrationRecord
from workers.rendering.produce import OpenEngine
from workers.storage.archive import Archive
from workers.storage.atomic_files import replace_file, translating_os_errors


@dataclass(frozen=True, slots=True)
class BulkContext:
    """Where narrations are made without a queue."""

    studio: ArticlePreparer
    archive: Archive
    open_engine: OpenEngine


def write_audio(recording: NarrationRecord, archive: Archive, path: Path) -> None:
    """Write a narration's audio in the format that the file's name asks for.

    Raises EncodingFailed or StorageFailed.
    """
    write_as(archive.read(recording), path)


def write_as(mp3: bytes, path: Path) -> None:
    """Write an MP3 in the format that the file's name asks for.

    Raises EncodingFailed or StorageFailed.
    """
    _write(path, convert(mp3, path.suffix.removeprefix(".").lower()))


def write_captions(recording: NarrationRecord, path: Path) -> None:
    """Write a narration's captions as WebVTT; raises StorageFailed."""
    _write(path, write_webvtt(recording).encode())


def _write(path: Path, content: bytes) -> None:
    # Through a link, and never in the place of a device or a pipe.
    target = path.resolve()
    with translating_os_errors(target):
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            replace_file(target, content)
