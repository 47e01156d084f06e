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
from tests.support.voices.mirror_server import MirrorFiles, run_mirror
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
    """Model and configuration of the packaged voice."""
    model = open_catalogue().find("en_US-joe-medium").model
    assert model
    return model.read_bytes(), Path(f"{model}.json").read_bytes()


@pytest.fixture(name="mirror")
def _mirror() -> Iterator[MirrorFiles]:
    """An empty mirror."""
    with run_mirror() as mirror:
        yield mirror


@pytest.fixture(name="target")
def _target(tmp_path: Path, voices_cache: Path) -> InstallTarget:
    return InstallTarget(tmp_path / "voices", voices_cache)


def ignore_progress(_done: int, _total: int) -> None:
    """Accept a download's progress."""


def ids(target: InstallTarget) -> list[str]:
    """Return the ids of the installed voices."""
    return [voice.id for voice in open_catalogue(target.folder).voices]


@pytest.mark.live
@pytest.mark.trial
def test_voice_from_a_mirror_can_speak(
    mirror: MirrorFiles, target: InstallTarget, joe: tuple[bytes, bytes]
) -> None:
    mirror.publish(JIM, *joe, CARD)
    reports: list[tuple[int, int]] = []
    candidate = Mirror(f"{mirror.address}/").find_candidate(JIM)
    voice = install(candidate, target, lambda *progress: reports.append(progress))
    assert reports[-1] == (len(joe[0]) + len(joe[1]),) * 2
    assert (voice.id, voice.language) == (JIM, "en-US")
    assert (voice.licence, voice.sample_rate) == ("CC BY-NC 4.0", 22050)
    assert voice.credit == "jim (medium), https://voices.example.org/jim"
    installed = open_catalogue(target.folder).find(JIM)
    assert installed.voice == voice == find_added(JIM, target.folder)
    engine = open_engine(installed, target.cache)
    spoken = [engine.speak(sentence_of(text)).sound() for text in sample_of("en")]
    sound = Audio.join(spoken, 22050).samples.astype(np.float32) / np.float32(32768)
    assert abs(integrated_loudness(sound, 22050) - TARGET_LUFS) < 1
    files = {path.name for path in (target.folder / JIM).iterdir()}
    assert files == {"MODEL_CARD", MANIFEST, f"{JIM}.onnx", f"{JIM}.onnx.json"}


@pytest.mark.live
def test_concurrent_installs_of_a_voice_fetch_it_once(
    mirror: MirrorFiles, target: InstallTarget, joe: tuple[bytes, bytes]
) -> None:
    mirror.publish(JIM, *joe, CARD)
    candidate = Mirror(mirror.address).find_candidate(JIM)
    with ThreadPoolExecutor(2) as pool:
        installs = [
            pool.submit(install, candidate, target, ignore_progress) for _ in range(2)
        ]
    assert installs[0].result() == installs[1].result()
    assert mirror.ranges_requested(".onnx") == [None]
    assert ids(target) == [JIM, "en_US-joe-medium", "tone"]


@pytest.mark.live
def test_interrupted_install_is_resumed(
    mirror: MirrorFiles, target: InstallTarget, joe: tuple[bytes, bytes]
) -> None:
    mirror.publish(JIM, *joe, CARD)
    mirror.supports_ranges, mirror.cut_after = False, 50_000_000
    candidate = Mirror(mirror.address).find_candidate(JIM)
    with pytest.raises(DownloadFailed, match="the same command resumes"):
        install(candidate, target, ignore_progress)
    assert ids(target) == ["en_US-joe-medium", "tone"]
    mirror.supports_ranges, mirror.cut_after = True, None
    install(candidate, target, ignore_progress)
    assert mirror.ranges_requested(".onnx")[-1] == "bytes=50000000-"
    assert JIM in ids(target)


@pytest.mark.live
def test_only_a_damaged_voice_is_installed_again(
    target: InstallTarget, joe: tuple[bytes, bytes], tmp_path: Path
) -> None:
    candidate = candidate_from_files(write_voice(tmp_path, *joe))
    voice = install(candidate, target, ignore_progress)
    model = target.folder / JIM / f"{JIM}.onnx"
    before = model.stat().st_ino
    assert install(candidate, target, ignore_progress) == voice
    assert model.stat().st_ino == before
    model.write_bytes(b"half")
    assert find_added(JIM, target.folder) is None
    assert install(candidate, target, ignore_progress) == voice
    assert model.read_bytes() == joe[0]
    with pytest.raises(VoiceNotAccepted, match="Another voice was added as en_US-jim"):
        install(replace(candidate, model_sha256="0" * 64), target, ignore_progress)


def write_voice(folder: Path, model: bytes, config: bytes) -> Path:
    """Write a voice's files; return the path of the model."""
    path = folder / f"{JIM}.onnx"
    path.write_bytes(model)
    Path(f"{path}.json").write_bytes(config)
    return path


def graph_of_another_kind() -> bytes:
    """Return an ONNX model that is not a voice."""
    samples = Path(onnxruntime.__file__).parent / "datasets"
    return (samples / "mul_1.onnx").read_bytes()


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        pytest.param(b"Dear editor", "is not a Piper voice", id="a letter"),
        pytest.param(
            graph_of_another_kind(), "cannot speak its own", id="another graph"
        ),
        pytest.param(None, "is not a Piper voice", id="half a voice"),
    ],
)
def test_model_that_is_not_a_voice_is_refused(
    target: InstallTarget,
    joe: tuple[bytes, bytes],
    tmp_path: Path,
    model: bytes | None,
    reason: str,
) -> None:
    content = joe[0][:1_000_000] if model is None else model
    candidate = candidate_from_files(write_voice(tmp_path, content, joe[1]))
    with pytest.raises(InvalidVoice, match=reason):
        install(candidate, target, ignore_progress)
    assert ids(target) == ["en_US-joe-medium", "tone"]
    left = [path.name for path in target.folder.rglob("*") if path.is_file()]
    assert left == [f"{JIM}.lock"]


@pytest.mark.parametrize(
    ("change", "reason"),
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
def test_incomplete_configuration_is_refused(
    target: InstallTarget,
    joe: tuple[bytes, bytes],
    tmp_path: Path,
    change: dict[str, object],
    reason: str,
) -> None:
    config = json.dumps(json.loads(joe[1]) | change).encode()
    candidate = candidate_from_files(write_voice(tmp_path, joe[0][:1000], config))
    with pytest.raises(InvalidVoice, match=reason):
        install(candidate, target, ignore_progress)
    assert ids(target) == ["en_US-joe-medium", "tone"]


@pytest.mark.parametrize("config", [b"", b"[]", b'"joe"', b"\xff", b"<html>"])
def test_configuration_of_another_kind_is_refused(
    target: InstallTarget, joe: tuple[bytes, bytes], tmp_path: Path, config: bytes
) -> None:
    candidate = candidate_from_files(write_voice(tmp_path, joe[0][:1000], config))
    with pytest.raises(InvalidVoice, match="is not the configuration of a Piper voice"):
        install(candidate, target, ignore_progress)


def test_missing_local_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidVoice, match=r"gone\.onnx cannot be read .*; check its"):
        candidate_from_files(tmp_path / "gone.onnx")
    (tmp_path / "here.onnx").write_bytes(b"")
    with pytest.raises(InvalidVoice, match=r"here\.onnx\.json cannot be read"):
        candidate_from_files(tmp_path / "here.onnx")
    with pytest.raises(InvalidVoice, match=r"ends in \.onnx"):
        candidate_from_files(tmp_path / "here.txt")


def test_stated_licence_overrides_the_model_card(
    tmp_path: Path,
) -> None:
    model = write_voice(tmp_path, b"", b"")
    assert candidate_from_files(model).card.licence == NOT_STATED
    (tmp_path / "MODEL_CARD").write_bytes(CARD)
    candidate = candidate_from_files(model)
    assert candidate.card == read_model_card(CARD)
    stated = candidate.with_licence(" own\nvoice\x1b ", "Ours").card
    assert (stated.licence, stated.credit) == ("own voice", "Ours")


@pytest.mark.parametrize("name", ["en_US-joe-medium", "tone"])
def test_packaged_voice_need_not_be_added(target: InstallTarget, name: str) -> None:
    with pytest.raises(VoiceNotAccepted, match="comes with the installation"):
        find_added(name, target.folder)


@pytest.mark.parametrize("name", ["", ".adding", "../joe", "a/b", "a b", "x" * 200])
def test_invalid_voice_id_is_refused(target: InstallTarget, name: str) -> None:
    with pytest.raises(VoiceNotAccepted, match="use letters, digits"):
        find_added(name, target.folder)


def test_unknown_voice_is_reported_with_similar_names(mirror: MirrorFiles) -> None:
    for name in (JIM, "en_US-jane-low", "pt_PT-tugão-medium"):
        mirror.publish(name, b"model", b"{}", CARD)
    with pytest.raises(VoiceNotFound, match="is it en_US-jim-medium"):
        Mirror(mirror.address).find_candidate("en_us-jim-medum")
    with pytest.raises(VoiceNotFound, match=r"the names in its voices\.json"):
        Mirror(mirror.address).find_candidate("zzz")
    assert (
        Mirror(mirror.address).find_candidate("pt_PT-tugão-medium").language == "pt-PT"
    )


def test_voice_without_a_model_card_is_refused(mirror: MirrorFiles) -> None:
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
def test_invalid_index_of_a_mirror_is_refused(
    mirror: MirrorFiles, listed: bytes
) -> None:
    mirror.files["voices.json"] = listed
    with pytest.raises(DownloadFailed, match=r"is not a voices\.json of"):
        Mirror(mirror.address).find_candidate(JIM)


def test_mirror_without_an_index_is_reported(
    mirror: MirrorFiles,
) -> None:
    with pytest.raises(DownloadFailed, match=r"There is no http.*voices\.json; set"):
        Mirror(mirror.address).find_candidate(JIM)


def test_wrong_checksum_leaves_no_files(
    mirror: MirrorFiles, target: InstallTarget
) -> None:
    mirror.publish(JIM, b"model", b"{}", CARD)
    mirror.files[f"en/en_US/{JIM}/{JIM}.onnx"] = b"medal"
    with pytest.raises(DownloadFailed, match="size or checksum of"):
        install(Mirror(mirror.address).find_candidate(JIM), target, ignore_progress)
    left = [path.name for path in target.folder.rglob("*") if path.is_file()]
    assert left == [f"{JIM}.lock"]


def test_download_larger_than_the_disk_is_not_started(
    mirror: MirrorFiles, target: InstallTarget
) -> None:
    mirror.publish(JIM, b"model", b"{}", CARD)
    index = mirror.files["voices.json"]
    mirror.files["voices.json"] = index.replace(
        b'"size_bytes": 5', b'"size_bytes": 5e18'
    )
    with pytest.raises(OSError, match="space") as raised:
        install(Mirror(mirror.address).find_candidate(JIM), target, ignore_progress)
    assert raised.value.errno == errno.ENOSPC
    assert mirror.ranges_requested(".onnx") == []
