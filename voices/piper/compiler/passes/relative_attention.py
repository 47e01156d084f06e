"""Compute relative attention for near distances only.

A voice's encoder has vectors for distances up to a few phonemes, and is exported with
these padded with zeros to all distances.  Here only the few are multiplied, and the
result is moved to or from the diagonal band where it belongs.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto

from voices.piper.compiler.graph import (
    MutableGraph,
    chain,
    node_of,
    to_model,
    to_mutable,
)

_ONTO = ("Pad", "Reshape", "Pad", "Reshape", "Slice")
"""Operators that turn columns of distances into columns of phonemes."""

_OFF = ("Slice", "Reshape", "Pad", "Reshape", "Pad")
"""Operators of the reverse, last one first."""


def narrow_attention(model: ModelProto) -> ModelProto:
    """Multiply only with the vectors of near distances."""
    draft = to_mutable(model)
    made_by = {name: node for node in draft.nodes for name in node.output}
    taken_by: dict[str, list[NodeProto]] = {}
    for node in draft.nodes:
        taken_by.setdefault(node.input[0], []).append(node)
    nodes: list[NodeProto] = []
    for node in draft.nodes:
        few = _few(node, made_by, draft)
        onto = None if few is None else _after(node, taken_by)
        off = None if few is None else _before(node, made_by)
        if few is not None and onto:
            nodes += _to_diagonals(node, few, f"{onto}.near", draft)
            draft.renamed[onto] = f"{onto}.near"
        elif few is not None and off:
            nodes += _from_diagonals(node, few, off, draft)
        else:
            nodes.append(node)
    for node in nodes:
        node.input[:] = [draft.name(name) for name in node.input]
    draft.nodes = nodes
    return to_model(draft, model)


def _few(
    node: NodeProto, made_by: Mapping[str, NodeProto], draft: MutableGraph
) -> NDArray[np.generic] | None:
    """Find the vectors that a product takes padded, shape [1, distances, channels]."""
    if node.op_type != "MatMul":
        return None
    name = node.input[1]
    for kind in ("Transpose", "Unsqueeze", "Slice", "Pad"):
        made = made_by.get(name)
        if made is not None and made.op_type == kind:
            name = made.input[0]
        elif kind != "Transpose":
            return None
    few = draft.weights.get(name)
    shaped = few is not None and few.ndim == len(("heads", "distances", "channels"))
    return few if shaped else None


def _after(node: NodeProto, taken_by: Mapping[str, list[NodeProto]]) -> str | None:
    """Follow the operators that turn distances into phonemes; return their output."""
    name = str(node.output[0])
    for kind in _ONTO:
        users = [user for user in taken_by.get(name, []) if user.op_type == kind]
        if len(users) != 1:
            return None
        name = str(users[0].output[0])
    return name


def _before(node: NodeProto, made_by: Mapping[str, NodeProto]) -> str | None:
    """Follow the reverse operators back; return their input."""
    name = node.input[0]
    for kind in _OFF:
        made = made_by.get(name)
        if made is None or made.op_type != kind:
            return None
        name = made.input[0]
    return str(name)


def _to_diagonals(
    node: NodeProto, few: NDArray[np.generic], made: str, draft: MutableGraph
) -> Iterator[NodeProto]:
    """Move column k of row i to column i + k - reach.

    Rows of d columns are padded by the number of rows, n, and reshaped to a length of
    n + d - 1 in place of n + d: each then begins one later than the one before it.
    """
    distances, source = few.shape[1], node.input[0]
    vectors = f"{made}.vectors"
    draft.weights[vectors] = few.transpose(0, 2, 1)[np.newaxis]
    yield from _lengths(made, source, distances - 1, draft)
    steps = [
        ("MatMul", vectors),
        ("Pad", f"{made}.beside"),
        ("Reshape", draft.constant("near.flat", [0, 0, -1])),
        ("Slice", "near.zero", f"{made}.fewer", "near.two"),
        ("Reshape", f"{made}.rows"),
        (
            "Slice",
            draft.constant(f"{made}.first", [distances // 2]),
            draft.constant(f"{made}.last", [-(distances // 2)]),
            "near.three",
        ),
    ]
    yield from chain(source, steps, made)


def _from_diagonals(
    node: NodeProto, few: NDArray[np.generic], source: str, draft: MutableGraph
) -> Iterator[NodeProto]:
    """Move column i + k - reach of row i to column k: the reverse."""
    distances, made = few.shape[1], node.output[0]
    reach = distances // 2
    vectors = f"{made}.vectors"
    draft.weights[vectors] = few[np.newaxis]
    yield from _lengths(made, source, distances, draft)
    steps = [
        ("Pad", draft.constant(f"{made}.around", [0, 0, 0, reach, 0, 0, 0, reach])),
        ("Reshape", draft.constant("near.flat", [0, 0, -1])),
        ("Pad", f"{made}.after"),
        ("Reshape", f"{made}.rows"),
        (
            "Slice",
            "near.zero",
            draft.constant(f"{made}.distances", [distances]),
            "near.three",
        ),
        ("MatMul", vectors),
    ]
    yield from chain(source, steps, made)


def _lengths(
    made: str, source: str, more: int, draft: MutableGraph
) -> Iterator[NodeProto]:
    """Yield the number of rows in the forms that Pad and Reshape take."""
    for name, number in (("zero", 0), ("two", 2), ("three", 3)):
        draft.constant(f"near.{name}", [number])
    copied = draft.constant("near.copied", [0, 0, -1])
    few, seven = draft.constant("near.5", [0] * 5), draft.constant("near.7", [0] * 7)
    by = draft.constant(f"{made}.more", [more])
    count = f"{made}.count"
    yield node_of("Shape", [source], count, start=2, end=3)
    yield node_of("Neg", [count], f"{made}.fewer")
    yield node_of("Add", [count, by], f"{made}.length")
    yield node_of("Concat", [copied, f"{made}.length"], f"{made}.rows", axis=0)
    yield node_of("Concat", [seven, count], f"{made}.beside", axis=0)
    yield node_of("Concat", [few, count], f"{made}.after", axis=0)
