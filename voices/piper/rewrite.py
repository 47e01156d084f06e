"""A voice's flow and decoder, said again in operators that processors do fastest.

onnxruntime's fast convolutions (its blocked NCHWc layout) take four dimensions; a voice
is exported with three.  Every step here keeps the result, up to rounding: what is left
out does nothing for one sentence at a time, and what is put in computes the same sums.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from onnx import (
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    helper,
    numpy_helper,
)

from voices.piper.anatomy import AnatomyUnknownError

Weights = dict[str, NDArray[np.generic]]


@dataclass(slots=True)
class _Draft:
    """A graph on its way: operators in order, and weights by name."""

    nodes: list[NodeProto]
    weights: Weights
    renamed: dict[str, str] = field(default_factory=dict)
    """Tensors that are gone, and which tensor stands for each."""

    def name(self, tensor: str) -> str:
        while tensor in self.renamed:
            tensor = self.renamed[tensor]
        return tensor


def simplified(model: ModelProto, mask: str) -> ModelProto:
    """Leave out the mask, which is one everywhere, and what then does nothing."""
    draft = _draft_of(model)
    constant: dict[str, float] = {mask: 1.0}
    kept = []
    for node in draft.nodes:
        node.input[:] = [draft.name(name) for name in node.input]
        if not _is_idle(node, draft, constant):
            kept.append(node)
    draft.nodes = kept
    inputs = [one for one in model.graph.input if one.name != mask]
    return _model_of(draft, model, inputs, list(model.graph.output))


def flattened(model: ModelProto, latent: str) -> ModelProto:
    """Turn every convolution into one over a plane that is one row high."""
    draft = _draft_of(model)
    nodes = [_node("Unsqueeze", [latent, "plane.axis"], "plane")]
    draft.weights["plane.axis"] = np.array([2], dtype=np.int64)
    for node in draft.nodes:
        node.input[:] = ["plane" if one == latent else one for one in node.input]
        nodes += _flat(node, draft)
    draft.nodes = nodes
    return _model_of(draft, model, list(model.graph.input), list(model.graph.output))


def _is_idle(node: NodeProto, draft: _Draft, constant: dict[str, float]) -> bool:
    """Whether a node changes nothing; then its output stands for another tensor."""
    output = node.output[0]
    known = [constant.get(name) for name in node.input]
    match node.op_type, known:
        case ("Mul", [1.0, None]) | ("Add", [0.0, None]):
            draft.renamed[output] = node.input[1]
        case ("Mul", [None, 1.0]) | ("Add" | "Sub", [None, 0.0]):
            draft.renamed[output] = node.input[0]
        case "Shape", _:
            constant[output] = np.nan
        case "ConstantOfShape", [_]:
            constant[output] = _fill(node)
        case "Neg", [0.0]:
            constant[output] = 0.0
        case "Exp", [0.0]:
            constant[output] = 1.0
        case _:
            return False
    return True


def _fill(node: NodeProto) -> float:
    for attribute in node.attribute:
        if attribute.name == "value":
            return float(numpy_helper.to_array(attribute.t).ravel()[0])
    return 0.0


def _flat(node: NodeProto, draft: _Draft) -> Iterator[NodeProto]:
    along = _LENGTHWISE.get(node.op_type)
    if along is not None:
        yield from along(node, draft)
    elif node.op_type in _POINTWISE or _axis(node, draft) == 1:
        yield node
    else:
        message = f"the graph's {node.op_type} cannot be laid flat"
        raise AnatomyUnknownError(message)


_POINTWISE = frozenset(
    ["Add", "Constant", "Div", "LeakyRelu", "Mul", "Neg", "Sigmoid", "Sub", "Tanh"]
)
"""Operators that look at each number by itself."""


def _axis(node: NodeProto, draft: _Draft) -> int | None:
    """The axis that an operator cuts or joins along, if it is such a one."""
    if node.op_type in {"Concat", "Split"}:
        return next((one.i for one in node.attribute if one.name == "axis"), 0)
    if node.op_type == "Slice":
        axes = draft.weights.get(node.input[3])
        return int(axes[0]) if axes is not None and axes.size == 1 else None
    return None


def _convolution(node: NodeProto, draft: _Draft) -> Iterator[NodeProto]:
    given = _attributes(node)
    if given.get("strides", [1]) != [1]:
        message = "a convolution of the graph takes strides"
        raise AnatomyUnknownError(message)
    weight = draft.weights[node.input[1]]
    flat = f"{node.input[1]}.flat"
    draft.weights[flat] = weight[:, :, np.newaxis, :]
    before, after = given.get("pads", [0, 0])
    yield helper.make_node(
        "Conv",
        [node.input[0], flat, *node.input[2:]],
        node.output,
        kernel_shape=[1, weight.shape[2]],
        dilations=[1, *given.get("dilations", [1])],
        group=int(given.get("group", [1])[0]),
        pads=[0, before, 0, after],
    )


def _upsampling(node: NodeProto, draft: _Draft) -> Iterator[NodeProto]:
    """Two plain convolutions of two taps each, their phases laid in between.

    With a kernel of twice the stride s and s/2 of padding, sample t*s + r of the output
    sums the inputs t-1 and t for the first half of the phases r and t and t+1 for the
    second: the third tap of each half is zero.
    """
    given, weight = _attributes(node), draft.weights[node.input[1]]
    channels, made, width = weight.shape
    (stride,), pads = given["strides"], given.get("pads", [0, 0])
    if width != 2 * stride or pads != [stride // 2] * 2 or stride % 2:
        message = "an upsampling of the graph is not twice its stride wide"
        raise AnatomyUnknownError(message)
    half = stride // 2
    taps = np.zeros((stride, made, channels, 3), dtype=weight.dtype)
    for phase in range(stride):
        for offset in (-1, 0, 1):
            at = phase + half - offset * stride
            if 0 <= at < width:
                taps[phase, :, :, offset + 1] = weight[:, :, at].T
    bias = np.tile(draft.weights[node.input[2]], half)
    name = node.output[0]
    for part, own, pad in (
        ("early", taps[:half, ..., :2], [0, 1, 0, 0]),
        ("late", taps[half:, ..., 1:], [0, 0, 0, 1]),
    ):
        kernel = own.reshape(half * made, channels, 1, 2)
        draft.weights |= {f"{name}.{part}": kernel, f"{name}.{part}.bias": bias}
        yield helper.make_node(
            "Conv",
            [node.input[0], f"{name}.{part}", f"{name}.{part}.bias"],
            [f"{name}.{part}.done"],
            kernel_shape=[1, 2],
            pads=pad,
        )
    draft.weights |= {
        f"{name}.phases": np.array([1, stride, made, -1]),
        f"{name}.row": np.array([1, made, 1, -1]),
    }
    yield helper.make_node(
        "Concat", [f"{name}.early.done", f"{name}.late.done"], [f"{name}.both"], axis=1
    )
    yield _node("Reshape", [f"{name}.both", f"{name}.phases"], f"{name}.apart")
    yield helper.make_node(
        "Transpose", [f"{name}.apart"], [f"{name}.woven"], perm=[0, 2, 3, 1]
    )
    yield _node("Reshape", [f"{name}.woven", f"{name}.row"], name)


def _last(node: NodeProto, draft: _Draft) -> Iterator[NodeProto]:
    # The sound gets a dimension of its own at the end; it has one already.
    del draft
    yield _node("Identity", [node.input[0]], node.output[0])


_LENGTHWISE: Mapping[str, Callable[[NodeProto, _Draft], Iterator[NodeProto]]] = {
    "Conv": _convolution,
    "ConvTranspose": _upsampling,
    "Unsqueeze": _last,
}


def _attributes(node: NodeProto) -> dict[str, list[int]]:
    return {one.name: list(one.ints) or [one.i] for one in node.attribute}


def _node(kind: str, inputs: list[str], output: str) -> NodeProto:
    return helper.make_node(kind, inputs, [output])


def _draft_of(model: ModelProto) -> _Draft:
    graph = model.graph
    weights: Weights = {
        one.name: numpy_helper.to_array(one) for one in graph.initializer
    }
    nodes = []
    for node in graph.node:
        if node.op_type == "Constant":
            weights[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            continue
        copy = NodeProto()
        copy.CopyFrom(node)
        nodes.append(copy)
    return _Draft(nodes, weights)


def _model_of(
    draft: _Draft,
    model: ModelProto,
    inputs: list[ValueInfoProto],
    outputs: list[ValueInfoProto],
) -> ModelProto:
    used = {name for node in draft.nodes for name in node.input}
    kept = {name: one for name, one in draft.weights.items() if name in used}
    graph = helper.make_graph(
        draft.nodes,
        model.graph.name,
        inputs,
        [_of_any_shape(one) for one in outputs],
        [numpy_helper.from_array(one, name) for name, one in kept.items()],
    )
    made: ModelProto = helper.make_model(graph, opset_imports=model.opset_import)
    made.ir_version = model.ir_version
    return made


def _of_any_shape(output: ValueInfoProto) -> ValueInfoProto:
    return helper.make_tensor_value_info(output.name, TensorProto.FLOAT, None)
