"""The neural voice: compiled, repeatable, in windows, its words placed."""

import hashlib
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from tests.conftest import sentence_of
from voices.catalogue import InstalledVoice, open_catalogue
from voices.errors import VoiceBroken
from voices.opening import open_engine
from voices.piper import PiperEngine
from voices.piper.choice import open_model
from voices.piper.noise import draw_rhythm, draw_sound, generator_for
from voices.piper.source import Source, read_source

pytestmark = pytest.mark.live

JOE = "en_US-joe-medium"
CPU = ("CPUExecutionProvider",)
TEXT = (
    "The harbour ferry sails again on Monday, the council said, if its hull is sound."
)


@pytest.fixture(name="source")
def _source() -> Source:
    installed = open_catalogue().find(JOE)
    assert installed.model
    return read_source(installed.voice, installed.model)


def sound_of(engine: PiperEngine, text: str = TEXT) -> np.ndarray:
    return engine.speak(sentence_of(text)).sound().samples


def altered(folder: Path, alter: Callable[[onnx.ModelProto], object]) -> InstalledVoice:
    """The packaged voice with another graph, as if it had been exported so."""
    installed = open_catalogue().find(JOE)
    assert installed.model
    model = onnx.load(installed.model)
    alter(model)
    path = folder / "altered.onnx"
    path.write_bytes(model.SerializeToString())
    shutil.copy(f"{installed.model}.json", f"{path}.json")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return InstalledVoice(replace(installed.voice, model_sha256=sha256), path)


def test_the_packaged_voice_is_compiled(piper: PiperEngine) -> None:
    assert piper.kind == "compiled"
    assert piper.repeatable
    assert "compiled" in piper.description


def test_a_compiled_voice_sounds_as_it_was_exported(
    source: Source, piper: PiperEngine, voices_cache: Path
) -> None:
    """With equal noise the difference is that of sums in another order."""
    from voices.piper.surgery import Surgery  # noqa: PLC0415 - onnx is slow to import

    said = piper.pronounce(sentence_of(TEXT)).ids
    compiled = open_model(source, voices_cache, CPU).render(said, b"equal")
    exported = Surgery(source).seeded(CPU).render(said, b"equal")
    assert np.array_equal(compiled.frames, exported.frames)
    frames = int(compiled.frames.sum())
    one, other = compiled.sound(0, frames), exported.sound(0, frames)
    ratio = np.square(other).sum() / np.square(one - other).sum()
    assert 10 * np.log10(ratio) > 90


def test_the_same_sentence_is_the_same_every_time(piper: PiperEngine) -> None:
    assert np.array_equal(sound_of(piper), sound_of(piper))


def test_a_stream_is_the_same_as_the_whole(piper: PiperEngine) -> None:
    for text in (TEXT, "Yes.", f"{TEXT} {TEXT} {TEXT}"):
        pieces = list(piper.speak(sentence_of(text)).stream())
        streamed = np.concatenate([piece.samples for piece in pieces])
        assert np.array_equal(streamed, sound_of(piper, text))
    assert len(pieces) > 3
    assert pieces[0].seconds < 0.5


def test_threads_say_the_same_as_one(piper: PiperEngine) -> None:
    texts = [f"{TEXT} It is {word}." for word in ("late", "early", "noon", "dark")]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: sound_of(piper, text), texts))
    for text, sound in zip(reversed(texts), reversed(together), strict=True):
        assert np.array_equal(sound, sound_of(piper, text))


def test_another_process_says_the_same(piper: PiperEngine, voices_cache: Path) -> None:
    program = (
        "import hashlib, sys; from pathlib import Path;"
        "from tests.conftest import sentence_of;"
        "from voices.catalogue import open_catalogue;"
        "from voices.opening import open_engine;"
        f"engine = open_engine(open_catalogue().find({JOE!r}), Path(sys.argv[1]));"
        f"samples = engine.speak(sentence_of({TEXT!r})).sound().samples;"
        "print(hashlib.sha256(samples.tobytes()).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, voices_cache],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == hashlib.sha256(sound_of(piper)).hexdigest()


def test_compiled_in_memory_it_sounds_the_same(piper: PiperEngine) -> None:
    alone = open_engine(open_catalogue().find(JOE), None)
    assert isinstance(alone, PiperEngine)
    assert alone.kind == "compiled"
    assert np.array_equal(sound_of(alone), sound_of(piper))


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("in the way")
    engine = open_engine(open_catalogue().find(JOE), tmp_path / "cache" / "voices")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "compiled"
    assert "cannot be kept" in caplog.text


@pytest.mark.parametrize("name", ["text.ort", "flow.ort", "decoder.ort", "facts.json"])
def test_a_damaged_compiled_voice_is_made_anew(
    name: str,
    source: Source,
    voices_cache: Path,
    tmp_path: Path,
    piper: PiperEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cache = tmp_path / "voices"
    shutil.copytree(voices_cache, cache)
    (damaged,) = cache.glob(f"{JOE}-*/{name}")
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2] + b"\x00" + whole[len(whole) // 2 :])
    said = piper.pronounce(sentence_of(TEXT)).ids
    again = open_model(source, cache, CPU).render(said, b"x")
    before = open_model(source, voices_cache, CPU).render(said, b"x")
    assert np.array_equal(again.sound(0, 60), before.sound(0, 60))
    caplog.clear()
    assert open_model(source, cache, CPU).kind == "compiled"
    assert caplog.text == ""


def test_several_processes_may_compile_at_once(tmp_path: Path) -> None:
    program = (
        "import logging, sys; from pathlib import Path;"
        "logging.basicConfig(level=logging.INFO);"
        "from voices.catalogue import open_catalogue;"
        "from voices.opening import open_engine;"
        f"engine = open_engine(open_catalogue().find({JOE!r}), Path(sys.argv[1]));"
        "print(engine.kind)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [one.communicate() for one in started]
    assert [kind.strip() for kind, _ in said] == ["compiled"] * 3
    assert sum("is compiled for this machine" in log for _, log in said) == 1
    kept = [one for one in tmp_path.iterdir() if one.is_dir()]
    assert len(kept) == 1
    assert {one.name for one in kept[0].iterdir()} == {
        "decoder.ort",
        "facts.json",
        "flow.ort",
        "text.ort",
    }


def unlike_any_seen(model: onnx.ModelProto) -> None:
    """Give an upsampling another padding than those that can be rewritten."""
    node = next(one for one in model.graph.node if one.op_type == "ConvTranspose")
    (pads,) = (one for one in node.attribute if one.name == "pads")
    pads.ints[:] = [3, 5]


def without_seen_noise(model: onnx.ModelProto) -> None:
    """Draw the durations' noise by an operator that is not looked for."""
    node = next(one for one in model.graph.node if one.op_type == "RandomNormalLike")
    shape = next(n for n in model.graph.node if n.output[0] == node.input[0]).input[0]
    drawn = onnx.helper.make_node("RandomNormalLike", [node.input[0]], ["drawn"])
    drawn.attribute.extend(node.attribute)
    again = onnx.helper.make_node("RandomNormalLike", ["drawn"], list(node.output))
    at = list(model.graph.node).index(node)
    model.graph.node.remove(node)
    model.graph.node.insert(at, drawn)
    model.graph.node.insert(at + 1, again)
    assert shape


def test_a_voice_that_cannot_be_rewritten_is_still_repeatable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(altered(tmp_path, unlike_any_seen), tmp_path / "cache")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "seeded"
    assert engine.repeatable
    assert "is not compiled" in caplog.text
    assert np.array_equal(sound_of(engine), sound_of(engine))
    words = engine.speak(sentence_of(TEXT)).words
    assert words[0].start < words[-1].start


def test_a_voice_that_is_not_understood_speaks_and_is_not_called_repeatable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(altered(tmp_path, without_seen_noise), tmp_path / "cache")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "stock"
    assert not engine.repeatable
    assert "is not repeatable" in caplog.text
    assert len(sound_of(engine)) > engine.voice.sample_rate


@pytest.mark.parametrize(
    "told",
    ["", "[]", "{}", '{"audio": {"sample_rate": 16000}}', "\x00", "no speakers"],
)
def test_a_configuration_that_does_not_fit_is_refused(
    told: str, tmp_path: Path
) -> None:
    voice = altered(tmp_path, lambda _: None)
    path = Path(f"{voice.model}.json")
    if told == "no speakers":
        told = json.dumps(json.loads(path.read_text()) | {"num_speakers": None})
    path.write_text(told)
    with pytest.raises(VoiceBroken, match="configuration"):
        open_engine(voice, tmp_path / "cache")


def test_a_configuration_of_another_rate_is_refused(tmp_path: Path) -> None:
    voice = altered(tmp_path, lambda _: None)
    path = Path(f"{voice.model}.json")
    told: dict[str, Any] = json.loads(path.read_text())
    told["audio"]["sample_rate"] = 16000
    path.write_text(json.dumps(told))
    with pytest.raises(VoiceBroken, match="does not fit"):
        open_engine(voice, tmp_path / "cache")


def test_noise_is_the_same_on_every_machine() -> None:
    """numpy does not promise its streams across releases: this one is promised here."""
    generator = generator_for(b"The tide turned.")
    drawn = draw_rhythm(generator, 4).tobytes() + draw_sound(generator, 3, 5).tobytes()
    assert hashlib.sha256(drawn).hexdigest()[:16] == "f8d98e16d003e8cc"


def test_a_frame_has_the_same_noise_however_many_follow() -> None:
    short = draw_sound(generator_for(b"x"), 3, 5)
    long = draw_sound(generator_for(b"x"), 3, 50)
    assert np.array_equal(short, long[:, :, :5])


def test_sentences_begin_and_end_in_silence(piper: PiperEngine) -> None:
    for text in (TEXT, "Yes.", "Stop it at once!"):
        samples = sound_of(piper, text)
        assert abs(int(samples[0])) < 50
        assert abs(int(samples[-1])) < 350


def test_the_silence_after_a_sentence_is_left_to_the_script(piper: PiperEngine) -> None:
    samples = sound_of(piper, "The council said so on Monday.").astype(np.float64)
    block = 110
    level = np.sqrt(
        np.square(samples[: len(samples) // block * block])
        .reshape(-1, block)
        .mean(axis=1)
    )
    heard = np.flatnonzero(level > 0.01 * 32767)
    assert (len(level) - 1 - heard[-1]) * block / 22050 < 0.06
    assert heard[0] * block / 22050 < 0.06


@pytest.fixture(autouse=True)
def _told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
