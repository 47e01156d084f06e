"""Installed voices and their engines."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.scripts import sentence_of
from voices.catalogue import InstalledVoice, open_catalogue
from voices.errors import InvalidVoice, SynthesisFailed, VoiceNotFound
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.sentence import Sentence
from voices.tone import TONE, ToneEngine

JOE = "en_US-joe-medium"


def test_packaged_voice_and_tone_are_installed() -> None:
    assert [voice.id for voice in open_catalogue().voices] == [JOE, "tone"]


def test_unknown_voice_is_refused_with_the_known_ones() -> None:
    with pytest.raises(VoiceNotFound, match=f"{JOE}, tone"):
        open_catalogue().find("en_US-absent-low")


@pytest.mark.parametrize(
    ("language", "spoken"), [("en", True), ("en-GB", True), ("EN", True), ("de", False)]
)
def test_voice_speaks_its_language_in_every_region(
    language: str, *, spoken: bool
) -> None:
    assert open_catalogue().find(JOE).voice.speaks(language) is spoken


def test_tone_speaks_every_language() -> None:
    assert TONE.speaks("sw")


def test_tone_plays_one_beat_per_word(engine: ToneEngine) -> None:
    single = engine.speak(sentence_of("Tide.")).sound()
    three = engine.speak(sentence_of("The tide turns.")).sound()
    assert len(three.samples) == 3 * len(single.samples)


def test_tone_is_repeatable(engine: ToneEngine) -> None:
    first, second = (
        engine.speak(sentence_of("The tide turns.")).sound() for _ in range(2)
    )
    assert np.array_equal(first.samples, second.samples)


def test_tone_refuses_a_sentence_without_words(engine: ToneEngine) -> None:
    with pytest.raises(SynthesisFailed):
        engine.speak(Sentence("", (), 0))


@pytest.mark.live
def test_neural_voice_speaks_at_a_newsreaders_pace(piper: PiperEngine) -> None:
    text = "The harbour ferry sails again on Monday, the council said."
    audio = piper.speak(sentence_of(text)).sound()
    words_per_minute = len(text.split()) / audio.seconds * 60
    assert 120 < words_per_minute < 230
    assert np.abs(audio.samples).max() > 10_000


@pytest.mark.live
def test_neural_voice_refuses_a_sentence_without_words(
    piper: PiperEngine,
) -> None:
    with pytest.raises(SynthesisFailed):
        piper.speak(sentence_of("—"))


def copy_configuration(model: Path, copy: Path) -> None:
    """Copy the configuration of one model to another."""
    Path(f"{copy}.json").write_bytes(Path(f"{model}.json").read_bytes())


def test_missing_model_is_named(tmp_path: Path) -> None:
    gone = InstalledVoice(open_catalogue().find(JOE).voice, tmp_path / "gone.onnx")
    with pytest.raises(InvalidVoice, match=f"{JOE} cannot be read; install it again"):
        open_engine(gone, None)


def test_damaged_model_is_refused(tmp_path: Path) -> None:
    installed = open_catalogue().find(JOE)
    assert installed.model
    short = tmp_path / "short.onnx"
    short.write_bytes(installed.model.read_bytes()[:1_000_000])
    copy_configuration(installed.model, short)
    with pytest.raises(InvalidVoice, match="damaged"):
        open_engine(InstalledVoice(installed.voice, short), None)


def test_model_that_is_not_a_voice_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "letter.onnx"
    model.write_bytes(b"Dear editor")
    packaged = open_catalogue().find(JOE)
    assert packaged.model
    copy_configuration(packaged.model, model)
    sha256 = hashlib.sha256(b"Dear editor").hexdigest()
    voice = replace(open_catalogue().find(JOE).voice, model_sha256=sha256)
    with pytest.raises(InvalidVoice, match="is not a Piper voice"):
        open_engine(InstalledVoice(voice, model), None)


@pytest.mark.live
def test_opening_a_voice_writes_no_device_id_into_the_home_folder(
    tmp_path: Path, voices_cache: Path
) -> None:
    """onnxruntime would, and report to its maker."""
    program = (
        "from pathlib import Path;"
        "from voices.catalogue import open_catalogue;"
        "from voices.open_engine import open_engine;"
        f"open_engine(open_catalogue().find({JOE!r}), Path({str(voices_cache)!r}))"
    )
    homes = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    bare = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", program], env=bare | homes, check=True)
    assert list(tmp_path.rglob("*")) == []
