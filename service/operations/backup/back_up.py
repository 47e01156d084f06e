"""Back a service up while it runs: `back_up`."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from service.errors import BackupRefused
from service.operations.backup.files import (
    BackedUpAudio,
    add_audio,
    copy_voices,
    remove_unlisted,
)
from service.operations.backup.folder import (
    claim_backup_folder,
    partial_file,
    replace_database,
    write_marker,
)
from service.settings import ServiceSettings
from workers.database.columns import now
from workers.database.copy_database import copy_database, copy_name, reading_snapshot
from workers.database.open_database import database_file
from workers.database.tables import ARTICLES, NARRATIONS
from workers.storage.archive import Archive
from workers.storage.audio_files import list_stored
from workers.storage.blobs import folder_of, is_in_objects
from workers.storage.open_storage import open_archive

_LIBRARY, _VOICES = "library", "voices"
"""As in a data folder, so that a backup can be used as one."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, and what changed in it."""

    articles: int
    narrations: int

    files: int
    """Audio files; narrations that sound the same share one."""

    bytes: int
    """Sum of their bytes."""

    added: int
    """Audio files that the backup did not have before."""

    removed: int
    """Audio files that the database does not list any more."""

    missing: int
    """Audio files that the database lists and the library lacks; after a restore they
    are rendered again when they are requested."""

    notes: tuple[str, ...] = ()
    """What is not in the backup, and how to back it up."""

    def __str__(self) -> str:
        """Return the counts as one line."""
        counts = asdict(self)
        del counts["notes"]
        return ", ".join(f"{name} {count}" for name, count in counts.items())


@dataclass(frozen=True, slots=True)
class _Contents:
    """What one state of a database lists."""

    articles: int
    narrations: int

    audio: Mapping[str, int]
    """Bytes of each audio file, by name."""


def back_up(
    settings: ServiceSettings, folder: Path, *, with_database: bool = True
) -> BackupReport:
    """Bring the backup in a folder up to date; create it if there is none.

    Raises:
        BackupRefused: The folder holds something else than a backup or is being
            written, or there is no database.
        StorageFailed: The database, the library or the folder cannot be used; the
            previous backup is as it was.
    """
    _require_database(settings)
    with (
        claim_backup_folder(folder, _sources(settings)),
        partial_file(folder) as copy,
        _opened(settings) as archive,
    ):
        # First the database: audio that is evicted or withdrawn after it is missing,
        # and is rendered again; audio that nothing lists would stay for ever.
        with reading_snapshot(archive.database) as connection:
            contents, name = _list_contents(connection), copy_name(connection)
            if with_database:
                copy_database(connection, copy)
        # What was erased meanwhile stayed in the log that the snapshot needed.
        archive.database.truncate_log()
        audio = _add_audio(contents, archive, settings, folder)
        copy_voices(settings.voices_folder, folder / _VOICES)
        if with_database:
            replace_database(folder, copy, name)
        # Last: until here the previous database may be restored, with its audio.
        removed = remove_unlisted(contents.audio, folder / _LIBRARY)
        report = BackupReport(
            contents.articles,
            contents.narrations,
            audio.files,
            audio.bytes,
            audio.added,
            removed,
            audio.missing,
            tuple(_notes(settings, audio.missing, with_database=with_database)),
        )
        write_marker(folder, {"completed": now().isoformat(), **asdict(report)})
    return report


@contextmanager
def _opened(settings: ServiceSettings) -> Iterator[Archive]:
    archive = open_archive(settings)
    with closing(archive.database):
        yield archive


def _list_contents(connection: Connection) -> _Contents:
    def count(table: object) -> int:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return int(connection.execute(query).scalar_one())

    return _Contents(count(ARTICLES), count(NARRATIONS), list_stored(connection))


def _add_audio(
    contents: _Contents, archive: Archive, settings: ServiceSettings, folder: Path
) -> BackedUpAudio:
    address = settings.library_address
    if is_in_objects(address):
        return BackedUpAudio()
    library, source = archive.library.narrations, folder_of(address)
    return add_audio(contents.audio, library, source, folder / _LIBRARY)


def _notes(
    settings: ServiceSettings, missing: int, *, with_database: bool
) -> Iterator[str]:
    address = settings.library_address
    if missing:
        yield (
            f"The library {address} lacks {missing} files that the database lists;"
            " check OUTSPOKEN_LIBRARY if they are many."
        )
    if is_in_objects(address):
        yield (
            f"The audio in {address} was not copied; replicate the bucket by the means"
            " of its provider."
        )
    if not with_database:
        yield "The database was not copied; back it up by the means of its server."


def _sources(settings: ServiceSettings) -> list[Path]:
    sources = settings.voices_folder, database_file(settings.database_address)
    library = folder_of(settings.library_address)
    return [path for path in (*sources, library) if path is not None]


def _require_database(settings: ServiceSettings) -> None:
    """Refuse to replace a backup by that of a service that does not exist."""
    file = database_file(settings.database_address)
    if file is not None and not file.exists():
        message = (
            f"There is no database {file}; set OUTSPOKEN_DATA to the data folder of the"
            " service."
        )
        raise BackupRefused(message)
