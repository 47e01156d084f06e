"""Graphs of convolutions in the making, and operators to put between these."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import ModelProto, TensorProto, helper

from tests.support.voices.onnx_graphs import CPU, Floats
from voices.piper.compiler.graph import MutableGraph, node_of, to_model
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.passes.interleave import interleave
from voices.piper.sessions import open_graph


@dataclass
class Sketch:
    """A graph in the making, over rows [1, channels, 1, positions]."""

    known_channels: bool = False
    """Whether the input's number of channels is fixed, as in some graphs."""

    draft: MutableGraph = field(default_factory=lambda: MutableGraph([], {}))
    channels: dict[str, int] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    chance: np.random.Generator = field(
        default_factory=lambda: np.random.default_rng(7)
    )

    def row(self, channels: int) -> str:
        """Give the graph another input."""
        name = f"given{len(self.inputs)}"
        self.inputs.append(name)
        self.channels[name] = channels
        return name

    def weight(self, *shape: int, gain: float = 1.0) -> str:
        name = f"weight{len(self.draft.weights)}"
        drawn = self.chance.standard_normal(shape) * gain
        self.draft.weights[name] = drawn.astype(np.float32)
        return name

    def numbers(self, *values: int) -> str:
        return self.draft.constant(f"numbers{len(self.draft.weights)}", values)

    def put(
        self,
        kind: str,
        inputs: Sequence[str],
        channels: int | None = None,
        **given: Any,  # noqa: ANN401 - any attribute of an operator
    ) -> str:
        """Add an operator; without a number, of as many channels as it is given."""
        made = f"made{len(self.draft.nodes)}"
        self.draft.nodes.append(node_of(kind, inputs, made, **given))
        self.channels[made] = (
            self.channels.get(inputs[0], 0) if channels is None else channels
        )
        return made

    def conv(self, source: str, channels: int, width: int = 3, apart: int = 1) -> str:
        taken = self.channels[source]
        kernel = self.weight(channels, taken, 1, width, gain=(taken * width) ** -0.5)
        beside = width // 2 * apart
        return self.put(
            "Conv",
            [source, kernel, self.weight(channels)],
            channels,
            kernel_shape=[1, width],
            dilations=[1, apart],
            pads=[0, beside, 0, beside],
        )

    def parted(self, source: str, *sizes: int) -> list[str]:
        at = len(self.draft.nodes)
        made = [f"made{at}.{number}" for number in range(len(sizes))]
        inputs = [source, self.numbers(*sizes)]
        self.draft.nodes.append(helper.make_node("Split", inputs, made, axis=1))
        self.channels |= dict(zip(made, sizes, strict=True))
        return made

    def cut(self, source: str, first: int, last: int, axis: int, step: int = 1) -> str:
        bounds = [self.numbers(bound) for bound in (first, last, axis)]
        steps = [] if step == 1 else [self.numbers(step)]
        number = self.channels[source]
        if axis == 1:
            number = len(range(number)[slice(first, last, step)])
        return self.put("Slice", [source, *bounds, *steps], number)

    def weave(self, source: str, phases: int, channels: int) -> str:
        made = f"made{len(self.draft.nodes)}"
        self.draft.nodes += interleave(source, made, phases, channels, self.draft)
        self.channels[made] = channels
        return made

    def mixed(self, source: str, rows: int, phases: int) -> str:
        """Mix rows of channels and weave what comes of them."""
        channels = self.channels[source] // rows
        apart = self.put("Reshape", [source, self.numbers(rows, -1)])
        mixing = self.weight(phases, rows, gain=rows**-0.5)
        return self.weave(self.put("MatMul", [mixing, apart]), phases, channels)

    def values(self, width: int) -> dict[str, Floats]:
        """Draw what the graph is given."""
        chance = np.random.default_rng(width)
        return {
            name: chance.standard_normal((1, self.channels[name], 1, width)).astype(
                np.float32
            )
            for name in self.inputs
        }

    def model(self, *outputs: str) -> ModelProto:
        shapes: dict[str, list[int | str | None]] = {
            name: [
                1,
                self.channels[name] if self.known_channels else "channels",
                1,
                "positions",
            ]
            for name in self.inputs
        }
        floats = TensorProto.FLOAT
        given = [
            helper.make_tensor_value_info(name, floats, shape)
            for name, shape in shapes.items()
        ]
        made = [helper.make_tensor_value_info(name, floats, None) for name in outputs]
        graph = helper.make_graph([], "sketch", given, made)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
        model.ir_version = 8
        return to_model(self.draft, model)


Step = Callable[[Sketch, str], str]
"""Puts operators after a tensor, where its channels allow them."""


def convolved(channels: int, width: int, apart: int) -> Step:
    return lambda sketch, row: sketch.conv(row, channels, width, apart)


def pointwise(kind: str) -> Step:
    return lambda sketch, row: sketch.put(kind, [row])


def scaled(sketch: Sketch, row: str) -> str:
    return sketch.put("Mul", [row, sketch.weight()])


def louder(sketch: Sketch, row: str) -> str:
    each = sketch.weight(1, sketch.channels[row], 1, 1)
    return sketch.put("Mul", [sketch.put("Sigmoid", [row]), each])


def residual(sketch: Sketch, row: str) -> str:
    active = sketch.put("LeakyRelu", [row], alpha=0.1)
    return sketch.put("Add", [sketch.conv(active, sketch.channels[row]), row])


def two_summed(sketch: Sketch, row: str) -> str:
    """Add two convolutions, one of which is used again."""
    number = sketch.channels[row]
    first, second = sketch.conv(row, number), sketch.conv(row, number, 1)
    sum_of_both = sketch.put("Add", [first, second])
    return sketch.put("Sub", [sum_of_both, first])


def gated(sketch: Sketch, row: str) -> str:
    half, odd = divmod(sketch.channels[row], 2)
    if odd:
        return row
    first, second = sketch.parted(row, half, half)
    gate = [sketch.put("Tanh", [first]), sketch.put("Sigmoid", [second])]
    return sketch.put("Mul", gate)


def exchanged(cut: int) -> Step:
    """Take channels apart, by slices, and join them the other way round."""

    def step(sketch: Sketch, row: str) -> str:
        number = sketch.channels[row]
        at = min(cut, number - 1)
        first = sketch.cut(row, 0, at, 1)
        second = sketch.put("LeakyRelu", [sketch.cut(row, at, 10_000, 1)])
        return sketch.put("Concat", [second, first], number, axis=1)

    return step


def flipped(sketch: Sketch, row: str) -> str:
    # The lowest number there is, as the exporter writes it: to before the first.
    return sketch.cut(row, -1, -(2**63) + 1, 1, -1)


def trimmed(first: int) -> Step:
    """Cut a position off each end; the second bound comes from a Shape."""

    def step(sketch: Sketch, row: str) -> str:
        length = sketch.put("Shape", [row], 0, start=3, end=4)
        last = sketch.put("Sub", [length, sketch.numbers(1 - first)], 0)
        bounds = [sketch.numbers(first), last, sketch.numbers(3)]
        return sketch.put("Slice", [row, *bounds])

    return step


def finer(phases: int) -> Step:
    def step(sketch: Sketch, row: str) -> str:
        channels, rest = divmod(sketch.channels[row], phases)
        return row if rest else sketch.weave(row, phases, channels)

    return step


def tiled(rows: int, phases: int) -> Step:
    def step(sketch: Sketch, row: str) -> str:
        rest = sketch.channels[row] % rows
        return row if rest else sketch.mixed(row, rows, phases)

    return step


def every_second(sketch: Sketch, row: str) -> str:
    return sketch.cut(row, 0, 100, 3, 2)


def parted_unevenly(sketch: Sketch, row: str) -> str:
    first, two, three = sketch.parted(row, 16, 32, 16)
    return sketch.put("Concat", [three, first, two], 64, axis=1)


def joined_along(sketch: Sketch, row: str) -> str:
    return sketch.put("Concat", [row, row], axis=3)


def beginning(sketch: Sketch) -> str:
    return sketch.conv(sketch.row(48), 64)


def beginning_finer(sketch: Sketch) -> str:
    """Begin with what onnxruntime itself has in the plain layout."""
    return sketch.weave(sketch.conv(sketch.row(48), 128), 2, 64)


def laid_out(model: ModelProto, folder: Path) -> ModelProto:
    """Load a graph as onnxruntime optimised it."""
    path = folder / "laid_out.onnx"
    open_graph(model.SerializeToString(), CPU, save_as=path)
    return onnx.load(path)


def block_of(optimizer: Optimizer) -> int:
    """Channels per block; tests of the blocked layout are skipped without it."""
    block = optimizer.block()
    if not block:
        pytest.skip("onnxruntime has no blocked layout on this processor")
    return block
