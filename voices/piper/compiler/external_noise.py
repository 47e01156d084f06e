"""Make the noise of an exported graph an input."""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from voices.piper.compiler.graph_analysis import GraphAnalysis


def with_external_noise(model: ModelProto, parts: GraphAnalysis) -> ModelProto:
    """Return a copy with both noises as inputs and the frames as an output.

    The number of frames is not known before the run, so the sound's noise may be longer
    than needed: only its beginning is used.
    """
    copy = ModelProto()
    copy.CopyFrom(model)
    graph = copy.graph
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.output[0] == parts.sound_noise:
            nodes += _beginning(parts)
        elif node.output[0] != parts.rhythm_noise:
            nodes.append(node)
    kept = [_copied(node) for node in nodes]
    del graph.node[:]
    graph.node.extend(kept)
    floats = TensorProto.FLOAT
    graph.input.extend(
        [
            helper.make_tensor_value_info(parts.rhythm_noise, floats, [1, 2, None]),
            helper.make_tensor_value_info(
                noise_input(parts), floats, [1, parts.channels, None]
            ),
        ]
    )
    graph.output.append(helper.make_tensor_value_info(parts.frames, floats, None))
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array([value]), f"seed.{name}")
            for name, value in (("first", 0), ("axis", 2))
        ]
    )
    return copy


def noise_input(parts: GraphAnalysis) -> str:
    """Return the name of the input for the sound's noise."""
    return f"{parts.sound_noise}.given"


def _beginning(parts: GraphAnalysis) -> list[NodeProto]:
    return [
        helper.make_node("Shape", [parts.mean], ["seed.shape"]),
        helper.make_node("Gather", ["seed.shape", "seed.axis"], ["seed.frames"]),
        helper.make_node(
            "Slice",
            [noise_input(parts), "seed.first", "seed.frames", "seed.axis"],
            [parts.sound_noise],
        ),
    ]


def _copied(node: NodeProto) -> NodeProto:
    copy = NodeProto()
    copy.CopyFrom(node)
    return copy
