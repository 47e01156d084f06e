"""Withdrawal: erased audio, segments and text, even if interrupted."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.support.scripts import script_of
from tests.support.storage import Killed, Nth, interrupted, names
from workers.database.tables import AUDIO, CLEANING_REPORTS, NARRATIONS, SCRIPTS
from workers.errors import NarrationWithdrawn
from workers.narration import JobSpec, Narration, Timing
from workers.settings import WorkerSettings
from workers.storage.archive import Archive
from workers.storage.open_storage import open_archive

KEY, OTHER = "0" * 32, "f" * 32
WORD = "xylophonic"
SCRIPT = script_of("The tide turns", f"It turned at {WORD} noon.")
SPEC = JobSpec(KEY, "tone", SCRIPT)
OTHER_SPEC = replace(SPEC, key=OTHER)
STEPS = range(1, 16)


def narration_of(mp3: bytes) -> Narration:
    timings = (Timing(0, 0, 40, ((0, 40),)),)
    return Narration(mp3, timings, 50, 22050, "tone 1", repeatable=True)


SOUND = narration_of(b"ID3 the sound")
ELSE = narration_of(b"ID3 another sound")


def audio_of(archive: Archive) -> list[str]:
    """Return all audio and segments that the library has."""
    stores = archive.library.narrations, archive.library.segments
    return [name for store in stores for name in names(store.list())]


def rows_of(archive: Archive) -> int:
    """Return the number of rows about narrations and audio."""
    tables = NARRATIONS, SCRIPTS, CLEANING_REPORTS, AUDIO
    with archive.database.read() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        )


def store_with_segments(archive: Archive) -> None:
    archive.store(SPEC, SOUND)
    archive.library.segments.put_if_absent(f"{KEY}/0001/000000", b"part")
    archive.library.segments.put_if_absent(f"{KEY}/0001/000001", b"part")


def die() -> None:
    raise Killed


def test_a_withdrawn_narration_can_neither_be_found_nor_stored(
    archive: Archive,
) -> None:
    store_with_segments(archive)
    archive.library.segments.put_if_absent(f"{OTHER}/0001/000000", b"part")
    archive.withdraw(KEY)
    assert archive.is_withdrawn(KEY)
    assert archive.find(KEY) is None
    assert archive.find_spec(KEY) is None
    assert audio_of(archive) == [f"{OTHER}/0001/000000"]
    with pytest.raises(NarrationWithdrawn, match="restore"):
        archive.store(SPEC, SOUND)
    assert audio_of(archive) == [f"{OTHER}/0001/000000"]
    assert archive.usage() == 0
    archive.withdraw(KEY)
    assert archive.is_withdrawn(KEY)


def test_the_transcript_of_a_withdrawn_narration_is_refused(archive: Archive) -> None:
    stored = archive.store(SPEC, SOUND)
    archive.withdraw(KEY)
    with pytest.raises(NarrationWithdrawn):
        archive.read_transcript(stored)


def test_withdrawal_leaves_none_of_the_script_on_the_disk(tmp_path: Path) -> None:
    archive = open_archive(WorkerSettings(data=tmp_path, _env_file=None))
    stored = archive.store(SPEC, SOUND)
    packed = packed_script(archive)
    assert any(packed in content for content in files_of(tmp_path))
    assert stored.title
    assert any(stored.title.encode() in content for content in files_of(tmp_path))
    archive.withdraw(KEY)
    assert not any(packed in content for content in files_of(tmp_path))
    assert not any(stored.title.encode() in content for content in files_of(tmp_path))


def packed_script(archive: Archive) -> bytes:
    with archive.database.read() as connection:
        return bytes(connection.execute(select(SCRIPTS.c.script)).scalar_one())


def files_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_a_restored_narration_can_be_stored_again(archive: Archive) -> None:
    archive.store(SPEC, SOUND)
    archive.withdraw(KEY)
    archive.restore(SPEC)
    archive.restore(SPEC)
    assert not archive.is_withdrawn(KEY)
    assert archive.find(KEY) is None
    stored = archive.store(SPEC, SOUND)
    assert archive.find(KEY) == stored


def test_an_unknown_narration_can_be_withdrawn(archive: Archive) -> None:
    archive.withdraw(KEY)
    with pytest.raises(NarrationWithdrawn):
        archive.store(SPEC, SOUND)


def test_audio_shared_with_another_narration_survives_withdrawal(
    archive: Archive,
) -> None:
    archive.store(SPEC, SOUND)
    stored = archive.store(OTHER_SPEC, SOUND)
    archive.withdraw(KEY)
    assert archive.find(KEY) is None
    assert archive.read(stored) == SOUND.mp3
    archive.withdraw(OTHER)
    assert audio_of(archive) == []


@pytest.mark.parametrize("number", STEPS)
def test_an_interrupted_withdrawal_is_completed_by_the_next(
    archive: Archive, number: int
) -> None:
    store_with_segments(archive)
    try:
        interrupted(archive, Nth(number, die)).withdraw(KEY)
    except Killed:
        assert number == 1 or archive.is_withdrawn(KEY)
        assert number == 1 or archive.find(KEY) is None
        archive.withdraw(KEY)
    assert archive.find(KEY) is None
    assert audio_of(archive) == []
    assert rows_of(archive) == 0


def test_the_interruptions_cover_every_step_of_a_withdrawal(archive: Archive) -> None:
    store_with_segments(archive)
    steps = Nth(0, die)
    interrupted(archive, steps).withdraw(KEY)
    assert steps.steps in STEPS


@pytest.mark.parametrize("number", STEPS)
def test_a_narration_withdrawn_while_it_is_stored_is_erased(
    archive: Archive, number: int
) -> None:
    steps = Nth(number, lambda: archive.withdraw(KEY))
    try:
        interrupted(archive, steps).store(SPEC, SOUND)
    except NarrationWithdrawn:
        assert steps.steps >= number
    if not archive.is_withdrawn(KEY):
        assert steps.steps < number
        return
    assert archive.find(KEY) is None
    assert audio_of(archive) == []
    assert rows_of(archive) == 0


@pytest.mark.parametrize("number", STEPS)
def test_a_narration_stored_while_it_is_withdrawn_is_erased(
    archive: Archive, number: int
) -> None:
    store_with_segments(archive)

    def store() -> None:
        try:
            archive.store(SPEC, ELSE)
        except NarrationWithdrawn:
            return
        assert number == 1

    interrupted(archive, Nth(number, store)).withdraw(KEY)
    assert archive.find(KEY) is None
    assert audio_of(archive) == []
    assert rows_of(archive) == 0


@pytest.mark.parametrize("number", STEPS)
def test_concurrent_withdrawals_of_shared_audio_remove_it(
    archive: Archive, number: int
) -> None:
    store_with_segments(archive)
    archive.store(OTHER_SPEC, SOUND)
    interrupted(archive, Nth(number, lambda: archive.withdraw(OTHER))).withdraw(KEY)
    archive.withdraw(OTHER)
    assert audio_of(archive) == []
