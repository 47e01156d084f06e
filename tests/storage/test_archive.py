"""Archive: store, find and read narrations, on each library and database."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from tests.support.scripts import script_of
from tests.support.storage import Killed, Nth, interrupted, names
from voices.sentence import Script
from workers.database.columns import now
from workers.database.tables import AUDIO
from workers.errors import StorageFailed
from workers.narration import JobSpec, Narration, Timing
from workers.settings import WorkerSettings
from workers.storage.archive import Archive
from workers.storage.audio_files import AudioState
from workers.storage.open_storage import open_archive

KEY, OTHER = "0" * 32, "f" * 32
SCRIPT = script_of("The tide turns", "It turned at noon.")
SPEC = JobSpec(KEY, "tone", SCRIPT, speed=1.25)
OTHER_SPEC = replace(SPEC, key=OTHER)


def narration_of(mp3: bytes) -> Narration:
    timings = (Timing(0, 0, 40, ((0, 40),)),)
    return Narration(mp3, timings, 50, 22050, "tone 1", repeatable=True)


SOUND = narration_of(b"ID3 the sound")
ELSE = narration_of(b"ID3 another sound")


def test_a_stored_narration_is_found_and_read(archive: Archive) -> None:
    stored = archive.store(SPEC, SOUND)
    assert archive.find(KEY) == stored
    assert stored.sha256 == hashlib.sha256(SOUND.mp3).hexdigest()
    assert (stored.bytes, stored.sentences) == (13, 2)
    assert (stored.title, stored.seconds) == ("The tide turns", 50 / 22050)
    assert archive.read(stored) == SOUND.mp3
    assert archive.read(stored, 4, 3) == b"the"
    assert archive.find(OTHER) is None


def test_the_transcript_is_the_script_with_its_timings(archive: Archive) -> None:
    transcript = archive.read_transcript(archive.store(SPEC, SOUND))
    assert (transcript.script, transcript.timings) == (SCRIPT, SOUND.timings)
    assert transcript.rate == SOUND.rate


def test_the_job_spec_of_a_stored_narration_has_its_speed(archive: Archive) -> None:
    assert archive.find_spec(KEY) is None
    archive.store(SPEC, SOUND)
    assert archive.find_spec(KEY) == archive.find_rendered_spec(KEY) == SPEC


def test_the_first_writer_of_a_narration_wins(archive: Archive) -> None:
    first = archive.store(SPEC, SOUND)
    assert archive.store(SPEC, ELSE) == first
    assert archive.find(KEY) == first
    assert archive.read(first) == SOUND.mp3
    assert names(archive.library.narrations.list()) == [first.audio]


def test_narrations_that_sound_the_same_share_a_file(archive: Archive) -> None:
    first = archive.store(SPEC, SOUND)
    second = archive.store(OTHER_SPEC, SOUND)
    assert first.audio == second.audio
    assert archive.usage() == len(SOUND.mp3)


def test_a_narration_without_audio_is_stored_again(archive: Archive) -> None:
    first = archive.store(SPEC, SOUND)
    archive.library.narrations.remove(first.audio)
    assert archive.find(KEY) is None
    with pytest.raises(StorageFailed, match="is missing"):
        archive.read(first)
    again = archive.store(SPEC, ELSE)
    assert archive.find(KEY) == again
    assert archive.read(again) == ELSE.mp3
    assert archive.usage() == len(ELSE.mp3)


def test_an_audio_file_of_the_wrong_length_is_replaced(archive: Archive) -> None:
    stored = archive.store(SPEC, SOUND)
    archive.library.narrations.remove(stored.audio)
    archive.library.narrations.put_if_absent(stored.audio, b"ID3 the")
    assert archive.find(KEY) is None
    with pytest.raises(StorageFailed, match="damaged"):
        archive.read(stored)
    again = archive.store(SPEC, SOUND)
    assert archive.find(KEY) == again
    assert archive.read(again) == SOUND.mp3
    assert names(archive.library.narrations.list()) == [again.audio]


def test_a_damaged_audio_file_is_refused(archive: Archive) -> None:
    stored = archive.store(SPEC, SOUND)
    archive.library.narrations.remove(stored.audio)
    archive.library.narrations.put_if_absent(stored.audio, b"x" * 13)
    with pytest.raises(StorageFailed, match="damaged"):
        archive.read(stored)


def test_the_last_use_is_noted_once_an_hour(archive: Archive) -> None:
    stored = archive.store(SPEC, SOUND)
    first = last_use(archive)
    archive.note_use(stored)
    assert last_use(archive) == first
    with archive.database.write() as connection:
        connection.execute(update(AUDIO).values(used=now() - timedelta(hours=2)))
    found = archive.find(KEY)
    assert found
    archive.note_use(found)
    assert last_use(archive) > stored.used - timedelta(minutes=1)


def last_use(archive: Archive) -> object:
    with archive.database.read() as connection:
        return connection.execute(select(AUDIO.c.used)).scalar_one()


def test_a_library_in_another_folder_has_its_database_in_the_data_folder(
    tmp_path: Path,
) -> None:
    elsewhere = f"disk://{tmp_path}/elsewhere"
    settings = WorkerSettings(data=tmp_path / "data", library=elsewhere, _env_file=None)
    open_archive(settings).store(SPEC, SOUND)
    assert (tmp_path / "data" / "outspoken.db").exists()
    assert len(list((tmp_path / "elsewhere").rglob("*.mp3"))) == 1


@pytest.mark.parametrize("number", range(1, 13))
def test_an_interrupted_store_is_completed_by_the_next(
    archive: Archive, number: int
) -> None:
    def die() -> None:
        raise Killed

    steps = Nth(number, die)
    try:
        interrupted(archive, steps).store(SPEC, SOUND)
    except Killed:
        found = archive.find(KEY)
        assert found is None or archive.read(found) == SOUND.mp3
    assert steps.steps < 12 or number < 12
    stored = archive.store(SPEC, ELSE)
    assert archive.find(KEY) == stored
    assert archive.read(stored) in {SOUND.mp3, ELSE.mp3}
    abandon_unfinished_files(archive)
    archive.store(OTHER_SPEC, narration_of(b"ID3 removes what was left"))
    assert len(names(archive.library.narrations.list())) == 2


def abandon_unfinished_files(archive: Archive) -> None:
    """Let an hour pass for files whose writer was killed."""
    with archive.database.write() as connection:
        connection.execute(
            update(AUDIO)
            .where(AUDIO.c.state != AudioState.STORED)
            .values(used=now() - timedelta(hours=2))
        )


@pytest.mark.parametrize("number", range(1, 13))
def test_audio_evicted_while_it_is_shared_is_written_again(
    archive: Archive, number: int
) -> None:
    first = archive.store(SPEC, SOUND)

    def evict() -> None:
        with archive.database.write() as connection:
            connection.execute(
                update(AUDIO)
                .where(AUDIO.c.name == first.audio)
                .values(state=AudioState.REMOVING)
            )
        archive.library.narrations.remove(first.audio)
        with archive.database.write() as connection:
            connection.execute(delete(AUDIO).where(AUDIO.c.name == first.audio))

    stored = interrupted(archive, Nth(number, evict)).store(OTHER_SPEC, SOUND)
    found = archive.find(OTHER)
    if found is None:  # evicted after it was stored
        assert stored.audio == first.audio
    else:
        assert archive.read(found) == SOUND.mp3


def test_the_script_of_a_stored_narration_survives_eviction(
    archive: Archive, script: Script
) -> None:
    spec = replace(SPEC, script=script)
    stored = archive.store(spec, SOUND)
    with archive.database.write() as connection:
        connection.execute(update(AUDIO).values(state=AudioState.REMOVING))
    assert archive.find(KEY) is None
    assert archive.find_rendered_spec(KEY) == spec
    again = archive.store(spec, SOUND)
    assert (again.sha256, archive.read(again)) == (stored.sha256, SOUND.mp3)
