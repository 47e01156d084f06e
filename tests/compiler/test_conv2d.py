"""A graph of 2-D convolutions, tiled or not, gives the exported sound."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import ModelProto

from tests.support.voices.onnx_graphs import ALIKE, CPU
from tests.support.voices.voice_sketches import (
    LATENT,
    SOUND,
    VoiceSketch,
    latent_of,
    voice,
)
from voices.piper.compiler.graph import MutableGraph, Weights, node_of, to_mutable
from voices.piper.compiler.graph_analysis import UnknownGraphError
from voices.piper.compiler.passes.conv2d import to_conv2d
from voices.piper.compiler.passes.winograd import TILE, WIDTH, is_worth_it, transform
from voices.piper.sessions import open_graph, run

LENGTHS = (1, 2, 3, 4, 5, 30, 31, 32, 33)


def resemblances(model: ModelProto, *, tiled: bool) -> list[float]:
    """Return the signal-to-difference ratio of the 2-D form, in dB, by length."""
    flat = to_conv2d(model, LATENT, tiled=tiled)
    sessions = [open_graph(graph.SerializeToString(), CPU) for graph in (model, flat)]
    found = []
    for length in LENGTHS:
        values = {LATENT: latent_of(model, length)}
        exported, made = (run(session, [SOUND], values)[0] for session in sessions)
        assert made.size == exported.size
        apart = np.square(np.ravel(exported) - np.ravel(made)).sum(dtype=np.float64)
        heard = np.square(exported).sum(dtype=np.float64)
        found.append(10 * float(np.log10(heard / max(apart, 1e-30))))
    return found


def tiles_in(model: ModelProto) -> int:
    """Count the tiled convolutions of a 2-D graph."""
    return sum(node.op_type == "MatMul" for node in model.graph.node)


@settings(deadline=None)
@given(
    taps=st.lists(st.floats(-1, 1), min_size=WIDTH, max_size=WIDTH),
    row=st.lists(st.floats(-1, 1), min_size=TILE + 4, max_size=TILE + 4),
)
def test_a_tile_is_the_filter_moved_along_the_row(
    taps: list[float], row: list[float]
) -> None:
    by = transform()
    made = by.outputs @ ((by.taps @ taps) * (by.inputs @ row))
    assert np.allclose(made, np.correlate(row, taps, "valid"), rtol=0, atol=1e-12)


def test_all_outputs_of_a_tile_have_the_first_point_once() -> None:
    """The bias is added there, once for each output."""
    assert np.array_equal(transform().outputs[:, 0], np.ones(TILE))


@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("biased", [True, False])
def test_a_voice_of_2d_convolutions_gives_the_same_sound(
    *, biased: bool, tiled: bool
) -> None:
    model = voice(biased=biased)
    assert tiles_in(to_conv2d(model, LATENT, tiled=tiled)) == (2 if tiled else 0)
    assert min(resemblances(model, tiled=tiled)) > ALIKE


CHANNELS = 96
PIECES: dict[str, Callable[[], VoiceSketch]] = {
    "narrow": lambda: VoiceSketch(CHANNELS).conv(8, 5),
    "to one row of five taps": lambda: VoiceSketch(CHANNELS).conv(1, 5),
    "to one row of one tap": lambda: VoiceSketch(CHANNELS).conv(1, 1),
    "to one row, dilated": lambda: VoiceSketch(CHANNELS).conv(1, 7, 2),
    "in groups": lambda: VoiceSketch(CHANNELS).conv(CHANNELS, 5, group=4),
    "of two steps": lambda: VoiceSketch(8).finer(4, 2, 4, 1),
    "of six steps": lambda: VoiceSketch(8).finer(4, 6, 12, 3),
    "finer and in tiles": lambda: VoiceSketch(8).finer(CHANNELS, 2, 4, 1).conv(16, 5),
    "tiles upon tiles": lambda: VoiceSketch(CHANNELS).conv(CHANNELS, 5).conv(8, 5),
}


@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("piece", PIECES)
def test_each_operator_of_a_voice_keeps_its_result(piece: str, *, tiled: bool) -> None:
    assert min(resemblances(PIECES[piece]().model(), tiled=tiled)) > ALIKE


def test_the_last_convolution_has_a_row_per_tap() -> None:
    """A single row would take as long as a whole block of rows."""
    flat = to_mutable(to_conv2d(voice(), LATENT, tiled=False))
    assert sum(node.op_type == "ReduceSum" for node in flat.nodes) == 1
    weights = [n.input[1] for n in flat.nodes if n.op_type == "Conv"]
    assert min(flat.weights[weight].shape[0] for weight in weights) == 7


def test_replaced_weights_are_removed() -> None:
    """Weights are half of a voice's memory."""
    model = voice()
    before = to_mutable(model).weights
    kept = to_mutable(to_conv2d(model, LATENT, tiled=True)).weights
    assert not {name for name in kept if name in before and before[name].ndim == 3}


OTHERS: dict[str, Callable[[], VoiceSketch]] = {
    "a shorter row": lambda: VoiceSketch(8).conv(8, 3, 2, pads=[1, 1]),
    "a row of even width": lambda: VoiceSketch(8).conv(8, 4, pads=[1, 2]),
    "padded on one side": lambda: VoiceSketch(CHANNELS).conv(8, 5, pads=[4, 0]),
    "padded by itself": lambda: (sketch := VoiceSketch(8)).then(
        "Conv", sketch.weight(8, 8, 3), auto_pad="SAME_UPPER"
    ),
    "a number for each channel": lambda: (sketch := VoiceSketch(8)).then(
        "Add", sketch.weight(1, 8, 1)
    ),
    "finer in groups": lambda: VoiceSketch(8).finer(4, 2, 4, 1, group=2),
    "finer and longer": lambda: VoiceSketch(8).finer(4, 2, 4, 1, output_padding=[1]),
    "a convolution in strides": lambda: VoiceSketch(8).conv(8, 3, strides=[2]),
    "wider than twice its stride": lambda: VoiceSketch(8).finer(4, 8, 24, 4),
    "narrower than twice its stride": lambda: VoiceSketch(8).finer(4, 8, 8, 4),
    "otherwise padded": lambda: VoiceSketch(8).finer(4, 8, 16, 3),
    "of an odd stride": lambda: VoiceSketch(8).finer(4, 3, 6, 1),
    "an unknown operator": lambda: VoiceSketch(8).then("Softmax", axis=1),
    "joined along the row": lambda: VoiceSketch(8).then("Concat", LATENT, axis=2),
    "cut along the row": lambda: (sketch := VoiceSketch(8)).then(
        "Slice", *(sketch.numbers(n) for n in (0, 1, 2))
    ),
}


@pytest.mark.parametrize("other", OTHERS)
def test_an_unknown_operator_has_no_2d_form(other: str) -> None:
    model = OTHERS[other]().model()
    open_graph(model.SerializeToString(), CPU)
    for tiled in (True, False):
        with pytest.raises(UnknownGraphError):
            to_conv2d(model, LATENT, tiled=tiled)


def worth(
    shape: tuple[int, int, int] = (16, CHANNELS, 5),
    **options: Any,  # noqa: ANN401 - any attribute of a convolution
) -> bool:
    """Return whether a convolution of such a weight is tiled."""
    node = node_of("Conv", ["row", "weight"], "made", **{"pads": [2, 2]} | options)
    weights: Weights = {"weight": np.zeros(shape, dtype=np.float32)}
    return is_worth_it(node, MutableGraph([node], weights))


def test_plain_convolutions_of_many_channels_are_tiled() -> None:
    assert worth()
    assert worth(dilations=[1], strides=[1], group=1)
    assert worth((1, CHANNELS, 5))


@pytest.mark.parametrize("width", [1, 3, 4, 6, 7])
def test_only_filters_of_five_taps_are_tiled(width: int) -> None:
    assert not worth((16, CHANNELS, width), pads=[width // 2] * 2)
    assert not worth((16, CHANNELS, width))


def test_convolutions_of_few_channels_are_not_tiled() -> None:
    assert not worth((CHANNELS, 64, 5))
    assert worth((CHANNELS, 84, 5))
    assert not worth((CHANNELS, 83, 5))


@pytest.mark.parametrize(
    "options",
    [
        {"dilations": [2], "pads": [2, 2]},
        {"dilations": [2], "pads": [4, 4]},
        {"strides": [2]},
        {"group": 2},
        {"pads": [0, 0]},
        {"pads": [4, 0]},
        {"pads": [1, 3]},
    ],
)
def test_other_convolutions_are_not_tiled(options: dict[str, Any]) -> None:
    assert not worth(**options)


def test_a_convolution_without_padding_is_not_tiled() -> None:
    node = node_of("Conv", ["row", "weight"], "made")
    weights: Weights = {"weight": np.zeros((16, CHANNELS, 5), dtype=np.float32)}
    assert not is_worth_it(node, MutableGraph([node], weights))
