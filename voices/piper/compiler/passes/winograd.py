"""Convolutions along a row with less than half the multiplications.

Four outputs of a filter of five taps need twenty multiplications, or eight (Winograd's
minimal filtering, from the polynomial products of Toom and Cook): both the outputs and
the filter are taken at eight points, where a product of polynomials is one
multiplication a point.  With matrices A (outputs of points), G (points of the filter)
and B (points of the input), y = A((G g) * (B x)).  G g is computed once, here, in
double precision.  The sum over channels goes between the points, so there is one
product of matrices a point, on a quarter of the positions.

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
"""Outputs that are made together."""

WIDTH = 5
"""Taps of the filters that are made so: those of the flow, where most of its time goes.
With the three taps of the part that reads, a voice resembled what it was less by 20 dB,
with the seven of the decoder's first by 25."""

_POINTS = (1.0, 0.0, -1.0, 2.0, -2.0, 0.5, -0.5)
"""Where the polynomials are taken, beside infinity: of all small numbers of few digits
those that lose the least, 5 dB more than a plain sum.  One is among them, and is the
first: there all outputs take the same, which is where the bias is added."""

_CHANNELS = 84
"""Channels from which on it saves time: three multiplications of five for each have to
pay for three passes over what is given and made."""


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
    """Whether a convolution along a row is faster so: wide, plain, of many channels."""
    given, weight = attributes(node), draft.weights[node.input[1]]
    _, channels, width = weight.shape
    plain = (
        given.get("dilations", [1]) == given.get("strides", [1]) == [1]
        and given.get("group", [1]) == [1]
        and given.get("pads", [0, 0]) == [WIDTH // 2] * 2
    )
    return bool(plain and width == WIDTH and channels >= _CHANNELS)


def in_tiles(node: NodeProto, draft: MutableGraph) -> Iterator[NodeProto]:
    """Say a convolution over [1, channels, 1, row] in four steps.

    Each point of the input is a filter over each channel by itself, which moves on by
    a tile; each point's sum over the channels a convolution of one tap; what comes of
    them are the outputs, tile by tile, which are woven to a row.
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
            # To the right as far as the last tile, of which some may be beyond the row.
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
    yield from interleave(f"{made}.phases", f"{made}.woven", TILE, number, draft)
    yield node_of("Shape", [source], f"{made}.length", start=3, end=4)
    first, axis = draft.constant("row.first", [0]), draft.constant("row.axis", [3])
    yield node_of("Slice", [f"{made}.woven", first, f"{made}.length", axis], made)
