"""Rewrite flow and decoder from 1-D to 2-D convolutions.

onnxruntime's fast convolutions (its blocked layout, NCHWc) take four dimensions; a
voice is exported with three.  Every step keeps the result, up to rounding.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from onnx import ModelProto, NodeProto

from voices.piper.compiler.graph import (
    MutableGraph,
    attributes,
    chain,
    node_of,
    to_model,
    to_mutable,
)
from voices.piper.compiler.graph_analysis import UnknownGraphError
from voices.piper.compiler.passes.interleave import interleave
from voices.piper.compiler.passes.winograd import in_tiles, is_worth_it


def to_conv2d(model: ModelProto, latent: str, *, tiled: bool) -> ModelProto:
    """Turn every convolution into a 2-D one over a plane of height one.

    With `tiled`, suitable convolutions use Winograd tiles; that is not worth it without
    the blocked layout.
    """
    draft = to_mutable(model)
    nodes = [node_of("Unsqueeze", [latent, "plane.axis"], "plane")]
    draft.constant("plane.axis", [2])
    for node in draft.nodes:
        node.input[:] = ["plane" if name == latent else name for name in node.input]
        if tiled and node.op_type == "Conv" and is_worth_it(node, draft):
            nodes += in_tiles(node, draft)
        else:
            nodes += _flat(node, draft)
    draft.nodes = nodes
    return to_model(draft, model)


def _flat(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    along = _LENGTHWISE.get(node.op_type)
    if along is not None:
        yield from along(node, draft)
    elif _is_pointwise(node, draft) or _axis(node, draft) == 1:
        yield node
    else:
        message = f"the graph's {node.op_type} has no 2-D form"
        raise UnknownGraphError(message)


_POINTWISE = frozenset(
    ["Add", "Div", "LeakyRelu", "Mul", "Neg", "Sigmoid", "Sub", "Tanh"]
)
"""Elementwise operators."""


def _is_pointwise(node: NodeProto, draft: MutableGraph) -> bool:
    """Whether a node is elementwise, with scalar weights only."""
    weights = [draft.weights[name] for name in node.input if name in draft.weights]
    return node.op_type in _POINTWISE and all(weight.size == 1 for weight in weights)


def _axis(node: NodeProto, draft: MutableGraph) -> int | None:
    """Return the axis along which an operator splits or joins, if it does."""
    if node.op_type in {"Concat", "Split"}:
        return next(
            (attribute.i for attribute in node.attribute if attribute.name == "axis"), 0
        )
    if node.op_type == "Slice":
        axes = draft.weights.get(node.input[3])
        return int(axes[0]) if axes is not None and axes.size == 1 else None
    return None


def _convolution(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    given, width = attributes(node), draft.weights[node.input[1]].shape[2]
    around = given.get("dilations", [1])[0] * (width - 1)
    if (
        given.get("strides", [1]) != [1]
        or given.get("pads", [0, 0]) != [around / 2] * 2
        or "auto_pad" in given
    ):
        message = "a convolution of the graph is strided or not padded symmetrically"
        raise UnknownGraphError(message)
    if _makes_one_row(node, draft):
        yield from _slanted(node, draft)
    else:
        yield _in_a_plane(node, draft)


def _in_a_plane(node: NodeProto, draft: MutableGraph) -> NodeProto:
    given, weight = attributes(node), draft.weights[node.input[1]]
    flat = f"{node.input[1]}.flat"
    draft.weights[flat] = weight[:, :, np.newaxis, :]
    before, after = given.get("pads", [0, 0])
    return node_of(
        "Conv",
        [node.input[0], flat, *node.input[2:]],
        node.output[0],
        kernel_shape=[1, weight.shape[2]],
        dilations=[1, *given.get("dilations", [1])],
        group=int(given.get("group", [1])[0]),
        pads=[0, before, 0, after],
    )


def _makes_one_row(node: NodeProto, draft: MutableGraph) -> bool:
    number, _, width = draft.weights[node.input[1]].shape
    given = attributes(node)
    plain = given.get("dilations", [1]) == given.get("group", [1]) == [1]
    return bool(number == 1 and width > 1 and plain)


def _slanted(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    """Compute the last convolution, of one output row, as one row per tap.

    A blocked convolution computes sixteen rows even if one is asked for; here the taps
    are some of the sixteen.  Reshaped to rows longer by one, each row begins one
    position later than the row before it: tap k of position t, at t+k of its row, is
    then in column t, as are all taps of t.
    """
    source, kernel, *given = node.input
    weight, name = draft.weights[kernel][0].T, node.output[0]
    width = weight.shape[0]
    # A column has one value of each row, so the bias may be in any.
    bias = np.zeros(width, dtype=weight.dtype)
    bias[0] = sum(draft.weights[addend][0] for addend in given)
    draft.weights |= {f"{name}.taps": weight[..., None, None], f"{name}.bias": bias}
    yield node_of(
        "Conv",
        [source, f"{name}.taps", f"{name}.bias"],
        f"{name}.rows",
        kernel_shape=[1, 1],
        pads=[0, width // 2, 0, width // 2],
    )

    def numbers(what: str, *values: int) -> str:
        return draft.constant(f"{name}.{what}", values)

    steps = [
        ("Reshape", numbers("flat", -1)),
        ("Pad", numbers("beyond", 0, width)),
        ("Reshape", numbers("slant", width, -1)),
        ("ReduceSum", numbers("taps.axis", 0)),
        ("Slice", numbers("first", 0), numbers("last", -width), numbers("axis", 1)),
        ("Reshape", numbers("row", 1, 1, 1, -1)),
    ]
    yield from chain(f"{name}.rows", steps, name)


def _upsampling(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    """Replace an upsampling by two convolutions of two taps, interleaved.

    With a kernel of twice the stride s and s/2 of padding, sample t*s + r of the output
    sums the inputs t-1 and t for the first half of the phases r and t and t+1 for the
    second: the third tap of each half is zero.
    """
    given, weight = attributes(node), draft.weights[node.input[1]]
    channels, made, width = weight.shape
    (stride,), pads = given["strides"], given.get("pads", [0, 0])
    plain = given.get("dilations", [1]) == given.get("group", [1]) == [1]
    whole = "auto_pad" not in given and given.get("output_padding", [0]) == [0]
    fits = width == 2 * stride and pads == [stride / 2] * 2
    if not (plain and whole and fits):
        message = "an upsampling's kernel is not twice its stride wide"
        raise UnknownGraphError(message)
    half = stride // 2
    taps = np.zeros((stride, made, channels, 3), dtype=weight.dtype)
    for phase in range(stride):
        for offset in (-1, 0, 1):
            at = phase + half - offset * stride
            if 0 <= at < width:
                taps[phase, :, :, offset + 1] = weight[:, :, at].T
    bias = sum(
        (draft.weights[name] for name in node.input[2:]), np.zeros(made, weight.dtype)
    )
    name = node.output[0]
    for part, own, pads in (
        ("early", taps[:half, ..., :2], [0, 1, 0, 0]),
        ("late", taps[half:, ..., 1:], [0, 0, 0, 1]),
    ):
        kernel = own.reshape(half * made, channels, 1, 2)
        draft.weights |= {
            f"{name}.{part}": kernel,
            f"{name}.{part}.bias": np.tile(bias, half),
        }
        inputs = [node.input[0], f"{name}.{part}", f"{name}.{part}.bias"]
        yield node_of(
            "Conv", inputs, f"{name}.{part}.done", kernel_shape=[1, 2], pads=pads
        )
    halves = [f"{name}.early.done", f"{name}.late.done"]
    yield node_of("Concat", halves, f"{name}.both", axis=1)
    yield from interleave(f"{name}.both", name, stride, made, draft)


def _last(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    # The exported graph adds a dimension at the end; the plane has it already.
    del draft
    yield node_of("Identity", [node.input[0]], node.output[0])


_LENGTHWISE: Mapping[str, Callable[[NodeProto, MutableGraph], Iterator[NodeProto]]] = {
    "Conv": _convolution,
    "ConvTranspose": _upsampling,
    "Unsqueeze": _last,
}
