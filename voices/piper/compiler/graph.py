"""A mutable form of an onnx graph: operators in order, weights by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import (
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    helper,
    numpy_helper,
)

Weights = dict[str, NDArray[np.generic]]


@dataclass(slots=True)
class MutableGraph:
    """A graph being rewritten: operators in order, weights by name."""

    nodes: list[NodeProto]
    weights: Weights
    renamed: dict[str, str] = field(default_factory=dict)
    """Removed tensors, each with the tensor that replaces it."""

    def name(self, tensor: str) -> str:
        """Return the tensor that replaces a removed one, or the tensor itself."""
        while tensor in self.renamed:
            tensor = self.renamed[tensor]
        return tensor

    def constant(self, name: str, values: Sequence[int]) -> str:
        """Add an integer constant, such as a shape; return its name."""
        self.weights[name] = np.array(values, dtype=np.int64)
        return name


def to_mutable(model: ModelProto) -> MutableGraph:
    """Convert a model; nodes are copied, constants become weights."""
    weights: Weights = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer
    }
    nodes = []
    for node in model.graph.node:
        if node.op_type == "Constant":
            weights[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            continue
        nodes.append(copied(node))
    return MutableGraph(nodes, weights)


def to_model(draft: MutableGraph, model: ModelProto, spare: str = "") -> ModelProto:
    """Build a model from a draft, without unused operators and weights.

    The inputs of the model stay, except `spare` if nothing uses it.
    """
    used = {tensor.name for tensor in model.graph.output}
    renamed = sorted(used.intersection(draft.renamed))
    same = [node_of("Identity", [draft.name(name)], name) for name in renamed]
    kept = [node for node in draft.nodes if node.output[0] not in draft.renamed]
    nodes = []
    for node in reversed([*kept, *same]):
        if used.intersection(node.output):
            used.update(node.input)
            nodes.append(node)
    weights = {name: weight for name, weight in draft.weights.items() if name in used}
    graph = helper.make_graph(
        nodes[::-1],
        model.graph.name,
        [
            tensor
            for tensor in model.graph.input
            if tensor.name != spare or spare in used
        ],
        [_of_any_shape(tensor) for tensor in model.graph.output],
        [numpy_helper.from_array(weight, name) for name, weight in weights.items()],
    )
    made: ModelProto = helper.make_model(graph, opset_imports=model.opset_import)
    made.ir_version = model.ir_version
    return made


def attributes(node: NodeProto) -> dict[str, list[int]]:
    """Return the integer attributes of a node, each as a list."""
    given = (attribute for attribute in node.attribute if attribute.s != b"NOTSET")
    return {
        attribute.name: list(attribute.ints) or [attribute.i] for attribute in given
    }


def copied(node: NodeProto, **changed: Sequence[str]) -> NodeProto:
    """Copy a node, with another `input` or `output`."""
    copy = NodeProto()
    copy.CopyFrom(node)
    for name, values in changed.items():
        getattr(copy, name)[:] = values
    return copy


def node_of(
    kind: str,
    inputs: Sequence[str],
    output: str,
    **options: Any,  # noqa: ANN401 - any attribute of an operator
) -> NodeProto:
    """Return a node with one output."""
    made: NodeProto = helper.make_node(kind, inputs, [output], **options)
    return made


def chain(
    source: str, steps: Sequence[tuple[str, ...]], made: str
) -> Iterator[NodeProto]:
    """Yield a chain of operators, each applied to the output of the one before.

    Args:
        source: input of the first operator.
        steps: operator types, each with its further inputs.
        made: output of the last operator.
    """
    for number, (kind, *others) in enumerate(steps, 1):
        result = made if number == len(steps) else f"{made}.step{number}"
        yield node_of(kind, [source, *others], result)
        source = result


def _of_any_shape(output: ValueInfoProto) -> ValueInfoProto:
    return helper.make_tensor_value_info(output.name, TensorProto.FLOAT, None)
