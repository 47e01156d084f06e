"""How far a sample of a voice depends on what stands around it."""

from fractions import Fraction
from math import ceil
from typing import NamedTuple

from onnx import ModelProto, NodeProto


class Reach(NamedTuple):
    """What must be known to make a piece of sound by itself."""

    hop: int
    """Samples that a frame becomes."""

    halo: int
    """Frames on each side of a piece without which its samples would differ."""


def reach_of(model: ModelProto, start: str, end: str) -> Reach:
    """Add up the kernels on the longest way from one tensor to another.

    A kernel of width w and dilation d looks d(w-1)/2 positions to each side; after
    upsampling by s a position is 1/s of a frame.  An upsampling looks one position to
    each side, of those before it.
    """
    widths = {
        one.name: one.dims[2] for one in model.graph.initializer if _is_kernel(one.dims)
    }
    rate, reach = {start: Fraction(1)}, {start: Fraction(0)}
    for node in model.graph.node:
        known = [name for name in node.input if name in rate]
        if not known:
            continue
        at = max(rate[name] for name in known)
        far = max(reach[name] for name in known)
        if node.op_type == "Conv":
            far += Fraction(_dilation(node) * (widths[node.input[1]] - 1), 2) / at
        elif node.op_type == "ConvTranspose":
            far += 1 / at
            at *= _stride(node)
        for name in node.output:
            rate[name], reach[name] = at, far
    return Reach(int(rate[end]), ceil(reach[end]) + 1)


def _is_kernel(dims: object) -> bool:
    return len(dims) == 3  # type: ignore[arg-type]  # noqa: PLR2004 - out, in, width


def _dilation(node: NodeProto) -> int:
    return _first(node, "dilations")


def _stride(node: NodeProto) -> int:
    return _first(node, "strides")


def _first(node: NodeProto, name: str) -> int:
    return next((int(one.ints[0]) for one in node.attribute if one.name == name), 1)
