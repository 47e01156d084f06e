"""Small graphs in the form in which voices are exported: convolutions over rows."""

from functools import cache
from typing import Any, Self

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from tests.support.voices.onnx_graphs import Floats
from voices.piper.compiler.graph import MutableGraph, node_of

LATENT, SOUND = "latent", "sound"
"""Names of the input and the output."""


class VoiceSketch:
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
        **options: Any,  # noqa: ANN401 - any attribute of an operator
    ) -> Self:
        """Add an operator after the last one."""
        made = f"{kind}.{len(self._draft.nodes)}"
        self._draft.nodes.append(node_of(kind, [self.at, *beside], made, **options))
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
        **options: Any,  # noqa: ANN401 - any attribute of a convolution
    ) -> Self:
        taken = self.channels // options.get("group", 1)
        kernel = self.weight(number, taken, width, gain=(taken * width) ** -0.5)
        beside = [self.weight(number)] if bias else []
        self.channels = number
        options = {"dilations": [apart], "pads": [width // 2 * apart] * 2} | options
        return self.then("Conv", kernel, *beside, **options)

    def finer(
        self,
        number: int,
        stride: int,
        width: int,
        pad: int,
        **options: Any,  # noqa: ANN401 - as above
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
            **options,
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
        bounds = (self.numbers(bound) for bound in (-1, -(2**31), 1, -1))
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


@cache
def voice(*, biased: bool = True) -> ModelProto:
    """Everything that a voice is made of, once: flow, upsampling, residue and sound."""
    sketch = VoiceSketch(96).conv(192, 5, bias=biased).gated().conv(96, 1, bias=biased)
    residue = sketch.then("Add", LATENT).turned().at
    sketch.conv(96, 5, bias=biased).then("LeakyRelu", alpha=0.1).conv(96, 3, 3)
    residue = sketch.then("Add", residue).then("LeakyRelu").finer(32, 8, 16, 4).at
    sketch.then("LeakyRelu", alpha=0.1).conv(32, 3, 2).then("Add", residue)
    return sketch.conv(1, 7, bias=biased).then("Tanh").model()
