"""Fuse additions into the convolutions before them.

onnxruntime's blocked convolution can start from another tensor in place of zero, so the
addition is free.
"""

from collections import Counter
from itertools import permutations
from typing import TypeGuard

from onnx import NodeProto

from voices.piper.compiler.graph import copied

DOMAIN = "com.microsoft.nchwc"
"""Domain of onnxruntime's operators in the blocked layout."""


def fuse_adds(nodes: list[NodeProto], outputs: frozenset[str]) -> list[NodeProto]:
    """Return the operators with additions fused; `outputs` are the graph's."""
    uses = Counter(name for node in nodes for name in node.input)
    made_by = {name: node for node in nodes for name in node.output}
    fused = set[str]()
    summed = []
    for node in nodes:
        added = node
        for name, other in permutations(node.input) if node.op_type == "Add" else ():
            convolution = made_by.get(name)
            free = uses[name] == 1 and name not in outputs
            if free and other in made_by and _adds_nothing(convolution):
                fused.add(name)
                addends = [*convolution.input, other]
                added = copied(convolution, input=addends, output=node.output)
                made_by[node.output[0]] = added
                break
        summed.append(added)
    return [node for node in summed if not fused.intersection(node.output)]


def _adds_nothing(node: NodeProto | None) -> TypeGuard[NodeProto]:
    return (
        node is not None
        and node.domain == DOMAIN
        and node.op_type == "Conv"
        and len(node.input) == _ADDENDS
        and not any(attribute.name == "activation" for attribute in node.attribute)
    )


_ADDENDS = 3
"""Inputs of a blocked convolution without an addition: source, weight and bias."""
