"""Keep a graph in onnxruntime's blocked layout between convolutions.

onnxruntime reorders channels into blocks of the processor's vector width (NCHWc) for a
fast convolution, and back after it, for example for an addition.  Most operators give
the same result in either layout.  Here they take the blocked one, and only tensors that
need the plain layout are reordered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from onnx import ModelProto, NodeProto, helper

from voices.piper.compiler.graph import (
    MutableGraph,
    attributes,
    copied,
    node_of,
    to_model,
    to_mutable,
)
from voices.piper.compiler.passes.fuse_add import DOMAIN, fuse_adds
from voices.piper.compiler.passes.interleave import ORDER


def keep_in_blocks(model: ModelProto, block: int) -> ModelProto:
    """Remove needless reorders from an optimized graph.

    Args:
        model: graph optimized by onnxruntime, with blocked convolutions.
        block: channels per block.
    """
    draft = to_mutable(model)
    outputs = frozenset(tensor.name for tensor in model.graph.output)
    given = {tensor.name for tensor in model.graph.input}
    layout = _Layout(draft, block, outputs, given)
    for node in draft.nodes:
        layout.add(node)
    for name in sorted(outputs):
        layout.plain(name)
    draft.nodes = fuse_adds(layout.nodes, outputs)
    return to_model(draft, model)


@dataclass(slots=True)
class _Layout:
    """Operators placed so far, and the layouts in which their outputs exist."""

    draft: MutableGraph
    block: int
    outputs: frozenset[str]
    """Outputs of the graph."""

    made: set[str]
    """Tensors that exist in the plain layout."""

    nodes: list[NodeProto] = field(default_factory=list)
    blocked: dict[str, str] = field(default_factory=dict)
    """Names in the blocked layout by plain name."""

    channels: dict[str, int] = field(default_factory=dict)
    """Channels of the blocked tensors, by plain name."""

    renamed: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    """Outputs of operators that were placed with an earlier one."""

    def add(self, node: NodeProto) -> None:
        """Place the next operator."""
        if node.output[0] in self.done:
            return
        node = copied(node, input=[self.renamed.get(name, name) for name in node.input])
        known = [name for name in node.input if name in self.blocked]
        place = _BLOCKED_FORMS.get(node.op_type)
        if place and (known or node.domain == DOMAIN) and place(self, node):
            return
        for name in known:
            self.plain(name)
        self.keep(node)

    def keep(self, node: NodeProto) -> None:
        """Place an operator unchanged."""
        self.made.update(node.output)
        self.nodes.append(node)

    def plain(self, name: str) -> None:
        """Ensure that a tensor exists in the plain layout."""
        if name in self.blocked and name not in self.made:
            self.made.add(name)
            self.nodes.append(
                helper.make_node(
                    "ReorderOutput",
                    [self.blocked[name]],
                    [name],
                    domain=DOMAIN,
                    channels=self.channels[name],
                )
            )

    def in_blocks(self, name: str) -> str:
        """Ensure that a tensor exists in the blocked layout; return its name."""
        if name not in self.blocked:
            self.blocked[name] = f"{name}.blocked"
            self.nodes.append(
                helper.make_node(
                    "ReorderInput", [name], [self.blocked[name]], domain=DOMAIN
                )
            )
        return self.blocked[name]

    def place_blocked(self, node: NodeProto, channels: Mapping[str, int]) -> bool:
        """Place an operator with blocked outputs; `channels` by plain name."""
        self.channels.update(channels)
        for name in node.output:
            self.blocked[name] = f"{name}.blocked"
        made = [self.blocked[name] for name in node.output]
        self.nodes.append(copied(node, output=made))
        return True

    def fits(self, channels: Iterable[int]) -> bool:
        """Whether all these numbers of channels are whole blocks."""
        sizes = list(channels)
        return bool(sizes) and all(size and size % self.block == 0 for size in sizes)

    def following(self, node: NodeProto) -> Iterator[NodeProto]:
        """Yield a chain of operators, each the only user of the one before."""
        while node.output[0] not in self.outputs:
            users = [user for user in self.draft.nodes if node.output[0] in user.input]
            if len(users) != 1:
                return
            (node,) = users
            yield node

    def constant(self, name: str) -> list[int]:
        """Return the integers of a weight; empty if there is no such weight."""
        given = self.draft.weights.get(name)
        return [] if given is None else [int(value) for value in given.ravel()]


def _reorder_input(layout: _Layout, node: NodeProto) -> bool:
    if attributes(node).get("channels_last", [0]) != [0]:
        return False
    layout.renamed[node.output[0]] = layout.in_blocks(node.input[0])
    return True


def _reorder_output(layout: _Layout, node: NodeProto) -> bool:
    if attributes(node).get("channels_last", [0]) != [0]:
        return False
    (name,) = node.output
    layout.blocked[name] = node.input[0]
    layout.channels[name] = attributes(node)["channels"][0]
    return True


def _pointwise(layout: _Layout, node: NodeProto) -> bool:
    """Place an elementwise operator of tensors with equal channels and scalars.

    The last block may be padded with zero channels; their results are never read.
    """
    weights = [name for name in node.input if name in layout.draft.weights]
    tensors = [name for name in node.input if name not in layout.draft.weights]
    channels = {layout.channels.get(tensor, 0) for tensor in tensors}
    if (
        any(layout.draft.weights[weight].size > 1 for weight in weights)
        or len(channels) > 1
    ):
        return False
    if not all(channels) or (node.op_type == "Div" and node.input[1] in tensors):
        return False
    node = copied(node, input=[layout.blocked.get(name, name) for name in node.input])
    return layout.place_blocked(node, dict.fromkeys(node.output, channels.pop()))


def _shape(layout: _Layout, node: NodeProto) -> bool:
    """Place a Shape of positions; of channels only if no block is padded."""
    source = node.input[0]
    along = attributes(node).get("start", [0])[0]
    if along <= 1 and not layout.fits([layout.channels.get(source, 0)]):
        return False
    layout.keep(copied(node, input=[layout.blocked[source]]))
    return True


def _slice(layout: _Layout, node: NodeProto) -> bool:
    source, *bounds = node.input
    if len(bounds) != _BOUNDS or source not in layout.blocked:
        return False
    axes, channels = layout.constant(bounds[2]), layout.channels.get(source, 0)
    if axes == [1]:
        return _some_channels(layout, node, channels)
    if axes == [3] and layout.fits([channels]):
        return _some_positions(layout, node, channels)
    return False


_BOUNDS = 3
"""Inputs of a Slice after its source: start, end and axes."""


def _some_channels(layout: _Layout, node: NodeProto, channels: int) -> bool:
    source, *bounds = node.input
    first, last = (layout.constant(bound) for bound in bounds[:2])
    if not first or not last or not 0 <= first[0] < last[0]:
        return False
    taken = min(last[0], channels) - first[0]
    if not layout.fits([channels, taken]) or first[0] % layout.block:
        return False
    node = copied(node, input=[layout.blocked[source], *bounds])
    return layout.place_blocked(node, {node.output[0]: taken})


def _some_positions(layout: _Layout, node: NodeProto, channels: int) -> bool:
    source, first, last, _ = node.input
    name, block = node.output[0], layout.block
    blocks = layout.draft.constant(f"{name}.blocks", [channels // block, -1, block])
    row = layout.draft.constant(f"{name}.blocks.row", [1, channels, 1, -1])
    along = layout.draft.constant("blocks.axis", [1])
    layout.nodes += [
        node_of("Reshape", [layout.blocked[source], blocks], f"{name}.blocks.apart"),
        node_of(
            "Slice", [f"{name}.blocks.apart", first, last, along], f"{name}.blocks.cut"
        ),
    ]
    made = node_of("Reshape", [f"{name}.blocks.cut", row], name)
    return layout.place_blocked(made, {name: channels})


def _split(layout: _Layout, node: NodeProto) -> bool:
    source, *given = node.input
    sizes = layout.constant(given[0]) if given else []
    if attributes(node).get("axis") != [1] or not layout.fits(sizes):
        return False
    node = copied(node, input=[layout.blocked[source], *given])
    return layout.place_blocked(node, dict(zip(node.output, sizes, strict=True)))


def _concat(layout: _Layout, node: NodeProto) -> bool:
    sizes = [layout.channels.get(name, 0) for name in node.input]
    if attributes(node).get("axis") != [1] or not layout.fits(sizes):
        return False
    node = copied(node, input=[layout.blocked[name] for name in node.input])
    return layout.place_blocked(node, {node.output[0]: sum(sizes)})


def _interleave(layout: _Layout, node: NodeProto) -> bool:
    """Interleave phases block by block instead of value by value.

    A MatMul over the rows before it is allowed, as it does not depend on their order.
    """
    source = node.input[0]
    chain = [node, *islice(layout.following(node), 4)]
    kinds = [step.op_type for step in chain]
    if kinds[:3] == ["Reshape", "Transpose", "Reshape"]:
        mixing, interleaving = [], chain[:3]
    elif kinds == ["Reshape", "MatMul", "Reshape", "Transpose", "Reshape"]:
        mixing, interleaving = chain[:2], chain[2:]
    else:
        return False
    apart, between, row = interleaving
    shape = layout.constant(apart.input[1])
    if len(shape) != len(ORDER) or attributes(between)["perm"] != ORDER:
        return False
    _, phases, channels, _ = shape
    rows = layout.constant(node.input[1])[0] if mixing else phases
    if (
        layout.channels.get(source) != rows * channels
        or layout.constant(row.input[1]) != [1, channels, 1, -1]
        or not layout.fits([channels])
    ):
        return False
    at = layout.blocked[source]
    for step in mixing:
        taken = [
            at if name in {source, node.output[0]} else name for name in step.input
        ]
        layout.nodes.append(copied(step, input=taken))
        at = step.output[0]
    name, block = row.output[0], layout.block
    blocks = [phases, channels // block, -1, block]
    shape_of_blocks = layout.draft.constant(f"{name}.blocks", blocks)
    layout.nodes += [
        node_of("Reshape", [at, shape_of_blocks], f"{name}.blocks.apart"),
        node_of(
            "Transpose",
            [f"{name}.blocks.apart"],
            f"{name}.blocks.between",
            perm=[1, 2, 0, 3],
        ),
    ]
    layout.done.update(step.output[0] for step in chain[: len(mixing) + 3])
    row = copied(row, input=[f"{name}.blocks.between", row.input[1]])
    return layout.place_blocked(row, {name: channels})


_BLOCKED_FORMS: Mapping[str, Callable[[_Layout, NodeProto], bool]] = {
    "Add": _pointwise,
    "Concat": _concat,
    "Div": _pointwise,
    "LeakyRelu": _pointwise,
    "Mul": _pointwise,
    "ReorderInput": _reorder_input,
    "ReorderOutput": _reorder_output,
    "Reshape": _interleave,
    "Shape": _shape,
    "Sigmoid": _pointwise,
    "Slice": _slice,
    "Split": _split,
    "Sub": _pointwise,
    "Tanh": _pointwise,
}
"""By operator type, a function that places one with blocked inputs, or returns
False."""
