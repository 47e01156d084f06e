"""Compute the receptive field of a part of the graph."""

from fractions import Fraction
from math import ceil, gcd

from onnx import ModelProto, NodeProto

from voices.piper.compiler.graph import to_mutable
from voices.piper.compiler.passes.winograd import TILE, is_worth_it
from voices.piper.stages import ReceptiveField


def receptive_field(
    model: ModelProto, start: str, end: str, *, tiled: bool
) -> ReceptiveField:
    """Add up the kernels on the longest path from one tensor to another.

    A kernel of width w and dilation d reaches d(w-1)/2 positions to each side; after
    upsampling by s, a position counts 1/s.  An upsampling reaches one of its input
    positions to each side.  With `tiled`, a tiled convolution reaches to the end of the
    neighboring tiles, because a tile is the same only as a whole.
    """
    draft = to_mutable(model)
    step = 1
    rate, reach = {start: Fraction(1)}, {start: Fraction(0)}
    for node in model.graph.node:
        known = [name for name in node.input if name in rate]
        if not known:
            continue
        at = max(rate[name] for name in known)
        far = max(reach[name] for name in known)
        if node.op_type == "Conv" and tiled and is_worth_it(node, draft):
            far = Fraction((ceil(far * at / TILE) + 1) * TILE) / at
            step = max(step, TILE // gcd(TILE, int(at)))
        elif node.op_type == "Conv":
            width = draft.weights[node.input[1]].shape[2]
            far += Fraction(_dilation(node) * (width - 1), 2) / at
        elif node.op_type == "ConvTranspose":
            far += 1 / at
            at *= _stride(node)
        for name in node.output:
            rate[name], reach[name] = at, far
    return ReceptiveField(int(rate[end]), ceil(reach[end]) + step, step)


def _dilation(node: NodeProto) -> int:
    return _first(node, "dilations")


def _stride(node: NodeProto) -> int:
    return _first(node, "strides")


def _first(node: NodeProto, name: str) -> int:
    return next(
        (
            int(attribute.ints[0])
            for attribute in node.attribute
            if attribute.name == name
        ),
        1,
    )
