"""Archive: store, find, read, withdraw and restore narrations."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from redis import Redis

from tests.support.scripts import script_of
from tests.support.storage import age, names
from voices.sentence import Script
from workers.errors import NarrationWithdrawn, RecordDamaged, StorageFailed
from workers.narration import Narration, Timing
from workers.settings import WorkerSettings
from workers.storage.archive import Archive, audio_name, open_archive, open_records
from workers.storage.blobs import Library, memory_library
from workers.storage.records import DiskRecords, MemoryRecords, Records, RedisRecords

KEY, OTHER = "0" * 32, "f" * 32
WORD = "xylophonic"


def narration_of(mp3: bytes) -> Narration:
    timings = (Timing(0, 0, 40, ((0, 40),)),)
    return Narration(mp3, timings, 50, 22050, "tone 1", repeatable=True)


SOUND = narration_of(b"ID3 the sound")
ELSE = narration_of(b"ID3 another sound")


@pytest.fixture(name="script")
def _script() -> Script:
    return script_of("The tide turns", f"It turned at {WORD} noon.")


@pytest.fixture(name="archive", params=["disk", "redis", "memory"])
def _archive(
    request: pytest.FixtureRequest, tmp_path: Path, broker: str, redis: Redis
) -> Archive:
    redis.flushall()
    if request.param == "memory":
        return Archive(memory_library(), MemoryRecords())
    library = broker if request.param == "redis" else None
    return open_archive(WorkerSettings(data=tmp_path, library=library, _env_file=None))


def test_a_stored_narration_is_found_and_read(archive: Archive, script: Script) -> None:
    kept = archive.store(KEY, script, "tone", SOUND)
    assert archive.find(KEY) == kept
    assert kept.sha256 == hashlib.sha256(SOUND.mp3).hexdigest()
    assert (kept.bytes, kept.script, kept.timings) == (13, script, SOUND.timings)
    assert archive.read(kept) == SOUND.mp3
    assert archive.read(kept, 4, 3) == b"the"
    assert archive.find(OTHER) is None


def test_the_first_writer_of_a_narration_wins(archive: Archive, script: Script) -> None:
    first = archive.store(KEY, script, "tone", SOUND)
    assert archive.store(KEY, script, "tone", ELSE) == first
    assert archive.find(KEY) == first


def test_a_narration_without_audio_is_stored_again(
    archive: Archive, script: Script
) -> None:
    first = archive.store(KEY, script, "tone", SOUND)
    archive.library.narrations.remove(audio_name(first.sha256))
    assert archive.find(KEY) is None
    with pytest.raises(StorageFailed, match="is missing"):
        archive.read(first)
    again = archive.store(KEY, script, "tone", ELSE)
    assert archive.find(KEY) == again
    assert archive.read(again) == ELSE.mp3


def test_an_audio_file_of_the_wrong_length_is_replaced(
    archive: Archive, script: Script
) -> None:
    kept = archive.store(KEY, script, "tone", SOUND)
    name = audio_name(kept.sha256)
    archive.library.narrations.remove(name)
    archive.library.narrations.put_if_absent(name, b"ID3 the")
    assert archive.find(KEY) is None
    with pytest.raises(StorageFailed, match="damaged"):
        archive.read(kept)
    assert archive.store(KEY, script, "tone", SOUND) == kept
    assert archive.read(kept) == SOUND.mp3


def test_a_damaged_audio_file_is_refused(archive: Archive, script: Script) -> None:
    kept = archive.store(KEY, script, "tone", SOUND)
    name = audio_name(kept.sha256)
    archive.library.narrations.remove(name)
    archive.library.narrations.put_if_absent(name, b"x" * 13)
    with pytest.raises(StorageFailed, match="damaged"):
        archive.read(kept)


def test_reading_updates_the_last_use(tmp_path: Path, script: Script) -> None:
    archive = open_archive(WorkerSettings(data=tmp_path, _env_file=None))
    kept = archive.store(KEY, script, "tone", SOUND)
    age(tmp_path, 3600)
    (before,) = archive.library.narrations.list()
    archive.find(KEY)
    assert list(archive.library.narrations.list()) == [before]
    archive.read(kept, 0, 1)
    (after,) = archive.library.narrations.list()
    assert after.used > before.used + 3000


def test_reading_works_if_the_last_use_cannot_be_written(script: Script) -> None:
    """As on a disk that became read-only."""
    library = memory_library()
    archive = Archive(library, MemoryRecords())
    kept = archive.store(KEY, script, "tone", SOUND)

    def refuse(step: str) -> None:
        if step == "touch":
            raise StorageFailed("The disk is read-only; mend it.")

    watched = Archive(watched_library(library, refuse), MemoryRecords())
    assert watched.read(kept) == SOUND.mp3


def test_records_are_stored_next_to_the_library(tmp_path: Path, broker: str) -> None:
    settings = WorkerSettings(data=tmp_path, _env_file=None)
    assert isinstance(open_records(settings), DiskRecords)
    there = settings.model_copy(update={"library": broker})
    assert isinstance(open_records(there), RedisRecords)


def test_a_library_in_another_folder_has_its_records_in_the_data_folder(
    tmp_path: Path, script: Script
) -> None:
    elsewhere = f"disk://{tmp_path}/elsewhere"
    settings = WorkerSettings(data=tmp_path / "data", library=elsewhere, _env_file=None)
    open_archive(settings).store(KEY, script, "tone", SOUND)
    assert (tmp_path / "data" / "records" / "narrations" / f"{KEY}.json").exists()
    assert len(list((tmp_path / "elsewhere").rglob("*.mp3"))) == 1


# Withdrawal


def lies_there(archive: Archive) -> list[str]:
    """Return all audio and parts that the library has."""
    stores = archive.library.narrations, archive.library.segments
    return [name for store in stores for name in names(store.list())]


def test_a_withdrawn_narration_can_neither_be_found_nor_stored(
    archive: Archive, script: Script
) -> None:
    archive.store(KEY, script, "tone", SOUND)
    archive.library.segments.put_if_absent(f"{KEY}/0001/000000", b"part")
    archive.library.segments.put_if_absent(f"{OTHER}/0001/000000", b"part")
    archive.withdraw(KEY)
    assert archive.is_withdrawn(KEY)
    assert archive.find(KEY) is None
    assert lies_there(archive) == [f"{OTHER}/0001/000000"]
    with pytest.raises(NarrationWithdrawn, match="restore"):
        archive.store(KEY, script, "tone", SOUND)
    assert lies_there(archive) == [f"{OTHER}/0001/000000"]
    archive.withdraw(KEY)
    assert archive.is_withdrawn(KEY)


def test_withdrawal_erases_the_text(tmp_path: Path, script: Script) -> None:
    archive = open_archive(WorkerSettings(data=tmp_path, _env_file=None))
    archive.store(KEY, script, "tone", SOUND)
    contents = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(WORD.encode() in content for content in contents)
    archive.withdraw(KEY)
    contents = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(WORD.encode() in content for content in contents)


def test_a_restored_narration_can_be_stored_again(
    archive: Archive, script: Script
) -> None:
    archive.store(KEY, script, "tone", SOUND)
    archive.withdraw(KEY)
    archive.restore(KEY)
    archive.restore(KEY)
    assert not archive.is_withdrawn(KEY)
    assert archive.find(KEY) is None
    kept = archive.store(KEY, script, "tone", SOUND)
    assert archive.find(KEY) == kept


def test_an_unknown_narration_can_be_withdrawn(
    archive: Archive, script: Script
) -> None:
    archive.withdraw(KEY)
    with pytest.raises(NarrationWithdrawn):
        archive.store(KEY, script, "tone", SOUND)


def test_audio_shared_with_another_narration_survives_withdrawal(
    archive: Archive, script: Script
) -> None:
    archive.store(KEY, script, "tone", SOUND)
    kept = archive.store(OTHER, script, "tone", SOUND)
    archive.withdraw(KEY)
    assert archive.find(KEY) is None
    assert archive.read(kept) == SOUND.mp3
    archive.withdraw(OTHER)
    assert lies_there(archive) == []


def test_a_record_without_an_audio_owner_can_be_withdrawn(
    script: Script,
) -> None:
    records = MemoryRecords()
    archive = Archive(memory_library(), records)
    kept = archive.store(KEY, script, "tone", SOUND)
    records.remove("audio", f"{kept.sha256}.{KEY}")
    assert archive.audio_of({KEY}) == {audio_name(kept.sha256)}
    records.remove("audio", f"{kept.sha256}.{KEY}")
    archive.withdraw(KEY)
    assert lies_there(archive) == []


def test_a_narration_with_a_damaged_record_can_be_withdrawn(
    tmp_path: Path, script: Script
) -> None:
    archive = open_archive(WorkerSettings(data=tmp_path, _env_file=None))
    archive.store(KEY, script, "tone", SOUND)
    (tmp_path / "records" / "narrations" / f"{KEY}.json").write_text("{")
    with pytest.raises(RecordDamaged):
        archive.find(KEY)
    archive.withdraw(KEY)
    assert archive.find(KEY) is None
    assert lies_there(archive) == []


class Killed(BaseException):
    """Simulates the death of a process."""


class Watched:
    """A proxy that reports each call before it is made."""

    def __init__(self, inner: object, tell: Callable[[str], None]) -> None:
        self._inner = inner
        self._tell = tell

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: object) -> Any:  # noqa: ANN401 - any method
            self._tell(name)
            return getattr(self._inner, name)(*arguments)

        return call


def watched_library(library: Library, tell: Callable[[str], None]) -> Library:
    narrations, parts = (
        Watched(library.narrations, tell),
        Watched(library.segments, tell),
    )
    return cast("Library", replace(library, narrations=narrations, segments=parts))


@dataclass
class Nth:
    """Does something once, before the n-th step."""

    number: int
    what: Callable[[], object]
    steps: int = 0

    def __call__(self, _: str) -> None:
        self.steps += 1
        if self.steps == self.number:
            self.what()


def stores(script: Script) -> tuple[Library, Records, Archive]:
    library, records = memory_library(), MemoryRecords()
    archive = Archive(library, records)
    archive.store(KEY, script, "tone", SOUND)
    library.segments.put_if_absent(f"{KEY}/0001/000000", b"part")
    library.segments.put_if_absent(f"{KEY}/0001/000001", b"part")
    return library, records, archive


def watched(library: Library, records: Records, tell: Callable[[str], None]) -> Archive:
    return Archive(
        watched_library(library, tell), cast("Records", Watched(records, tell))
    )


def die() -> None:
    raise Killed


@pytest.mark.parametrize("number", range(1, 30))
def test_an_interrupted_withdrawal_is_completed_by_the_next(
    script: Script, number: int
) -> None:
    library, records, archive = stores(script)
    tell = Nth(number, die)
    try:
        watched(library, records, tell).withdraw(KEY)
    except Killed:
        assert number == 1 or archive.is_withdrawn(KEY)
        assert number == 1 or archive.find(KEY) is None
        archive.withdraw(KEY)
    assert archive.find(KEY) is None
    assert lies_there(archive) == []
    assert [records.names(kind) for kind in ("narrations", "audio")] == [[], []]


def test_the_interruptions_cover_every_step_of_a_withdrawal(script: Script) -> None:
    library, records, _ = stores(script)
    tell = Nth(0, die)
    watched(library, records, tell).withdraw(KEY)
    assert tell.steps < 29


@pytest.mark.parametrize("number", range(1, 20))
def test_a_narration_withdrawn_while_it_is_stored_is_erased(
    script: Script, number: int
) -> None:
    library, records, archive = stores(script)
    archive.withdraw(KEY)
    archive.restore(KEY)
    tell = Nth(number, lambda: archive.withdraw(KEY))
    try:
        watched(library, records, tell).store(KEY, script, "tone", SOUND)
    except NarrationWithdrawn:
        assert tell.steps >= number
    if not archive.is_withdrawn(KEY):
        assert tell.steps < number
        return
    assert archive.find(KEY) is None
    assert lies_there(archive) == []
    assert [records.names(kind) for kind in ("narrations", "audio")] == [[], []]


@pytest.mark.parametrize("number", range(1, 30))
def test_a_narration_stored_while_it_is_withdrawn_is_erased(
    script: Script, number: int
) -> None:
    library, records, archive = stores(script)

    def store() -> None:
        try:
            archive.store(KEY, script, "tone", ELSE)
        except NarrationWithdrawn:
            return
        assert number == 1

    watched(library, records, Nth(number, store)).withdraw(KEY)
    assert archive.find(KEY) is None
    assert lies_there(archive) == []
    assert [records.names(kind) for kind in ("narrations", "audio")] == [[], []]


@pytest.mark.parametrize("number", range(1, 30))
def test_concurrent_withdrawals_of_shared_audio_remove_it(
    script: Script, number: int
) -> None:
    library, records, archive = stores(script)
    archive.store(OTHER, script, "tone", SOUND)
    tell = Nth(number, lambda: archive.withdraw(OTHER))
    watched(library, records, tell).withdraw(KEY)
    archive.withdraw(OTHER)
    assert lies_there(archive) == []
