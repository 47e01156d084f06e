"""Phases of a row, each by itself, laid in between one another."""

from collections.abc import Iterator

from onnx import NodeProto

from voices.piper.compiler.graph import MutableGraph, node_of

ORDER = [0, 2, 3, 1]
"""Of phase, channel and position: the phases come last."""


def interleave(
    source: str, made: str, phases: int, channels: int, draft: MutableGraph
) -> Iterator[NodeProto]:
    """From every s-th position of a row, s times, to the row.

    Args:
        source: phase, channel and position in this order, in any shape.
        made: what the row is called, of shape [1, channels, 1, row].
        phases: s.
        channels: of the row.
        draft: where the shapes are put.
    """
    apart = draft.constant(f"{made}.phases", [1, phases, channels, -1])
    row = draft.constant(f"{made}.row", [1, channels, 1, -1])
    yield node_of("Reshape", [source, apart], f"{made}.apart")
    yield node_of("Transpose", [f"{made}.apart"], f"{made}.between", perm=ORDER)
    yield node_of("Reshape", [f"{made}.between", row], made)
