"""Voices are compiled once per machine, verified, and run as exported otherwise."""

import json
import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnxruntime import GraphOptimizationLevel as Level

from tests.support.full_disk import mount, unmount
from tests.support.processes import children_of, wait_until_gone
from tests.support.scripts import sentence_of
from tests.support.voices.onnx_graphs import CPU
from tests.support.voices.piper_voice import JOE, TEXT, altered, sound_of
from voices.catalogue import open_catalogue
from voices.errors import InvalidVoice
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.piper.compile_process import (
    CompileRequest,
    NotCompiledError,
    compile_in_subprocess,
)
from voices.piper.compiled_model import open_compiled, write_compiled
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.rewriter import GraphRewriter
from voices.piper.load_model import open_model
from voices.piper.source import Source

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def _told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)


class WithoutBlocks(Optimizer):
    """Optimizes as on a processor without the blocked layout."""

    def block(self) -> int:
        return 0

    def _made_of(self, model: onnx.ModelProto, level: Level) -> onnx.ModelProto:
        return super()._made_of(model, min(level, Level.ORT_ENABLE_EXTENDED, key=int))


@pytest.mark.trial
def test_without_blocks_a_voice_renders_whole_sentences_with_the_same_sound(
    source: Source, tmp_path: Path, piper: PiperEngine
) -> None:
    """Without blocks, windows would not be bit-identical to the whole."""
    compiled = GraphRewriter(source).compiled(WithoutBlocks(CPU, tmp_path))
    write_compiled(compiled, tmp_path)
    plain = open_compiled(tmp_path, source, CPU)
    assert plain
    said = piper.pronounce(sentence_of(TEXT)).ids
    exported = GraphRewriter(source).seeded(CPU).render(said, b"x")
    rendering = plain.render(said, b"x")
    frames = int(rendering.frames.sum())
    whole = plain.render(said, b"x").sound(0, frames, frames)
    windows = [
        rendering.sound(first, min(first + 50, frames), first)
        for first in range(0, frames, 50)
    ]
    assert np.array_equal(np.concatenate(windows), whole)
    difference = exported.sound(0, frames, frames) - whole
    assert 10 * np.log10(np.square(whole).sum() / np.square(difference).sum()) > 90


@pytest.mark.trial
def test_a_voice_compiled_without_a_cache_sounds_the_same(piper: PiperEngine) -> None:
    alone = open_engine(open_catalogue().find(JOE), None)
    assert isinstance(alone, PiperEngine)
    assert alone.kind == "compiled"
    assert np.array_equal(sound_of(alone), sound_of(piper))


@pytest.mark.trial
def test_an_unwritable_cache_is_skipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("in the way")
    engine = open_engine(open_catalogue().find(JOE), tmp_path / "cache" / "voices")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "compiled"
    assert "cannot be stored" in caplog.text


def test_a_voice_runs_as_exported_if_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    engine = open_engine(open_catalogue().find(JOE), tmp_path / "file" / "voices")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "seeded"
    assert "nothing can be written" in caplog.text
    assert len(sound_of(engine)) > engine.voice.sample_rate


def test_a_voice_runs_as_exported_when_compilation_is_off(tmp_path: Path) -> None:
    voice, cache = open_catalogue().find(JOE), tmp_path / "voices"
    engine = open_engine(voice, cache, compile_graph=False)
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "seeded"
    assert engine.repeatable
    assert not cache.exists()
    assert len(sound_of(engine)) > engine.voice.sample_rate


@pytest.mark.parametrize(
    "name", ["flow.ort", pytest.param("facts.json", marks=pytest.mark.trial)]
)
def test_a_damaged_compiled_voice_is_compiled_again(
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
    assert np.array_equal(again.sound(0, 60, 60), before.sound(0, 60, 60))
    caplog.clear()
    assert open_model(source, cache, CPU).kind == "compiled"
    assert caplog.text == ""


@pytest.mark.trial
def test_several_processes_may_compile_at_once(tmp_path: Path) -> None:
    program = (
        "import logging, sys; from pathlib import Path;"
        "logging.basicConfig(level=logging.INFO);"
        "from voices.catalogue import open_catalogue;"
        "from voices.open_engine import open_engine;"
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
    said = [process.communicate() for process in started]
    assert [kind.strip() for kind, _ in said] == ["compiled"] * 3
    assert sum("is compiled for this machine" in log for _, log in said) == 1
    kept = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert len(kept) == 1
    assert {path.name for path in kept[0].iterdir()} == {
        "coarse.ort",
        "facts.json",
        "fine.ort",
        "flow.ort",
        "text.ort",
    }


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("kill -9 $$", "ended with -9"),
        ("echo Out of luck. >&2; exit 3", "3: Out of luck"),
        ("printf '\\377' >&2; exit 3", "ended with 3"),
        ("exit 0", "gave no answer"),
        ("echo Done.", "gave no answer"),
        ("echo 5", "gave no answer"),
    ],
)
def test_a_failed_compilation_is_logged(
    does: str,
    reason: str,
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(NotCompiledError, match=reason):
        compile_in_subprocess(CompileRequest(source, CPU, tmp_path))


def test_a_missing_folder_is_not_a_failure_of_the_voice(
    source: Source, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="gone"):
        compile_in_subprocess(CompileRequest(source, CPU, tmp_path / "gone"))


def test_a_folder_named_voices_is_not_imported(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newsroom may keep its voices in a folder `voices` of the working directory."""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "__init__.py").write_text("raise SystemExit(9)\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match="gone"):
        compile_in_subprocess(CompileRequest(source, CPU, tmp_path / "gone"))


@pytest.mark.trial
def test_the_compiler_ends_with_its_parent_process(tmp_path: Path) -> None:
    """Even if killed; the next compilation removes the leftovers."""
    program = (
        "import sys; from pathlib import Path;"
        "from voices.catalogue import open_catalogue;"
        "from voices.open_engine import open_engine;"
        f"open_engine(open_catalogue().find({JOE!r}), Path(sys.argv[1]))"
    )
    started = subprocess.Popen([sys.executable, "-c", program, tmp_path])
    while not (compilers := children_of(started.pid)):
        assert started.poll() is None, "it was opened without a compiler"
    started.kill()
    started.wait()
    wait_until_gone(compilers)
    assert not list(tmp_path.glob(".*/text.ort")), "it went on to the end"
    engine = open_engine(open_catalogue().find(JOE), tmp_path)
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "compiled"
    assert [path.is_dir() for path in tmp_path.iterdir()].count(True) == 1


def unlike_any_seen(model: onnx.ModelProto) -> None:
    """Give an upsampling another padding than those that can be rewritten."""
    node = next(node for node in model.graph.node if node.op_type == "ConvTranspose")
    (pads,) = (attribute for attribute in node.attribute if attribute.name == "pads")
    pads.ints[:] = [3, 5]


def without_seen_noise(model: onnx.ModelProto) -> None:
    """Draw the durations' noise by an unknown operator."""
    node = next(node for node in model.graph.node if node.op_type == "RandomNormalLike")
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


def test_a_voice_of_an_unknown_graph_speaks_and_is_not_repeatable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(altered(tmp_path, without_seen_noise), tmp_path / "cache")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "stock"
    assert not engine.repeatable
    assert "is not repeatable" in caplog.text
    assert len(sound_of(engine)) > engine.voice.sample_rate


def too_large(model: onnx.ModelProto) -> None:
    """Give the flow a weight that overflows in tiles, and not in plain sums."""
    weight = next(
        tensor
        for tensor in model.graph.initializer
        if list(tensor.dims) == [384, 192, 5]
    )
    numbers = numpy_helper.to_array(weight).copy()
    numbers[0, 0, 0] = 1e38
    weight.CopyFrom(numpy_helper.from_array(numbers, weight.name))


@pytest.mark.trial
def test_a_voice_that_would_be_silent_compiled_is_not_compiled(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(altered(tmp_path, too_large), tmp_path / "cache")
    assert isinstance(engine, PiperEngine)
    assert engine.kind == "seeded"
    assert "would sound different (nan dB)" in caplog.text
    assert np.abs(sound_of(engine).astype(int)).max() > 1000


def of_the_future(model: onnx.ModelProto) -> None:
    """Set an operator-set version that does not exist."""
    model.opset_import[0].version = 999


def test_a_graph_that_cannot_be_run_is_an_invalid_voice(tmp_path: Path) -> None:
    with pytest.raises(InvalidVoice, match="not a Piper voice"):
        open_engine(altered(tmp_path, of_the_future), tmp_path / "cache")


@pytest.mark.parametrize(
    "facts",
    [
        {"crc32": [], "shape": {}},
        {"crc32": {}},
        {"shape": {"windowed": 1}},
        {"shape": {"boundaries": []}},
    ],
)
def test_changed_facts_of_a_compiled_voice_are_refused(
    facts: dict[str, object],
    source: Source,
    voices_cache: Path,
    tmp_path: Path,
    piper: PiperEngine,
) -> None:
    """They contain the receptive fields; wrong ones would change the sound."""
    assert piper.kind == "compiled"
    cache = tmp_path / "voices"
    shutil.copytree(voices_cache, cache)
    (path,) = cache.glob(f"{JOE}-*/facts.json")
    changed = json.loads(path.read_text())
    for name, value in facts.items():
        if isinstance(value, dict) and value and isinstance(changed[name], dict):
            changed[name] |= value
        else:
            changed[name] = value
    path.write_text(json.dumps(changed))
    assert open_compiled(path.parent, source, CPU) is None


@pytest.mark.trial
def test_a_full_cache_does_not_prevent_compilation(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=20m", "outspoken-test", cache):
        pytest.skip("only root may mount a small disk")
    try:
        engine = open_engine(open_catalogue().find(JOE), cache)
        assert isinstance(engine, PiperEngine)
        assert engine.kind == "compiled"
        assert "cannot be stored" in caplog.text
        assert {path.suffix for path in cache.iterdir()} == {".lock"}
    finally:
        unmount(cache)
