"""The data of a service that does not run, with a few articles, and its backup."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from service.operations.backup import BackupReport, back_up
from service.settings import ServiceSettings
from tests.support.databases.revisions import REVISION, put
from tests.support.scripts import script_of
from workers.narration import JobSpec, Narration, NarrationRecord, Timing
from workers.storage.archive import Archive
from workers.storage.open_storage import open_archive

ARTICLES = 3


@dataclass(frozen=True)
class Installation:
    """Articles with audio, and a folder for their backup."""

    settings: ServiceSettings
    archive: Archive
    folder: Path

    def back_up(self, **options: bool) -> BackupReport:
        return back_up(self.settings, self.folder, **options)

    def publish(self, number: int, sound: bytes = b"ID3 the sound ") -> NarrationRecord:
        """Store an article with its audio."""
        spec = JobSpec(key_of(number), "tone", script_of("The tide turns", "It did."))
        put(self.archive.database, REVISION, source_id=f"{number}", key=spec.key)
        timings = (Timing(0, 0, 40, ((0, 40),)),)
        mp3 = sound + str(number).encode()
        narration = Narration(mp3, timings, 50, 22050, "tone 1", repeatable=True)
        return self.archive.store(spec, narration)

    def open_backup(self) -> Archive:
        """Open the backup as a service opens its data folder."""
        return open_archive(ServiceSettings(data=self.folder, _env_file=None))

    def backed_up(self) -> dict[str, bytes]:
        """Return the audio in the backup, by name."""
        library = self.folder / "library"
        files = [path for path in library.rglob("*") if path.is_file()]
        return {str(file.relative_to(library)): file.read_bytes() for file in files}


def key_of(number: int) -> str:
    return f"{number:032x}"


def installation_of(settings: ServiceSettings, folder: Path) -> Installation:
    """Return an installation with `ARTICLES` articles."""
    installation = Installation(settings, open_archive(settings), folder)
    for number in range(ARTICLES):
        installation.publish(number)
    return installation


def query(database: Path, statement: str) -> list[tuple[object, ...]]:
    """Return the rows of a query of a SQLite file."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()
