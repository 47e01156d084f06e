"""A graph laid flat, in tiles or not, makes the sound that it made as exported."""

from collections.abc import Callable
from functools import cache
from typing import Any, Self

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from voices.piper.compiler.graph import MutableGraph, Weights, node_of, to_mutable
from voices.piper.compiler.graph_analysis import UnknownGraphError
from voices.piper.compiler.passes.conv2d import to_conv2d
from voices.piper.compiler.passes.winograd import TILE, WIDTH, is_worth_it, transform
from voices.piper.sessions import open_graph, run

CPU = ("CPUExecutionProvider",)
LATENT, SOUND = "latent", "sound"
LENGTHS = (1, 2, 3, 4, 5, 30, 31, 32, 33)
ALIKE = 110.0
"""Decibels of the sound over what differs: sums in another order."""

Floats = NDArray[np.float32]


class Sketch:
    """A graph over [1, channels, positions], as voices are exported, in the making."""

    def __init__(self, channels: int) -> None:
        """Begin with the latent."""
        self.channels = self._given = channels
        self.at = LATENT
        self._draft = MutableGraph([], {})
        self._chance = np.random.default_rng(channels)

    def then(
        self,
        kind: str,
        *beside: str,
        **told: Any,  # noqa: ANN401 - whatever attributes an operator has
    ) -> Self:
        """Add an operator after the last one."""
        made = f"{kind}.{len(self._draft.nodes)}"
        self._draft.nodes.append(node_of(kind, [self.at, *beside], made, **told))
        self.at = made
        return self

    def weight(self, *shape: int, gain: float = 1.0) -> str:
        name = f"weight.{len(self._draft.weights)}"
        drawn = self._chance.standard_normal(shape) * gain
        self._draft.weights[name] = drawn.astype(np.float32)
        return name

    def numbers(self, *values: int) -> str:
        return self._draft.constant(f"numbers.{len(self._draft.weights)}", values)

    def conv(
        self,
        number: int,
        width: int,
        apart: int = 1,
        *,
        bias: bool = True,
        **told: Any,  # noqa: ANN401 - whatever attributes a convolution has
    ) -> Self:
        taken = self.channels // told.get("group", 1)
        kernel = self.weight(number, taken, width, gain=(taken * width) ** -0.5)
        beside = [self.weight(number)] if bias else []
        self.channels = number
        told = {"dilations": [apart], "pads": [width // 2 * apart] * 2} | told
        return self.then("Conv", kernel, *beside, **told)

    def finer(
        self,
        number: int,
        stride: int,
        width: int,
        pad: int,
        **told: Any,  # noqa: ANN401 - as above
    ) -> Self:
        gain = (2 * self.channels) ** -0.5
        kernel = self.weight(self.channels, number, width, gain=gain)
        self.channels = number
        return self.then(
            "ConvTranspose",
            kernel,
            self.weight(number),
            strides=[stride],
            pads=[pad] * 2,
            **told,
        )

    def gated(self) -> Self:
        """Let as much of one half through as the other is open, as the flow does."""
        self.channels //= 2
        halves = [f"{self.at}.{name}" for name in ("half", "open")]
        self._draft.nodes.append(
            helper.make_node(
                "Split",
                [self.at, self.numbers(self.channels, self.channels)],
                halves,
                axis=1,
            )
        )
        self.at = halves[1]
        opened = self.then("Sigmoid").at
        self.at = halves[0]
        return self.then("Tanh").then("Mul", opened)

    def turned(self) -> Self:
        """Turn the order of the channels around, as the flow does."""
        bounds = (self.numbers(one) for one in (-1, -(2**31), 1, -1))
        return self.then("Slice", *bounds)

    def model(self) -> ModelProto:
        """Make what was added last the sound, by one dimension more."""
        self.then("Unsqueeze", self.numbers(1))
        self._draft.nodes[-1].output[:] = [SOUND]
        shape: list[int | str | None] = [1, self._given, "positions"]
        graph = helper.make_graph(
            self._draft.nodes,
            "sketch",
            [helper.make_tensor_value_info(LATENT, TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(SOUND, TensorProto.FLOAT, None)],
            [numpy_helper.from_array(w, n) for n, w in self._draft.weights.items()],
        )
        opset = helper.make_opsetid("", 15)
        made: ModelProto = helper.make_model(graph, opset_imports=[opset])
        made.ir_version = 8
        return made


def latent_of(model: ModelProto, positions: int) -> Floats:
    channels = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
    drawn = np.random.default_rng(positions).standard_normal((1, channels, positions))
    return drawn.astype(np.float32)


def resemblances(model: ModelProto, *, tiled: bool) -> list[float]:
    """How far it resembles itself laid flat, in dB, at each of the lengths."""
    flat = to_conv2d(model, LATENT, tiled=tiled)
    sessions = [open_graph(one.SerializeToString(), CPU) for one in (model, flat)]
    found = []
    for length in LENGTHS:
        values = {LATENT: latent_of(model, length)}
        exported, made = (run(one, [SOUND], values)[0] for one in sessions)
        assert made.size == exported.size
        apart = np.square(np.ravel(exported) - np.ravel(made)).sum(dtype=np.float64)
        heard = np.square(exported).sum(dtype=np.float64)
        found.append(10 * float(np.log10(heard / max(apart, 1e-30))))
    return found


def tiles_in(model: ModelProto) -> int:
    """Count the convolutions of a flat graph that are made in tiles."""
    return sum(node.op_type == "MatMul" for node in model.graph.node)


@cache
def voice(*, biased: bool = True) -> ModelProto:
    """Everything that a voice is made of, once: flow, upsampling, residue and sound."""
    sketch = Sketch(96).conv(192, 5, bias=biased).gated().conv(96, 1, bias=biased)
    residue = sketch.then("Add", LATENT).turned().at
    sketch.conv(96, 5, bias=biased).then("LeakyRelu", alpha=0.1).conv(96, 3, 3)
    residue = sketch.then("Add", residue).then("LeakyRelu").finer(32, 8, 16, 4).at
    sketch.then("LeakyRelu", alpha=0.1).conv(32, 3, 2).then("Add", residue)
    return sketch.conv(1, 7, bias=biased).then("Tanh").model()


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


def test_all_outputs_of_a_tile_take_the_same_of_the_first_point() -> None:
    """So that there a bias is added to each of them, once."""
    assert np.array_equal(transform().outputs[:, 0], np.ones(TILE))


@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("biased", [True, False])
def test_a_flat_voice_makes_the_same_sound(*, biased: bool, tiled: bool) -> None:
    model = voice(biased=biased)
    assert tiles_in(to_conv2d(model, LATENT, tiled=tiled)) == (2 if tiled else 0)
    assert min(resemblances(model, tiled=tiled)) > ALIKE


CHANNELS = 96
PIECES: dict[str, Callable[[], Sketch]] = {
    "narrow": lambda: Sketch(CHANNELS).conv(8, 5),
    "to one row of five taps": lambda: Sketch(CHANNELS).conv(1, 5),
    "to one row of one tap": lambda: Sketch(CHANNELS).conv(1, 1),
    "to one row, dilated": lambda: Sketch(CHANNELS).conv(1, 7, 2),
    "in groups": lambda: Sketch(CHANNELS).conv(CHANNELS, 5, group=4),
    "of two steps": lambda: Sketch(8).finer(4, 2, 4, 1),
    "of six steps": lambda: Sketch(8).finer(4, 6, 12, 3),
    "finer and in tiles": lambda: Sketch(8).finer(CHANNELS, 2, 4, 1).conv(16, 5),
    "tiles upon tiles": lambda: Sketch(CHANNELS).conv(CHANNELS, 5).conv(8, 5),
}


@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_of_a_voice_stays_what_it_was(piece: str, *, tiled: bool) -> None:
    assert min(resemblances(PIECES[piece]().model(), tiled=tiled)) > ALIKE


def test_the_sound_is_made_of_a_row_for_each_tap() -> None:
    """One row alone would be made as slowly as a block of them."""
    flat = to_mutable(to_conv2d(voice(), LATENT, tiled=False))
    assert sum(node.op_type == "ReduceSum" for node in flat.nodes) == 1
    weights = [n.input[1] for n in flat.nodes if n.op_type == "Conv"]
    assert min(flat.weights[one].shape[0] for one in weights) == 7


def test_nothing_is_left_of_what_was_said_again() -> None:
    """Weights are half of what a voice takes; those of before are not kept too."""
    model = voice()
    before = to_mutable(model).weights
    kept = to_mutable(to_conv2d(model, LATENT, tiled=True)).weights
    assert not {name for name in kept if name in before and before[name].ndim == 3}


OTHERS: dict[str, Callable[[], Sketch]] = {
    "a shorter row": lambda: Sketch(8).conv(8, 3, 2, pads=[1, 1]),
    "a row of even width": lambda: Sketch(8).conv(8, 4, pads=[1, 2]),
    "padded on one side": lambda: Sketch(CHANNELS).conv(8, 5, pads=[4, 0]),
    "padded by itself": lambda: (one := Sketch(8)).then(
        "Conv", one.weight(8, 8, 3), auto_pad="SAME_UPPER"
    ),
    "a number for each channel": lambda: (one := Sketch(8)).then(
        "Add", one.weight(1, 8, 1)
    ),
    "finer in groups": lambda: Sketch(8).finer(4, 2, 4, 1, group=2),
    "finer and longer": lambda: Sketch(8).finer(4, 2, 4, 1, output_padding=[1]),
    "a convolution in strides": lambda: Sketch(8).conv(8, 3, strides=[2]),
    "wider than twice its stride": lambda: Sketch(8).finer(4, 8, 24, 4),
    "narrower than twice its stride": lambda: Sketch(8).finer(4, 8, 8, 4),
    "otherwise padded": lambda: Sketch(8).finer(4, 8, 16, 3),
    "of an odd stride": lambda: Sketch(8).finer(4, 3, 6, 1),
    "an unknown operator": lambda: Sketch(8).then("Softmax", axis=1),
    "joined along the row": lambda: Sketch(8).then("Concat", LATENT, axis=2),
    "cut along the row": lambda: (one := Sketch(8)).then(
        "Slice", *(one.numbers(n) for n in (0, 1, 2))
    ),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_was_not_seen_in_a_voice_is_not_laid_flat(other: str) -> None:
    model = OTHERS[other]().model()
    open_graph(model.SerializeToString(), CPU)
    for tiled in (True, False):
        with pytest.raises(UnknownGraphError):
            to_conv2d(model, LATENT, tiled=tiled)


def worth(
    shape: tuple[int, int, int] = (16, CHANNELS, 5),
    **told: Any,  # noqa: ANN401 - whatever attributes a convolution has
) -> bool:
    """Whether tiles are worth it for a convolution of such a weight."""
    node = node_of("Conv", ["row", "weight"], "made", **{"pads": [2, 2]} | told)
    weights: Weights = {"weight": np.zeros(shape, dtype=np.float32)}
    return is_worth_it(node, MutableGraph([node], weights))


def test_tiles_are_worth_it_for_plain_convolutions_of_many_channels() -> None:
    assert worth()
    assert worth(dilations=[1], strides=[1], group=1)
    assert worth((1, CHANNELS, 5))


@pytest.mark.parametrize("width", [1, 3, 4, 6, 7])
def test_tiles_are_of_filters_of_five_taps(width: int) -> None:
    assert not worth((16, CHANNELS, width), pads=[width // 2] * 2)
    assert not worth((16, CHANNELS, width))


def test_tiles_are_not_worth_it_for_few_channels() -> None:
    assert not worth((CHANNELS, 64, 5))
    assert worth((CHANNELS, 84, 5))
    assert not worth((CHANNELS, 83, 5))


@pytest.mark.parametrize(
    "told",
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
def test_tiles_are_not_made_of_other_convolutions(told: dict[str, Any]) -> None:
    assert not worth(**told)


def test_a_convolution_without_padding_is_not_made_in_tiles() -> None:
    node = node_of("Conv", ["row", "weight"], "made")
    weights: Weights = {"weight": np.zeros((16, CHANNELS, 5), dtype=np.float32)}
    assert not is_worth_it(node, MutableGraph([node], weights))
