"""What a backup holds, and that it is whole at every moment."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from service.errors import BackupRefused
from service.operations.backup import back_up
from service.settings import ServiceSettings
from tests.support.databases.installation import (
    ARTICLES,
    Installation,
    installation_of,
    key_of,
    query,
)
from tests.support.full_disk import mount, unmount
from tests.support.objects.s3 import Bucket
from workers.errors import StorageFailed

SIZE_MB = 4


def is_intact(installation: Installation) -> bool:
    """Whether the backup's database is sound and all the audio that it lists there."""
    database, audio = installation.folder / "outspoken.db", installation.backed_up()
    assert query(database, "PRAGMA integrity_check") == [("ok",)]
    listed = query(database, "SELECT name, bytes FROM audio WHERE state = 'stored'")
    return [(name, len(audio[str(name)])) for name, _ in listed] == listed


def test_backup_is_a_data_folder(installation: Installation) -> None:
    report = installation.back_up()
    assert str(report) == (
        "articles 3, narrations 3, files 3, bytes 45, added 3, removed 0, missing 0"
    )
    assert is_intact(installation)
    restored = installation.open_backup()
    for number in range(ARTICLES):
        record = installation.archive.find(key_of(number))
        assert record
        assert restored.find(record.key) == record
        assert restored.read(record) == installation.archive.read(record)


def test_backup_can_be_read_on_a_read_only_disk(installation: Installation) -> None:
    """One file, without a write-ahead log that SQLite would have to create."""
    installation.back_up()
    database = installation.folder / "outspoken.db"
    assert query(database, "PRAGMA journal_mode") == [("delete",)]
    assert list(installation.folder.glob("outspoken.db-*")) == []


def test_audio_on_the_same_disk_is_linked(installation: Installation) -> None:
    installation.back_up()
    for name in installation.backed_up():
        copy = installation.folder / "library" / name
        assert copy.samefile(installation.settings.data / "library" / name)


def test_second_backup_adds_and_removes_what_changed(
    installation: Installation,
) -> None:
    installation.back_up()
    before = installation.backed_up()
    withdrawn = installation.archive.find(key_of(0))
    assert withdrawn
    installation.archive.withdraw(withdrawn.key)
    added = installation.publish(ARTICLES)
    report = installation.back_up()
    assert (report.files, report.added, report.removed) == (ARTICLES, 1, 1)
    after = installation.backed_up()
    assert before.keys() - after.keys() == {withdrawn.audio}
    assert after.keys() - before.keys() == {added.audio}
    assert installation.open_backup().is_withdrawn(withdrawn.key)


def test_audio_that_the_library_lacks_is_rendered_again_after_a_restore(
    installation: Installation,
) -> None:
    lost = installation.archive.find(key_of(0))
    assert lost
    installation.archive.library.narrations.remove(lost.audio)
    report = installation.back_up()
    assert (report.files, report.missing) == (ARTICLES - 1, 1)
    assert "lacks 1 files" in report.notes[0]
    restored = installation.open_backup()
    assert restored.find(lost.key) is None
    assert restored.find_rendered_spec(lost.key)


def test_audio_that_the_library_has_lost_stays_in_the_backup(
    installation: Installation,
) -> None:
    installation.back_up()
    shutil.rmtree(installation.settings.data / "library")
    assert installation.back_up().missing == 0
    assert is_intact(installation)


def test_damaged_audio_in_the_backup_is_replaced(installation: Installation) -> None:
    installation.back_up()
    damaged = next(iter(installation.backed_up()))
    path = installation.folder / "library" / damaged
    path.unlink()
    path.write_bytes(b"short")
    assert installation.back_up().added == 1
    assert is_intact(installation)


def test_failed_backup_leaves_the_previous_one(installation: Installation) -> None:
    installation.back_up()
    database = installation.folder / "outspoken.db"
    before = database.read_bytes(), installation.backed_up()
    installation.archive.withdraw(key_of(0))
    installation.publish(ARTICLES)
    away = {"library": "redis://127.0.0.1:1/0"}
    with pytest.raises(StorageFailed):
        back_up(installation.settings.model_copy(update=away), installation.folder)
    assert (database.read_bytes(), installation.backed_up()) == before
    assert list(installation.folder.glob(".partial*")) == []


def test_damaged_database_does_not_replace_the_backup(
    installation: Installation,
) -> None:
    installation.back_up()
    installation.archive.database.truncate_log()
    installation.archive.database.close()
    live = installation.settings.data / "outspoken.db"
    (root,) = query(live, "SELECT rootpage FROM sqlite_master WHERE name = 'scripts'")
    with live.open("r+b") as file:
        file.seek((int(str(root[0])) - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(StorageFailed, match="damaged"):
        installation.back_up()
    assert is_intact(installation)


def test_log_that_another_program_left_does_not_damage_the_next_copy(
    installation: Installation, tmp_path: Path
) -> None:
    """As when a program that had the backup open was killed."""
    installation.back_up()
    database, aside = installation.folder / "outspoken.db", tmp_path / "aside"
    aside.mkdir()
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("DELETE FROM scripts")
        opened.commit()
        with pytest.raises(BackupRefused, match="open"):
            installation.back_up()
        for path in installation.folder.glob("outspoken.db*"):
            shutil.copy(path, aside)
    for path in aside.iterdir():
        shutil.copy(path, installation.folder)
    assert (installation.folder / "outspoken.db-wal").exists()
    installation.back_up()
    assert is_intact(installation)
    assert query(database, "SELECT count(*) FROM scripts") == [(ARTICLES,)]


def test_added_voices_follow_those_of_the_service(installation: Installation) -> None:
    voices, copies = installation.settings.voices_folder, installation.folder / "voices"
    for name in ("one", "two", ".installing"):
        (voices / name).mkdir(parents=True)
        (voices / name / "voice.json").write_text(name)
    installation.back_up()
    assert {path.name for path in copies.iterdir()} == {"one", "two"}
    shutil.rmtree(voices / "one")
    (voices / "two" / "voice.json").write_text("changed")
    installation.back_up()
    assert [path.name for path in copies.iterdir()] == ["two"]
    assert (copies / "two" / "voice.json").read_text() == "changed"
    shutil.rmtree(voices)
    installation.back_up()
    assert [path.name for path in copies.iterdir()] == ["two"]


@pytest.fixture(name="other_disk")
def _other_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk that is not the library's."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mount("-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", disk):
        pytest.skip("this user may not mount a file system")
    yield disk
    unmount(disk)


def test_audio_is_copied_to_another_disk(
    installation: Installation, other_disk: Path
) -> None:
    there = Installation(
        installation.settings, installation.archive, other_disk / "backup"
    )
    assert there.back_up().added == ARTICLES
    assert is_intact(there)


@pytest.mark.parametrize("what", ["database", "audio"])
def test_full_disk_is_reported_and_leaves_the_previous_backup(
    installation: Installation, other_disk: Path, what: str
) -> None:
    there = Installation(
        installation.settings, installation.archive, other_disk / "backup"
    )
    there.back_up()
    withdrawn = installation.archive.find(key_of(0))
    assert withdrawn
    installation.archive.withdraw(withdrawn.key)
    ballast = other_disk / "ballast"
    if what == "database":
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    else:
        installation.publish(ARTICLES, bytes(SIZE_MB << 20))
    with pytest.raises(StorageFailed, match=r"full|No space left"):
        there.back_up()
    assert is_intact(there)
    assert withdrawn.audio in there.backed_up()
    assert list(there.folder.glob(".partial*")) == []
    if what == "database":
        ballast.unlink()
        assert there.back_up().removed == 1


def test_library_in_redis_is_copied(tmp_path: Path, broker: str) -> None:
    settings = ServiceSettings(data=tmp_path / "data", library=broker, _env_file=None)
    installation = installation_of(settings, tmp_path / "backup")
    assert installation.back_up().added == ARTICLES
    assert is_intact(installation)


def test_library_in_a_bucket_is_left_to_its_provider(
    tmp_path: Path, bucket: Bucket
) -> None:
    settings = ServiceSettings(
        data=tmp_path / "data", library=bucket.address, _env_file=None
    )
    report = installation_of(settings, tmp_path / "backup").back_up()
    (note,) = report.notes
    assert bucket.address in note
    assert (report.articles, report.files, report.missing) == (ARTICLES, 0, 0)
