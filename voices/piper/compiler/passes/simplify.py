"""Remove the mask and operators that have no effect on one sentence.

A graph is exported for batches, in which shorter sentences are masked.
"""

from dataclasses import dataclass, field

import numpy as np
from onnx import ModelProto, NodeProto, numpy_helper

from voices.piper.compiler.graph import Weights, to_model, to_mutable


def simplify(model: ModelProto, mask: str) -> ModelProto:
    """Remove the mask, which is 1 everywhere, and operators that then do nothing.

    Args:
        model: the graph, or a part of it.
        mask: tensor of one value per position; an input, or computed by the graph.
    """
    draft = to_mutable(model)
    known = _Known(draft.weights, ones={mask}, masks={mask})
    kept = []
    for node in draft.nodes:
        node.input[:] = [draft.name(name) for name in node.input]
        same = known.same(node)
        if same is None:
            known.learn(node)
            kept.append(node)
        else:
            draft.renamed[node.output[0]] = same
    draft.nodes = kept
    return to_model(draft, model, spare=mask)


@dataclass(slots=True)
class _Known:
    """Tensors whose contents are known."""

    weights: Weights
    ones: set[str]
    """1 everywhere, and no larger than the other factor of their products."""

    masks: set[str]
    """1 everywhere, in any shape."""

    zeros: set[str] = field(default_factory=set)
    never: set[str] = field(default_factory=set)

    def same(self, node: NodeProto) -> str | None:
        """Return the input that a node returns unchanged, if it does."""
        sources = [str(name) for name in node.input]
        match node.op_type:
            case "Mul" if not self.masks.issuperset(sources):
                idle = self.ones
            case "Add":
                idle = self.zeros
            case "Sub" if sources[1] in self.zeros:
                return sources[0]
            case "Where" if sources[0] in self.never:
                return sources[2]
            case _:
                return None
        first, second = sources
        if second in idle:
            return first
        return second if first in idle else None

    def learn(self, node: NodeProto) -> None:
        """Record what is known of a node's output."""
        source, made = node.input[0], node.output[0]
        match node.op_type:
            case "ConstantOfShape" if _fill(node) == 0:
                self.zeros.add(made)
            case "ConstantOfShape" if _fill(node) == 1:
                self.ones.add(made)
            case "Neg" if source in self.zeros:
                self.zeros.add(made)
            case "Exp" if source in self.zeros:
                self.ones.add(made)
            case _:
                self._learn_from_masks(node, source, made)

    def _learn_from_masks(self, node: NodeProto, source: str, made: str) -> None:
        match node.op_type:
            case "Transpose" if source in self.ones & self.masks:
                self.ones.add(made)
                self.masks.add(made)
            case "Unsqueeze" if source in self.masks:
                self.masks.add(made)
            case "Mul" if self.masks.issuperset(node.input):
                self.masks.add(made)
            case "Equal" if source in self.masks and self._is_zero(node.input[1]):
                self.never.add(made)

    def _is_zero(self, name: str) -> bool:
        return name in self.weights and not np.any(self.weights[name])


def _fill(node: NodeProto) -> float:
    for attribute in node.attribute:
        if attribute.name == "value":
            return float(numpy_helper.to_array(attribute.t).ravel()[0])
    return 0.0
