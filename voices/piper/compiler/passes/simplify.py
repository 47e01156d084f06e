"""A voice's graph without what does nothing for one sentence at a time.

A graph is exported for several sentences at once, of which the shorter ones are masked.
"""

from dataclasses import dataclass, field

import numpy as np
from onnx import ModelProto, NodeProto, numpy_helper

from voices.piper.compiler.graph import Weights, to_model, to_mutable


def simplify(model: ModelProto, mask: str) -> ModelProto:
    """Leave out the mask, which is one everywhere, and what then does nothing.

    Args:
        model: the graph, or a part of it.
        mask: tensor of one number for each position; an input, or made by the graph.
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
    """Tensors of which it is known what is in them."""

    weights: Weights
    ones: set[str]
    """One everywhere, and no larger than what they are multiplied with."""

    masks: set[str]
    """One everywhere, in any shape."""

    zeros: set[str] = field(default_factory=set)
    never: set[str] = field(default_factory=set)

    def same(self, node: NodeProto) -> str | None:
        """Return the input that a node hands on as it is, if it does."""
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
        first, other = sources
        if other in idle:
            return first
        return other if first in idle else None

    def learn(self, node: NodeProto) -> None:
        """Note what is known of what a node makes."""
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
                self._learn_of_masks(node, source, made)

    def _learn_of_masks(self, node: NodeProto, source: str, made: str) -> None:
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
