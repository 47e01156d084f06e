"""Stages: a range of positions is the same computed alone or with the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto
from onnxruntime import InferenceSession

from tests.support.voices.onnx_graphs import ALIKE, CPU, Floats
from tests.support.voices.voice_sketches import (
    LATENT,
    SOUND,
    VoiceSketch,
    latent_of,
    voice,
)
from voices.piper.compiler.graph_analysis import extract_part
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.passes.conv2d import to_conv2d
from voices.piper.compiler.receptive_field import receptive_field
from voices.piper.sessions import open_graph, run
from voices.piper.stages import (
    FrameSource,
    Memoized,
    ReceptiveField,
    Stage,
    StageBoundary,
    Whole,
)

POSITIONS = 70
"""Positions of the latent: more than the receptive field of any of these graphs."""

WIDE = 96
"""Channels for which tiles are used."""

GRAPHS: dict[str, Callable[[], VoiceSketch]] = {
    "plain": lambda: VoiceSketch(8).conv(8, 5).conv(8, 3, 3),
    "finer": lambda: VoiceSketch(8).finer(8, 8, 16, 4).conv(1, 7),
    "twice finer": lambda: (
        VoiceSketch(8).finer(8, 8, 16, 4).conv(8, 3, 6).finer(4, 2, 4, 1)
    ),
    "tiles": lambda: VoiceSketch(WIDE).conv(WIDE, 5).conv(8, 5),
    "apart": lambda: VoiceSketch(WIDE).conv(WIDE, 5).conv(WIDE, 3, 2).conv(8, 5),
    "in between": lambda: VoiceSketch(8).conv(WIDE, 3).conv(WIDE, 5).conv(16, 3),
    "finer tiles": lambda: VoiceSketch(8).finer(WIDE, 8, 16, 4).conv(16, 5),
    "in twos": lambda: VoiceSketch(8).finer(WIDE, 2, 4, 1).conv(16, 5),
    "in sixes": lambda: VoiceSketch(8).finer(WIDE, 6, 12, 3).conv(16, 5),
    "and in twos": lambda: (
        VoiceSketch(WIDE).conv(8, 5).finer(WIDE, 2, 4, 1).conv(16, 5)
    ),
}

REACHES = {
    ("plain", False): ReceptiveField(1, 2 + 3 + 1, 1),
    ("plain", True): ReceptiveField(1, 2 + 3 + 1, 1),
    ("finer", False): ReceptiveField(8, 1 + 1 + 1, 1),
    ("twice finer", False): ReceptiveField(16, 1 + 1 + 1, 1),
    ("tiles", False): ReceptiveField(1, 2 + 2 + 1, 1),
    ("tiles", True): ReceptiveField(1, 4 + 4 + 4, 4),
    ("apart", False): ReceptiveField(1, 2 + 2 + 2 + 1, 1),
    ("apart", True): ReceptiveField(1, 8 + 4 + 4, 4),
    ("in between", True): ReceptiveField(1, 8 + 1 + 4, 4),
    ("finer tiles", True): ReceptiveField(8, 2 + 1, 1),
    ("in twos", True): ReceptiveField(2, 4 + 2, 2),
    ("in sixes", True): ReceptiveField(6, 2 + 2, 2),
    ("and in twos", False): ReceptiveField(2, 4 + 1, 1),
    ("and in twos", True): ReceptiveField(2, 8 + 4, 4),
}
"""Counted by hand: the kernels' reach in whole positions of the latent."""

DIFFER_WITH_LESS = ["plain", "tiles", "apart", "in between", "and in twos"]
"""Graphs with a reach of more than two alignment steps."""


@pytest.fixture(scope="module")
def _in_blocks(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not Optimizer(CPU, tmp_path_factory.mktemp("graphs")).block():
        pytest.skip("without blocks onnxruntime sums otherwise for other lengths")


in_blocks = pytest.mark.usefixtures("_in_blocks")


@cache
def part(graph: str, *, tiled: bool) -> Stage:
    """Return a whole graph as one stage."""
    model = voice() if graph == "voice" else GRAPHS[graph]().model()
    flat = to_conv2d(model, LATENT, tiled=tiled)
    session = open_graph(flat.SerializeToString(), CPU)
    boundary = StageBoundary(
        LATENT, SOUND, receptive_field(model, LATENT, SOUND, tiled=tiled)
    )
    return Stage(session, boundary, Whole(latent_of(model, POSITIONS)), POSITIONS)


def with_field(stage: Stage, **changed: int) -> Stage:
    """Return the stage with another receptive field."""
    field = replace(stage.boundary.field, **changed)
    return replace(stage, boundary=replace(stage.boundary, field=field))


def differs(stage: Stage, first: int, last: int) -> bool:
    """Return whether a range differs when computed alone."""
    whole, finer = (
        stage.piece(0, stage.total, stage.total),
        stage.boundary.field.upsampling,
    )
    piece = stage.piece(first, last, last)
    return not np.array_equal(piece, whole[..., first * finer : last * finer])


windows = st.lists(st.integers(0, POSITIONS), min_size=2, max_size=2, unique=True).map(
    sorted
)


@pytest.mark.parametrize(("graph", "tiled"), REACHES)
def test_the_receptive_field_is_the_reach_of_the_kernels(
    graph: str, *, tiled: bool
) -> None:
    model = GRAPHS[graph]().model()
    assert receptive_field(model, LATENT, SOUND, tiled=tiled) == REACHES[graph, tiled]


def test_the_receptive_field_follows_the_longest_path() -> None:
    sketch = VoiceSketch(8)
    far = sketch.conv(8, 3, 9).at
    sketch.at = LATENT
    model = sketch.conv(8, 3).then("Add", far).conv(8, 3).model()
    assert receptive_field(model, LATENT, SOUND, tiled=False).halo == 9 + 1 + 1


@in_blocks
@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("graph", [*GRAPHS, "voice"])
def test_every_position_is_the_same_computed_alone(graph: str, *, tiled: bool) -> None:
    stage = part(graph, tiled=tiled)
    assert not [at for at in range(POSITIONS) if differs(stage, at, at + 1)]


@in_blocks
@pytest.mark.parametrize("tiled", [True, False])
@settings(max_examples=40, deadline=None)
@given(window=windows)
def test_every_range_is_the_same_computed_alone(
    window: list[int], *, tiled: bool
) -> None:
    assert not differs(part("voice", tiled=tiled), *window)


@pytest.mark.parametrize("graph", DIFFER_WITH_LESS)
@pytest.mark.parametrize("tiled", [True, False])
def test_a_halo_smaller_by_two_steps_is_too_small(graph: str, *, tiled: bool) -> None:
    """One step is for windows that begin in a tile, one for those that end in it."""
    stage = part(graph, tiled=tiled)
    field = stage.boundary.field
    less = with_field(stage, halo=field.halo - 2 * field.alignment - 1)
    assert any(differs(less, at, at + 1) for at in range(POSITIONS))


@pytest.mark.parametrize("tiled", [True, False])
def test_a_voice_needs_its_halo_but_one_step(*, tiled: bool) -> None:
    stage = part("voice", tiled=tiled)
    field = stage.boundary.field
    less = with_field(stage, halo=field.halo - 2 * field.alignment)
    assert any(differs(less, at, at + 1) for at in range(POSITIONS))


@pytest.mark.parametrize("graph", ["tiles", "apart", "in twos", "and in twos", "voice"])
def test_tiled_stages_begin_at_a_tile(graph: str) -> None:
    stage = part(graph, tiled=True)
    anywhere = with_field(stage, alignment=1)
    assert any(differs(anywhere, at, at + 1) for at in range(POSITIONS))


@dataclass(frozen=True)
class RecordingStage(Stage):
    """A stage that records the ranges asked of it."""

    asked: list[tuple[int, int]] = field(default_factory=list)

    def piece(self, first: int, last: int, lookahead: int) -> Floats:
        self.asked.append((first, last))
        return super().piece(first, last, lookahead)


@cache
def cut() -> tuple[ModelProto, tuple[str, ...]]:
    """Return a voice, and the tensors at which it is cut into three, ends included."""
    sketch = VoiceSketch(WIDE).conv(2 * WIDE, 5).gated().then("Add", LATENT).turned()
    flowed = sketch.conv(WIDE, 5).at
    before = sketch.conv(WIDE, 3).then("LeakyRelu").finer(32, 8, 16, 4).at
    rough = sketch.then("LeakyRelu").conv(32, 3, 2).then("Add", before).at
    sketch.then("LeakyRelu").finer(16, 2, 4, 1).conv(16, 5).conv(1, 7).then("Tanh")
    return sketch.model(), (LATENT, flowed, rough, SOUND)


@cache
def opened(*, tiled: bool) -> list[tuple[InferenceSession, StageBoundary]]:
    """Return the sessions and boundaries of its three stages."""
    model, seams = cut()
    flat = to_conv2d(model, LATENT, tiled=tiled)
    parts = []
    for begin, end in pairwise(seams):
        taken: dict[str, Sequence[int | str]] = {begin: [1, "channels", 1, "positions"]}
        graph = extract_part(flat, {} if begin == LATENT else taken, [end])
        field = receptive_field(model, begin, end, tiled=tiled)
        session = open_graph(graph.SerializeToString(), CPU)
        parts.append((session, StageBoundary(begin, end, field)))
    return parts


def chain(*, tiled: bool) -> list[RecordingStage]:
    """Return the three stages in a chain, as in a compiled voice."""
    row: FrameSource = Whole(latent_of(cut()[0], POSITIONS))
    total, parts = POSITIONS, []
    for session, boundary in opened(tiled=tiled):
        parts.append(RecordingStage(session, boundary, row, total))
        row = Memoized(parts[-1])
        total *= boundary.field.upsampling
    return parts


FINEST = POSITIONS * 8
"""Input positions of the last stage."""


@cache
def whole(*, tiled: bool) -> Floats:
    return chain(tiled=tiled)[-1].piece(0, FINEST, FINEST)


@pytest.mark.parametrize("tiled", [True, False])
def test_a_chain_of_stages_gives_the_sound_of_the_graph(*, tiled: bool) -> None:
    model, _ = cut()
    session = open_graph(model.SerializeToString(), CPU)
    values = {LATENT: latent_of(model, POSITIONS)}
    exported, made = np.ravel(run(session, [SOUND], values)[0]), whole(tiled=tiled)
    assert made.size == exported.size == FINEST * 2
    apart = np.square(exported - np.ravel(made)).sum()
    assert 10 * np.log10(np.square(exported).sum() / apart) > ALIKE


@in_blocks
@pytest.mark.parametrize("tiled", [True, False])
@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.integers(1, FINEST - 1), max_size=6, unique=True).map(sorted),
    ahead=st.lists(st.integers(0, 2 * FINEST), min_size=7, max_size=7),
)
def test_any_windows_give_the_same_sound(
    cuts: list[int], ahead: list[int], *, tiled: bool
) -> None:
    parts = chain(tiled=tiled)
    bounds = pairwise([0, *cuts, FINEST])
    made = [
        parts[-1].piece(first, last, max(last, to))
        for (first, last), to in zip(bounds, ahead, strict=False)
    ]
    assert np.array_equal(np.concatenate(made, axis=-1), whole(tiled=tiled))
    for part in parts[:-1]:
        begun, ended = zip(*part.asked, strict=True)
        assert begun == (0, *ended[:-1])
        assert ended[-1] >= POSITIONS


@in_blocks
@pytest.mark.parametrize("tiled", [True, False])
@given(first=st.integers(0, FINEST - 1))
@settings(max_examples=20, deadline=None)
def test_a_window_may_begin_anywhere(first: int, *, tiled: bool) -> None:
    made = chain(tiled=tiled)[-1].piece(first, FINEST, FINEST)
    assert np.array_equal(made, whole(tiled=tiled)[..., first * 2 :])


def test_lookahead_is_computed_at_once() -> None:
    """Until its end, only the last stage runs again."""
    flow, coarse, fine = chain(tiled=True)
    fine.piece(0, 64, 256)
    for first in range(64, 256, 32):
        fine.piece(first, first + 32, first + 32)
    assert len(fine.asked) == 7
    assert len(flow.asked) == len(coarse.asked) == 1
    fine.piece(256, 400, 400)
    assert len(flow.asked) == len(coarse.asked) == 2


def test_without_lookahead_only_the_needed_range_is_computed() -> None:
    """Otherwise the first window of a stream is late."""
    flow, coarse, fine = chain(tiled=True)
    fine.piece(0, 64, 64)
    ((_, roughed),) = coarse.asked
    assert roughed == 8 + -(-fine.boundary.field.halo // 8)
    ((_, flowed),) = flow.asked
    assert flowed == roughed + coarse.boundary.field.halo


def test_memoized_output_is_not_computed_again() -> None:
    stage = part("finer", tiled=False)
    recording = RecordingStage(stage.session, stage.boundary, stage.row, stage.total)
    grown = Memoized(recording)
    ask = partial(grown.piece, lookahead=0)
    late, early, again = ask(20, 90), ask(0, 40), ask(20, 90)
    assert recording.asked == [(0, 12)]
    assert np.array_equal(late, again)
    assert np.array_equal(early[..., 20:], late[..., :20])
    ask(40, 96)
    assert len(recording.asked) == 1
    ask(0, 97)
    assert recording.asked == [(0, 12), (12, 13)]
