"""Interleave the phases of a row."""

from collections.abc import Iterator

from onnx import NodeProto

from voices.piper.compiler.graph import MutableGraph, node_of

ORDER = [0, 2, 3, 1]
"""Permutation of [1, phase, channel, position] that puts the phases last."""


def interleave(
    source: str, made: str, phases: int, channels: int, draft: MutableGraph
) -> Iterator[NodeProto]:
    """Yield the operators that join s phases, each of every s-th position.

    Args:
        source: phase, channel and position in this order, in any shape.
        made: name of the result, of shape [1, channels, 1, row].
        phases: s.
        channels: channels of the row.
        draft: graph that gets the shapes.
    """
    apart = draft.constant(f"{made}.phases", [1, phases, channels, -1])
    row = draft.constant(f"{made}.row", [1, channels, 1, -1])
    yield node_of("Reshape", [source, apart], f"{made}.apart")
    yield node_of("Transpose", [f"{made}.apart"], f"{made}.between", perm=ORDER)
    yield node_of("Reshape", [f"{made}.between", row], made)
