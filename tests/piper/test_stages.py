"""A piece of a voice's sound is the same, by itself or with all the others."""

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

from tests.support.onnx_graphs import ALIKE, CPU, Floats
from tests.support.voice_sketches import LATENT, SOUND, VoiceSketch, latent_of, voice
from voices.piper.compiler.graph_analysis import part_of
from voices.piper.compiler.ort_optimizer import Optimiser
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
"""Of the latent: more than any of these graphs looks to both sides."""

WIDE = 96
"""Channels for which tiles are worth it."""

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
"""By hand: what the kernels look to each side, in whole positions of the latent."""

DIFFER_WITH_LESS = ["plain", "tiles", "apart", "in between", "and in twos"]
"""Graphs that look so far that two steps less are still more than nothing."""


@pytest.fixture(scope="module")
def _in_blocks(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not Optimiser(CPU, tmp_path_factory.mktemp("graphs")).block():
        pytest.skip("without blocks onnxruntime sums otherwise for other lengths")


in_blocks = pytest.mark.usefixtures("_in_blocks")


@cache
def part(graph: str, *, tiled: bool) -> Stage:
    """A whole graph as one part."""
    model = voice() if graph == "voice" else GRAPHS[graph]().model()
    flat = to_conv2d(model, LATENT, tiled=tiled)
    session = open_graph(flat.SerializeToString(), CPU)
    joint = StageBoundary(
        LATENT, SOUND, receptive_field(model, LATENT, SOUND, tiled=tiled)
    )
    return Stage(session, joint, Whole(latent_of(model, POSITIONS)), POSITIONS)


def reaching(stage: Stage, **changed: int) -> Stage:
    """The part with another reach."""
    reach = replace(stage.joint.reach, **changed)
    return replace(stage, joint=replace(stage.joint, reach=reach))


def differs(stage: Stage, first: int, last: int) -> bool:
    """Whether a piece is another than what it is of the whole."""
    whole, finer = stage.piece(0, stage.total, stage.total), stage.joint.reach.finer
    piece = stage.piece(first, last, last)
    return not np.array_equal(piece, whole[..., first * finer : last * finer])


windows = st.lists(st.integers(0, POSITIONS), min_size=2, max_size=2, unique=True).map(
    sorted
)


@pytest.mark.parametrize(("graph", "tiled"), REACHES)
def test_a_part_reaches_as_far_as_its_kernels(graph: str, *, tiled: bool) -> None:
    model = GRAPHS[graph]().model()
    assert receptive_field(model, LATENT, SOUND, tiled=tiled) == REACHES[graph, tiled]


def test_the_longest_way_through_a_graph_counts() -> None:
    sketch = VoiceSketch(8)
    far = sketch.conv(8, 3, 9).at
    sketch.at = LATENT
    model = sketch.conv(8, 3).then("Add", far).conv(8, 3).model()
    assert receptive_field(model, LATENT, SOUND, tiled=False).halo == 9 + 1 + 1


@in_blocks
@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("graph", [*GRAPHS, "voice"])
def test_every_position_is_the_same_by_itself(graph: str, *, tiled: bool) -> None:
    stage = part(graph, tiled=tiled)
    assert not [at for at in range(POSITIONS) if differs(stage, at, at + 1)]


@in_blocks
@pytest.mark.parametrize("tiled", [True, False])
@settings(max_examples=40, deadline=None)
@given(window=windows)
def test_every_piece_is_the_same_by_itself(window: list[int], *, tiled: bool) -> None:
    assert not differs(part("voice", tiled=tiled), *window)


@pytest.mark.parametrize("graph", DIFFER_WITH_LESS)
@pytest.mark.parametrize("tiled", [True, False])
def test_two_steps_less_around_it_would_be_too_little(
    graph: str, *, tiled: bool
) -> None:
    """One step is for windows that begin within one, one for tiles that end in one."""
    stage = part(graph, tiled=tiled)
    reach = stage.joint.reach
    less = reaching(stage, halo=reach.halo - 2 * reach.step - 1)
    assert any(differs(less, at, at + 1) for at in range(POSITIONS))


@pytest.mark.parametrize("tiled", [True, False])
def test_a_voice_needs_all_but_one_step_around_it(*, tiled: bool) -> None:
    stage = part("voice", tiled=tiled)
    reach = stage.joint.reach
    less = reaching(stage, halo=reach.halo - 2 * reach.step)
    assert any(differs(less, at, at + 1) for at in range(POSITIONS))


@pytest.mark.parametrize("graph", ["tiles", "apart", "in twos", "and in twos", "voice"])
def test_what_is_made_in_tiles_begins_with_one(graph: str) -> None:
    stage = part(graph, tiled=True)
    anywhere = reaching(stage, step=1)
    assert any(differs(anywhere, at, at + 1) for at in range(POSITIONS))


@dataclass(frozen=True)
class Told(Stage):
    """A part that keeps which pieces were asked of it."""

    asked: list[tuple[int, int]] = field(default_factory=list)

    def piece(self, first: int, last: int, ahead: int) -> Floats:
        self.asked.append((first, last))
        return super().piece(first, last, ahead)


@cache
def cut() -> tuple[ModelProto, tuple[str, ...]]:
    """A voice, and the tensors at which it is cut in three, its ends included."""
    sketch = VoiceSketch(WIDE).conv(2 * WIDE, 5).gated().then("Add", LATENT).turned()
    flowed = sketch.conv(WIDE, 5).at
    before = sketch.conv(WIDE, 3).then("LeakyRelu").finer(32, 8, 16, 4).at
    rough = sketch.then("LeakyRelu").conv(32, 3, 2).then("Add", before).at
    sketch.then("LeakyRelu").finer(16, 2, 4, 1).conv(16, 5).conv(1, 7).then("Tanh")
    return sketch.model(), (LATENT, flowed, rough, SOUND)


@cache
def opened(*, tiled: bool) -> list[tuple[InferenceSession, StageBoundary]]:
    """The three parts of it."""
    model, seams = cut()
    flat = to_conv2d(model, LATENT, tiled=tiled)
    parts = []
    for begin, end in pairwise(seams):
        taken: dict[str, Sequence[int | str]] = {begin: [1, "channels", 1, "positions"]}
        graph = part_of(flat, {} if begin == LATENT else taken, [end])
        reach = receptive_field(model, begin, end, tiled=tiled)
        session = open_graph(graph.SerializeToString(), CPU)
        parts.append((session, StageBoundary(begin, end, reach)))
    return parts


def chain(*, tiled: bool) -> list[Told]:
    """The three, each taking what the one before it made, as a voice speaks."""
    row: FrameSource = Whole(latent_of(cut()[0], POSITIONS))
    total, parts = POSITIONS, []
    for session, joint in opened(tiled=tiled):
        parts.append(Told(session, joint, row, total))
        row = Memoized(parts[-1])
        total *= joint.reach.finer
    return parts


FINEST = POSITIONS * 8
"""Positions that the last of the three is given."""


@cache
def whole(*, tiled: bool) -> Floats:
    return chain(tiled=tiled)[-1].piece(0, FINEST, FINEST)


@pytest.mark.parametrize("tiled", [True, False])
def test_a_voice_in_parts_makes_the_sound_of_the_graph(*, tiled: bool) -> None:
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
def test_however_a_voice_is_cut_it_sounds_the_same(
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
def test_a_voice_may_begin_anywhere(first: int, *, tiled: bool) -> None:
    made = chain(tiled=tiled)[-1].piece(first, FINEST, FINEST)
    assert np.array_equal(made, whole(tiled=tiled)[..., first * 2 :])


def test_what_comes_next_is_made_at_once() -> None:
    """Then nothing is made but by the last part, until what was told is over."""
    flow, coarse, fine = chain(tiled=True)
    fine.piece(0, 64, 256)
    for first in range(64, 256, 32):
        fine.piece(first, first + 32, first + 32)
    assert len(fine.asked) == 7
    assert len(flow.asked) == len(coarse.asked) == 1
    fine.piece(256, 400, 400)
    assert len(flow.asked) == len(coarse.asked) == 2


def test_no_more_is_made_than_is_needed() -> None:
    """So that the first window of a stream is heard soon."""
    flow, coarse, fine = chain(tiled=True)
    fine.piece(0, 64, 64)
    ((_, roughed),) = coarse.asked
    assert roughed == 8 + -(-fine.joint.reach.halo // 8)
    ((_, flowed),) = flow.asked
    assert flowed == roughed + coarse.joint.reach.halo


def test_what_was_made_is_not_made_again() -> None:
    stage = part("finer", tiled=False)
    recording = Told(stage.session, stage.joint, stage.row, stage.total)
    grown = Memoized(recording)
    ask = partial(grown.piece, ahead=0)
    late, early, again = ask(20, 90), ask(0, 40), ask(20, 90)
    assert recording.asked == [(0, 12)]
    assert np.array_equal(late, again)
    assert np.array_equal(early[..., 20:], late[..., :20])
    ask(40, 96)
    assert len(recording.asked) == 1
    ask(0, 97)
    assert recording.asked == [(0, 12), (12, 13)]
