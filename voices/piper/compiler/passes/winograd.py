"""Compute convolutions along a row with less than half the multiplications.

Four outputs of a filter of five taps need twenty multiplications, or eight (Winograd's
minimal filtering, from the polynomial products of Toom and Cook): both the outputs and
the filter are taken at eight points, where a product of polynomials is one
multiplication per point.  With matrices A (outputs of points), G (points of the filter)
and B (points of the input), y = A((G g) * (B x)).  G g is computed once, here, in
double precision.  The sum over channels goes between the points, so there is one
matrix product per point, on a quarter of the positions.

A. Lavin and S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2016.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from voices.piper.compiler.graph import MutableGraph, attributes, node_of
from voices.piper.compiler.passes.interleave import interleave

TILE = 4
"""Outputs per tile."""

WIDTH = 5
"""Taps of the filters rewritten: those of the flow, where most of its time goes.  With
the three taps of the text encoder the signal-to-difference ratio dropped by 20 dB, with
the seven of the decoder's first filter by 25."""

_POINTS = (1.0, 0.0, -1.0, 2.0, -2.0, 0.5, -0.5)
"""Points of the polynomials, besides infinity: the short small numbers that lose the
least precision, 5 dB more than a plain sum.  The first is 1, where all outputs have the
same coefficient, so the bias is added there."""

_CHANNELS = 84
"""Least channels for which it saves time: three saved multiplications of five per
channel must pay for three passes over input and output."""


class Transform(NamedTuple):
    """The three matrices."""

    outputs: NDArray[np.float64]
    """A, 4 by 8."""

    taps: NDArray[np.float64]
    """G, 8 by 5."""

    inputs: NDArray[np.float64]
    """B, 8 by 8."""


def transform() -> Transform:
    """Compute the matrices.

    For the points a: A takes their powers, G the powers over the products of what sets
    a point apart from the others, and B is the polynomials that are zero at all points
    but one.  The last point is infinity, where only the highest power counts.
    """
    apart = [
        np.prod([point - other for other in _POINTS if other != point])
        for point in _POINTS
    ]
    outputs = np.vander(_POINTS, TILE, increasing=True).T
    taps = np.vander(_POINTS, WIDTH, increasing=True) / np.array(apart)[:, np.newaxis]
    inputs = np.zeros((_SIZE, _SIZE))
    for at in range(_SIZE - 1):
        others = _POINTS[:at] + _POINTS[at + 1 :]
        inputs[at, : _SIZE - 1] = np.poly(others)[::-1]
    inputs[-1] = np.poly(_POINTS)[::-1]
    return Transform(
        np.hstack([outputs, np.eye(TILE)[:, -1:]]),
        np.vstack([taps, np.eye(WIDTH)[-1:]]),
        inputs,
    )


_SIZE = TILE + WIDTH - 1
"""Points, and inputs of a tile."""


def is_worth_it(node: NodeProto, draft: MutableGraph) -> bool:
    """Whether a convolution is faster in tiles: five taps, plain, many channels."""
    given, weight = attributes(node), draft.weights[node.input[1]]
    _, channels, width = weight.shape
    plain = (
        given.get("dilations", [1]) == given.get("strides", [1]) == [1]
        and given.get("group", [1]) == [1]
        and given.get("pads", [0, 0]) == [WIDTH // 2] * 2
    )
    return bool(plain and width == WIDTH and channels >= _CHANNELS)


def in_tiles(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    """Replace a convolution over [1, channels, 1, row] by four steps.

    Each point of the input is a depthwise filter with the stride of a tile; each
    point's sum over the channels is a convolution of one tap; a product of matrices
    gives the outputs tile by tile, which are interleaved to a row.
    """
    source, (weight, *bias), made = node.input[0], node.input[1:], node.output[0]
    taps = draft.weights[weight].astype(np.float64)
    number, channels, _ = taps.shape
    by, pad = transform(), WIDTH // 2
    summed = []
    for at in range(_SIZE):
        name = f"{made}.at{at}"
        own = np.tile(by.inputs[at], (channels, 1, 1, 1))
        sums = taps @ by.taps[at]
        draft.weights |= {
            f"{name}.input": own.astype(np.float32),
            f"{name}.taps": sums.astype(np.float32)[:, :, np.newaxis, np.newaxis],
        }
        yield node_of(
            "Conv",
            [source, f"{name}.input"],
            f"{name}.taken",
            kernel_shape=[1, _SIZE],
            strides=[1, TILE],
            group=channels,
            # To the right up to the end of the last tile, which may be beyond the row.
            pads=[0, pad, 0, pad + TILE - 1],
        )
        everywhere = bias if at == 0 else []
        yield node_of(
            "Conv",
            [f"{name}.taken", f"{name}.taps", *everywhere],
            f"{name}.summed",
            kernel_shape=[1, 1],
        )
        summed.append(f"{name}.summed")
    yield node_of("Concat", summed, f"{made}.points", axis=1)
    draft.weights[f"{made}.outputs"] = by.outputs.astype(np.float32)
    apart = draft.constant(f"{made}.apart", [_SIZE, -1])
    yield node_of("Reshape", [f"{made}.points", apart], f"{made}.rows")
    yield node_of("MatMul", [f"{made}.outputs", f"{made}.rows"], f"{made}.phases")
    yield from interleave(f"{made}.phases", f"{made}.joined", TILE, number, draft)
    yield node_of("Shape", [source], f"{made}.length", start=3, end=4)
    first, axis = draft.constant("row.first", [0]), draft.constant("row.axis", [3])
    yield node_of("Slice", [f"{made}.joined", first, f"{made}.length", axis], made)
