"""Graphs in onnx's own notation, and what graphs make, run as they are."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx.parser
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper

from voices.piper.sessions import UNOPTIMIZED, open_graph

CPU = ("CPUExecutionProvider",)
ALIKE = 110.0
"""Decibels of what is made over what differs: sums in another order."""

Floats = NDArray[np.float32]


def graph(signature: str, *body: str, **weights: object) -> ModelProto:
    """Read a graph in onnx's own notation; whole numbers are weights of int64."""
    model: ModelProto = onnx.parser.parse_model(
        '<ir_version: 8, opset_import: ["" : 15]>'
        f"small ({signature}) => (float[] y) {{ {' '.join(body)} }}"
    )
    for name, values in weights.items():
        array = np.asarray(values)
        array = array if array.dtype == np.int64 else array.astype(np.float32)
        model.graph.initializer.append(numpy_helper.from_array(array, name))
    return model


def made_by(model: ModelProto, values: Mapping[str, Any]) -> list[Floats]:
    """Run a graph as it is, with what it takes of the values."""
    session = open_graph(model.SerializeToString(), CPU, level=UNOPTIMIZED)
    taken = {tensor.name: values[tensor.name] for tensor in session.get_inputs()}
    return list(session.run(None, taken))


def kinds(model: ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


def decibels(signal: Floats, other: Floats) -> float:
    assert signal.shape == other.shape
    assert np.isfinite(other).all()
    power = np.square(signal, dtype=np.float64).sum()
    error = np.square(signal - other, dtype=np.float64).sum()
    return float(10 * np.log10(max(power, 1e-30) / max(error, 1e-30)))


def drawn(*shape: int) -> Floats:
    return np.random.default_rng(5).standard_normal(shape).astype(np.float32)


def padded_products(model: ModelProto) -> int:
    """Products with vectors that are padded to all distances there are."""
    makers = {name: node for node in model.graph.node for name in node.output}
    found = 0
    for node in model.graph.node:
        name = node.input[1] if node.op_type == "MatMul" else ""
        while name in makers and makers[name].op_type in {
            "Slice",
            "Transpose",
            "Unsqueeze",
        }:
            name = makers[name].input[0]
        found += name in makers and makers[name].op_type == "Pad"
    return found
