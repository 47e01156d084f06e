"""Installing voices from a mirror and from files."""

import errno
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from tests.support.scripts import sentence_of
from tests.support.voices_mirror import MirrorFiles, run_mirror
from voices.audio import Audio
from voices.catalogue import open_catalogue
from voices.errors import DownloadFailed, InvalidVoice, VoiceNotAccepted, VoiceNotFound
from voices.install.candidate import candidate_from_files
from voices.install.install import InstallTarget, find_added, install
from voices.install.mirror import Mirror
from voices.install.model_card import NOT_STATED, read_model_card
from voices.install.sample_texts import sample_of
from voices.loudness.bs1770 import integrated_loudness
from voices.loudness.limiter import TARGET_LUFS
from voices.manifest import MANIFEST
from voices.open_engine import open_engine

JIM = "en_US-jim-medium"
CARD = b"""# Model card for jim (medium)

* Language: en_US (English, United States)

## Dataset

* URL: https://voices.example.org/jim
* License: CC BY-NC 4.0
"""


@pytest.fixture(scope="module", name="joe")
def _joe() -> tuple[bytes, bytes]:
    """Model and configuration of the voice of the package."""
    model = open_catalogue().find("en_US-joe-medium").model
    assert model
    return model.read_bytes(), Path(f"{model}.json").read_bytes()


@pytest.fixture(name="mirror")
def _mirror() -> Iterator[MirrorFiles]:
    with run_mirror() as mirror:
        yield mirror


@pytest.fixture(name="place")
def _place(tmp_path: Path, voices_cache: Path) -> InstallTarget:
    return InstallTarget(tmp_path / "voices", voices_cache)


def untold(_done: int, _total: int) -> None:
    pass


def ids(place: InstallTarget) -> list[str]:
    return [voice.id for voice in open_catalogue(place.folder).voices]


@pytest.mark.live
@pytest.mark.trial
def test_a_voice_from_a_mirror_can_be_asked_to_speak(
    mirror: MirrorFiles, place: InstallTarget, joe: tuple[bytes, bytes]
) -> None:
    mirror.publish(JIM, *joe, CARD)
    told: list[tuple[int, int]] = []
    candidate = Mirror(f"{mirror.address}/").find_candidate(JIM)
    voice = install(candidate, place, lambda *progress: told.append(progress))
    assert told[-1] == (len(joe[0]) + len(joe[1]),) * 2
    assert (voice.id, voice.language) == (JIM, "en-US")
    assert (voice.licence, voice.sample_rate) == ("CC BY-NC 4.0", 22050)
    assert voice.credit == "jim (medium), https://voices.example.org/jim"
    installed = open_catalogue(place.folder).find(JIM)
    assert installed.voice == voice == find_added(JIM, place.folder)
    engine = open_engine(installed, place.cache)
    said = [engine.speak(sentence_of(text)).sound() for text in sample_of("en")]
    sound = Audio.join(said, 22050).samples.astype(np.float32) / np.float32(32768)
    assert abs(integrated_loudness(sound, 22050) - TARGET_LUFS) < 1
    kept = {one.name for one in (place.folder / JIM).iterdir()}
    assert kept == {"MODEL_CARD", MANIFEST, f"{JIM}.onnx", f"{JIM}.onnx.json"}


@pytest.mark.live
def test_a_voice_that_two_add_at_once_is_fetched_and_added_once(
    mirror: MirrorFiles, place: InstallTarget, joe: tuple[bytes, bytes]
) -> None:
    mirror.publish(JIM, *joe, CARD)
    candidate = Mirror(mirror.address).find_candidate(JIM)
    with ThreadPoolExecutor(2) as pool:
        adding = [pool.submit(install, candidate, place, untold) for _ in range(2)]
    assert adding[0].result() == adding[1].result()
    assert mirror.ranges_requested(".onnx") == [None]
    assert ids(place) == [JIM, "en_US-joe-medium", "tone"]


@pytest.mark.live
def test_an_interrupted_install_is_resumed(
    mirror: MirrorFiles, place: InstallTarget, joe: tuple[bytes, bytes]
) -> None:
    mirror.publish(JIM, *joe, CARD)
    mirror.supports_ranges, mirror.cut_after = False, 50_000_000
    candidate = Mirror(mirror.address).find_candidate(JIM)
    with pytest.raises(DownloadFailed, match="the same command resumes"):
        install(candidate, place, untold)
    assert ids(place) == ["en_US-joe-medium", "tone"]
    mirror.supports_ranges, mirror.cut_after = True, None
    install(candidate, place, untold)
    assert mirror.ranges_requested(".onnx")[-1] == "bytes=50000000-"
    assert JIM in ids(place)


@pytest.mark.live
def test_a_damaged_voice_is_added_again_and_a_whole_one_is_not(
    place: InstallTarget, joe: tuple[bytes, bytes], tmp_path: Path
) -> None:
    candidate = candidate_from_files(local(tmp_path, *joe))
    voice = install(candidate, place, untold)
    model = place.folder / JIM / f"{JIM}.onnx"
    before = model.stat().st_ino
    assert install(candidate, place, untold) == voice
    assert model.stat().st_ino == before
    model.write_bytes(b"half")
    assert find_added(JIM, place.folder) is None
    assert install(candidate, place, untold) == voice
    assert model.read_bytes() == joe[0]
    with pytest.raises(VoiceNotAccepted, match="Another voice was added as en_US-jim"):
        install(replace(candidate, model_sha256="0" * 64), place, untold)


def local(folder: Path, model: bytes, config: bytes) -> Path:
    path = folder / f"{JIM}.onnx"
    path.write_bytes(model)
    Path(f"{path}.json").write_bytes(config)
    return path


def graph_of_no_voice() -> bytes:
    samples = Path(onnxruntime.__file__).parent / "datasets"
    return (samples / "mul_1.onnx").read_bytes()


@pytest.mark.parametrize(
    ("model", "why"),
    [
        pytest.param(b"Dear editor", "is not a Piper voice", id="a letter"),
        pytest.param(graph_of_no_voice(), "cannot speak its own", id="another graph"),
        pytest.param(None, "is not a Piper voice", id="half a voice"),
    ],
)
def test_a_model_that_is_no_voice_is_not_added(
    place: InstallTarget,
    joe: tuple[bytes, bytes],
    tmp_path: Path,
    model: bytes | None,
    why: str,
) -> None:
    content = joe[0][:1_000_000] if model is None else model
    candidate = candidate_from_files(local(tmp_path, content, joe[1]))
    with pytest.raises(InvalidVoice, match=why):
        install(candidate, place, untold)
    assert ids(place) == ["en_US-joe-medium", "tone"]
    left = [one.name for one in place.folder.rglob("*") if one.is_file()]
    assert left == [f"{JIM}.lock"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"audio": {}}, "no sample rate"),
        ({"audio": {"sample_rate": "fast"}}, "no sample rate"),
        ({"audio": {"sample_rate": 22}}, "no sample rate"),
        ({"audio": None}, "no sample rate"),
        ({"phoneme_id_map": ["a"]}, "not the configuration of a Piper voice"),
        ({"language": {}, "espeak": {"voice": ""}}, "no language"),
        ({"num_speakers": None}, "no speakers"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(
    place: InstallTarget,
    joe: tuple[bytes, bytes],
    tmp_path: Path,
    change: dict[str, object],
    why: str,
) -> None:
    config = json.dumps(json.loads(joe[1]) | change).encode()
    candidate = candidate_from_files(local(tmp_path, joe[0][:1000], config))
    with pytest.raises(InvalidVoice, match=why):
        install(candidate, place, untold)
    assert ids(place) == ["en_US-joe-medium", "tone"]


@pytest.mark.parametrize("config", [b"", b"[]", b'"joe"', b"\xff", b"<html>"])
def test_a_configuration_of_something_else_is_refused(
    place: InstallTarget, joe: tuple[bytes, bytes], tmp_path: Path, config: bytes
) -> None:
    candidate = candidate_from_files(local(tmp_path, joe[0][:1000], config))
    with pytest.raises(InvalidVoice, match="is not the configuration of a Piper voice"):
        install(candidate, place, untold)


def test_local_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidVoice, match=r"gone\.onnx cannot be read .*; check its"):
        candidate_from_files(tmp_path / "gone.onnx")
    (tmp_path / "here.onnx").write_bytes(b"")
    with pytest.raises(InvalidVoice, match=r"here\.onnx\.json cannot be read"):
        candidate_from_files(tmp_path / "here.onnx")
    with pytest.raises(InvalidVoice, match=r"ends in \.onnx"):
        candidate_from_files(tmp_path / "here.txt")


def test_the_terms_of_local_files_are_what_is_stated_else_what_the_card_says(
    tmp_path: Path,
) -> None:
    model = local(tmp_path, b"", b"")
    assert candidate_from_files(model).card.licence == NOT_STATED
    (tmp_path / "MODEL_CARD").write_bytes(CARD)
    candidate = candidate_from_files(model)
    assert candidate.card == read_model_card(CARD)
    stated = candidate.with_licence(" own\nvoice\x1b ", "Ours").card
    assert (stated.licence, stated.credit) == ("own voice", "Ours")


@pytest.mark.parametrize("name", ["en_US-joe-medium", "tone"])
def test_a_voice_of_the_installation_needs_no_adding(
    place: InstallTarget, name: str
) -> None:
    with pytest.raises(VoiceNotAccepted, match="comes with the installation"):
        find_added(name, place.folder)


@pytest.mark.parametrize("name", ["", ".adding", "../joe", "a/b", "a b", "x" * 200])
def test_a_name_that_is_no_file_name_is_refused(
    place: InstallTarget, name: str
) -> None:
    with pytest.raises(VoiceNotAccepted, match="use letters, digits"):
        find_added(name, place.folder)


def test_an_unknown_name_is_answered_with_those_near_it(mirror: MirrorFiles) -> None:
    for name in (JIM, "en_US-jane-low", "pt_PT-tugão-medium"):
        mirror.publish(name, b"model", b"{}", CARD)
    with pytest.raises(VoiceNotFound, match="is it en_US-jim-medium"):
        Mirror(mirror.address).find_candidate("en_us-jim-medum")
    with pytest.raises(VoiceNotFound, match=r"the names in its voices\.json"):
        Mirror(mirror.address).find_candidate("zzz")
    assert (
        Mirror(mirror.address).find_candidate("pt_PT-tugão-medium").language == "pt-PT"
    )


def test_a_voice_without_a_model_card_is_refused(mirror: MirrorFiles) -> None:
    mirror.publish(JIM, b"model", b"{}", None)
    with pytest.raises(DownloadFailed, match="has no MODEL_CARD"):
        Mirror(mirror.address).find_candidate(JIM)
    mirror.publish(JIM, b"model", b"{}", CARD)
    del mirror.files[f"en/en_US/{JIM}/MODEL_CARD"]
    with pytest.raises(DownloadFailed, match="has no MODEL_CARD"):
        Mirror(mirror.address).find_candidate(JIM)


@pytest.mark.parametrize(
    "listed", [b"<html>", b"[]", b'{"en_US-jim-medium": {"files": 1}}', b"\xff\xfe"]
)
def test_a_list_of_something_else_is_refused(
    mirror: MirrorFiles, listed: bytes
) -> None:
    mirror.files["voices.json"] = listed
    with pytest.raises(DownloadFailed, match=r"is not a voices\.json of"):
        Mirror(mirror.address).find_candidate(JIM)


def test_an_address_without_a_list_is_told_what_belongs_there(
    mirror: MirrorFiles,
) -> None:
    with pytest.raises(DownloadFailed, match=r"There is no http.*voices\.json; set"):
        Mirror(mirror.address).find_candidate(JIM)


def test_a_checksum_that_differs_leaves_nothing(
    mirror: MirrorFiles, place: InstallTarget
) -> None:
    mirror.publish(JIM, b"model", b"{}", CARD)
    mirror.files[f"en/en_US/{JIM}/{JIM}.onnx"] = b"medal"
    with pytest.raises(DownloadFailed, match="size or checksum of"):
        install(Mirror(mirror.address).find_candidate(JIM), place, untold)
    left = [one.name for one in place.folder.rglob("*") if one.is_file()]
    assert left == [f"{JIM}.lock"]


def test_a_voice_that_the_disk_cannot_hold_is_not_begun(
    mirror: MirrorFiles, place: InstallTarget
) -> None:
    mirror.publish(JIM, b"model", b"{}", CARD)
    listed = mirror.files["voices.json"]
    mirror.files["voices.json"] = listed.replace(
        b'"size_bytes": 5', b'"size_bytes": 5e18'
    )
    with pytest.raises(OSError, match="space") as raised:
        install(Mirror(mirror.address).find_candidate(JIM), place, untold)
    assert raised.value.errno == errno.ENOSPC
    assert mirror.ranges_requested(".onnx") == []
