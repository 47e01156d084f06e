"""Rewrite the text encoder with fewer operators."""

from onnx import ModelProto, NodeProto

from voices.piper.compiler.graph import (
    MutableGraph,
    attributes,
    copied,
    to_model,
    to_mutable,
)
from voices.piper.compiler.passes.relative_attention import narrow_attention
from voices.piper.compiler.passes.simplify import simplify


def optimize_text_encoder(model: ModelProto) -> ModelProto:
    """Return an equal text encoder, given with constants folded, with less to compute.

    Its convolutions stay as they are: errors in them are the most audible.
    """
    mask = _mask(model)
    model = model if mask is None else simplify(model, mask)
    return _padding_within(narrow_attention(model))


def _mask(model: ModelProto) -> str | None:
    """Find the mask of the phonemes, which is 1 for all of one sentence."""
    of_lengths = {"input_lengths"}
    for node in model.graph.node:
        if not of_lengths.intersection(node.input):
            continue
        of_lengths.update(node.output)
        if node.op_type == "Cast":
            return str(node.output[0])
    return None


def _padding_within(model: ModelProto) -> ModelProto:
    """Merge paddings into the convolutions after them."""
    draft = to_mutable(model)
    paddings = {
        node.output[0]: node
        for node in draft.nodes
        if node.op_type == "Pad" and _lengthwise(node, draft)
    }
    nodes = []
    for node in draft.nodes:
        padding = paddings.get(node.input[0]) if node.op_type == "Conv" else None
        if padding is None or "pads" not in attributes(node):
            nodes.append(node)
            continue
        by = draft.weights[padding.input[1]].tolist()
        made = copied(node, input=[padding.input[0], *node.input[1:]])
        (pads,) = (
            attribute for attribute in made.attribute if attribute.name == "pads"
        )
        pads.ints[:] = [pads.ints[0] + by[2], pads.ints[1] + by[5]]
        nodes.append(made)
    draft.nodes = nodes
    return to_model(draft, model)


def _lengthwise(node: NodeProto, draft: MutableGraph) -> bool:
    """Whether a node pads zeros to the last of three axes only."""
    by = draft.weights.get(node.input[1])
    of_zeros = len(node.input) == _SOURCE_AND_PADS or not node.input[2]
    modes = [attribute.s for attribute in node.attribute if attribute.name == "mode"]
    plain = of_zeros and modes in ([], [b"constant"])
    return plain and by is not None and by.shape == (6,) and not by[[0, 1, 3, 4]].any()


_SOURCE_AND_PADS = 2
