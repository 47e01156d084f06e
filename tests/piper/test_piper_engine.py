"""The Piper engine: compiled, repeatable, streamed, with word timings."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.scripts import sentence_of
from tests.support.voices.onnx_graphs import CPU
from tests.support.voices.piper_voice import JOE, TEXT, altered, sound_of
from voices.errors import InvalidVoice
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.piper.compiler.rewriter import GraphRewriter
from voices.piper.load_model import open_model
from voices.piper.noise import draw_rhythm, draw_sound, generator_for
from voices.piper.source import Source

pytestmark = pytest.mark.live


def test_the_packaged_voice_is_compiled(piper: PiperEngine) -> None:
    assert piper.kind == "compiled"
    assert piper.repeatable
    assert "compiled" in piper.description


def test_a_compiled_voice_sounds_as_it_was_exported(
    source: Source, piper: PiperEngine, voices_cache: Path
) -> None:
    """With equal noise the difference is that of sums in another order."""
    said = piper.pronounce(sentence_of(TEXT)).ids
    compiled = open_model(source, voices_cache, CPU).render(said, b"equal")
    exported = GraphRewriter(source).seeded(CPU).render(said, b"equal")
    assert np.array_equal(compiled.frames, exported.frames)
    frames = int(compiled.frames.sum())
    actual, other = (each.sound(0, frames, frames) for each in (compiled, exported))
    ratio = np.square(other).sum() / np.square(actual - other).sum()
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


def test_threads_render_the_same_sound(piper: PiperEngine) -> None:
    texts = [f"{TEXT} It is {word}." for word in ("late", "early", "noon", "dark")]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: sound_of(piper, text), texts))
    for text, sound in zip(reversed(texts), reversed(together), strict=True):
        assert np.array_equal(sound, sound_of(piper, text))


def test_another_process_renders_the_same_sound(
    piper: PiperEngine, voices_cache: Path
) -> None:
    program = (
        "import hashlib, sys; from pathlib import Path;"
        "from tests.support.scripts import sentence_of;"
        "from voices.catalogue import open_catalogue;"
        "from voices.open_engine import open_engine;"
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


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"audio": {"sample_rate": 16000}}', "\x00", "no speakers"],
)
def test_a_configuration_that_does_not_fit_is_refused(
    text: str, tmp_path: Path
) -> None:
    voice = altered(tmp_path, lambda _: None)
    path = Path(f"{voice.model}.json")
    if text == "no speakers":
        text = json.dumps(json.loads(path.read_text()) | {"num_speakers": None})
    path.write_text(text)
    with pytest.raises(InvalidVoice, match="configuration"):
        open_engine(voice, tmp_path / "cache")


def test_a_configuration_of_another_rate_is_refused(tmp_path: Path) -> None:
    voice = altered(tmp_path, lambda _: None)
    path = Path(f"{voice.model}.json")
    config: dict[str, Any] = json.loads(path.read_text())
    config["audio"]["sample_rate"] = 16000
    path.write_text(json.dumps(config))
    with pytest.raises(InvalidVoice, match="does not fit"):
        open_engine(voice, tmp_path / "cache")


def test_noise_is_the_same_on_every_machine() -> None:
    """numpy does not guarantee its streams across releases; this test does."""
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
