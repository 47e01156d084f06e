"""Write narrations to files: audio in an export format, WebVTT captions."""

from pathlib import Path

from service.captions.webvtt import write_webvtt
from workers.audio.formats import convert
from workers.narration import NarrationRecord
from workers.storage.archive import Archive
from workers.storage.atomic_files import replace_file, translating_os_errors


def write_audio(record: NarrationRecord, archive: Archive, path: Path) -> None:
    """Write a narration's audio in the format that the file's suffix names.

    Raises:
        EncodingFailed: The audio cannot be converted.
        StorageFailed: The audio cannot be read or the file cannot be written.
    """
    write_as(archive.read(record), path)


def write_as(mp3: bytes, path: Path) -> None:
    """Write an MP3 in the format that the file's suffix names.

    Raises:
        EncodingFailed: The audio cannot be converted.
        StorageFailed: The file cannot be written.
    """
    _write(path, convert(mp3, path.suffix.removeprefix(".").lower()))


def write_captions(record: NarrationRecord, archive: Archive, path: Path) -> None:
    """Write a narration's captions as WebVTT.

    Raises:
        StorageFailed: The archive cannot be read or the file cannot be written.
    """
    _write(path, write_webvtt(archive.read_transcript(record)).encode())


def _write(path: Path, content: bytes) -> None:
    # Follow links; write into a device or a pipe instead of replacing it.
    target = path.resolve()
    with translating_os_errors(target):
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            replace_file(target, content)
