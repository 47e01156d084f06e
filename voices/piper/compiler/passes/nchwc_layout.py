"""A graph stays in onnxruntime's blocked layout from one convolution to the next.

onnxruntime lays the channels of a fast convolution out in blocks of as many as the
processor takes at once (NCHWc), and back again after it; an addition in between takes
the plain layout.  Most operators give the same in either layout.  Here they take the
blocked one, and only what needs it is laid out again.
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
    """Take out of an optimised graph what lays out again and what need not be.

    Args:
        model: as onnxruntime optimised it, the layout of convolutions included.
        block: channels in a block.
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
    """Operators that were settled, and in which layouts there is what they make."""

    draft: MutableGraph
    block: int
    outputs: frozenset[str]
    """Of the graph."""

    made: set[str]
    """Tensors that there are in the plain layout."""

    nodes: list[NodeProto] = field(default_factory=list)
    blocked: dict[str, str] = field(default_factory=dict)
    """Names in the blocked layout, by name in the plain one."""

    channels: dict[str, int] = field(default_factory=dict)
    """Of what there is in the blocked layout, by plain name."""

    renamed: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    """What operators make that were settled with one before them."""

    def add(self, node: NodeProto) -> None:
        """Settle the next operator."""
        if node.output[0] in self.done:
            return
        node = copied(node, input=[self.renamed.get(name, name) for name in node.input])
        known = [name for name in node.input if name in self.blocked]
        settle = _SETTLED.get(node.op_type)
        if settle and (known or node.domain == DOMAIN) and settle(self, node):
            return
        for name in known:
            self.plain(name)
        self.keep(node)

    def keep(self, node: NodeProto) -> None:
        """Keep an operator as it is."""
        self.made.update(node.output)
        self.nodes.append(node)

    def plain(self, name: str) -> None:
        """See that a tensor is there in the plain layout."""
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
        """See that a tensor is there in the blocked layout."""
        if name not in self.blocked:
            self.blocked[name] = f"{name}.blocked"
            self.nodes.append(
                helper.make_node(
                    "ReorderInput", [name], [self.blocked[name]], domain=DOMAIN
                )
            )
        return self.blocked[name]

    def tell(self, node: NodeProto, channels: Mapping[str, int]) -> bool:
        """Keep an operator that makes blocked tensors; their channels by plain name."""
        self.channels.update(channels)
        for name in node.output:
            self.blocked[name] = f"{name}.blocked"
        made = [self.blocked[name] for name in node.output]
        self.nodes.append(copied(node, output=made))
        return True

    def fits(self, channels: Iterable[int]) -> bool:
        """Whether channels can be cut between these without cutting a block."""
        sizes = list(channels)
        return bool(sizes) and all(size and size % self.block == 0 for size in sizes)

    def following(self, node: NodeProto) -> Iterator[NodeProto]:
        """Operators of which each is the only one that takes what the last one made."""
        while node.output[0] not in self.outputs:
            users = [user for user in self.draft.nodes if node.output[0] in user.input]
            if len(users) != 1:
                return
            (node,) = users
            yield node

    def constant(self, name: str) -> list[int]:
        """Return the whole numbers of a weight; none when it is no weight."""
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
    """Of tensors of equal channels, and of numbers that are the same for all.

    The last block may have more channels than are told, which are zero: what makes
    something else of zero makes nothing that is read.
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
    return layout.tell(node, dict.fromkeys(node.output, channels.pop()))


def _shape(layout: _Layout, node: NodeProto) -> bool:
    """Of positions; of channels only where none are in a block to fill it."""
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
"""Inputs of a Slice after its source: where it begins and ends, along which axes."""


def _some_channels(layout: _Layout, node: NodeProto, channels: int) -> bool:
    source, *bounds = node.input
    first, last = (layout.constant(bound) for bound in bounds[:2])
    if not first or not last or not 0 <= first[0] < last[0]:
        return False
    taken = min(last[0], channels) - first[0]
    if not layout.fits([channels, taken]) or first[0] % layout.block:
        return False
    node = copied(node, input=[layout.blocked[source], *bounds])
    return layout.tell(node, {node.output[0]: taken})


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
    return layout.tell(made, {name: channels})


def _split(layout: _Layout, node: NodeProto) -> bool:
    source, *given = node.input
    sizes = layout.constant(given[0]) if given else []
    if attributes(node).get("axis") != [1] or not layout.fits(sizes):
        return False
    node = copied(node, input=[layout.blocked[source], *given])
    return layout.tell(node, dict(zip(node.output, sizes, strict=True)))


def _concat(layout: _Layout, node: NodeProto) -> bool:
    sizes = [layout.channels.get(name, 0) for name in node.input]
    if attributes(node).get("axis") != [1] or not layout.fits(sizes):
        return False
    node = copied(node, input=[layout.blocked[name] for name in node.input])
    return layout.tell(node, {node.output[0]: sum(sizes)})


def _weave(layout: _Layout, node: NodeProto) -> bool:
    """Lay phases in between one another, block by block in place of number by number.

    Before it rows of channels may have been mixed, which does not ask for their order.
    """
    source = node.input[0]
    chain = [node, *islice(layout.following(node), 4)]
    kinds = [step.op_type for step in chain]
    if kinds[:3] == ["Reshape", "Transpose", "Reshape"]:
        mixing, weaving = [], chain[:3]
    elif kinds == ["Reshape", "MatMul", "Reshape", "Transpose", "Reshape"]:
        mixing, weaving = chain[:2], chain[2:]
    else:
        return False
    apart, between, row = weaving
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
    return layout.tell(row, {name: channels})


_SETTLED: Mapping[str, Callable[[_Layout, NodeProto], bool]] = {
    "Add": _pointwise,
    "Concat": _concat,
    "Div": _pointwise,
    "LeakyRelu": _pointwise,
    "Mul": _pointwise,
    "ReorderInput": _reorder_input,
    "ReorderOutput": _reorder_output,
    "Reshape": _weave,
    "Shape": _shape,
    "Sigmoid": _pointwise,
    "Slice": _slice,
    "Split": _split,
    "Sub": _pointwise,
    "Tanh": _pointwise,
}
"""Each settles an operator that takes something blocked, or returns that it cannot."""
