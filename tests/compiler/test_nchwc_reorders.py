"""A graph in the blocked layout is reordered only where needed."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto

from tests.support.voices.graph_sketches import (
    Sketch,
    Step,
    beginning_finer,
    block_of,
    every_second,
    exchanged,
    finer,
    flipped,
    gated,
    joined_along,
    laid_out,
    louder,
    parted_unevenly,
    pointwise,
    residual,
    scaled,
    tiled,
    trimmed,
    two_summed,
)
from tests.support.voices.onnx_graphs import CPU, kinds, made_by
from voices.catalogue import open_catalogue
from voices.piper.compiler.graph_analysis import (
    analyse_graph,
    extract_part,
    find_decoder_cuts,
)
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.passes.conv2d import to_conv2d
from voices.piper.compiler.passes.nchwc_layout import keep_in_blocks
from voices.piper.compiler.passes.simplify import simplify


@pytest.fixture(name="block", scope="module")
def _block(tmp_path_factory: pytest.TempPathFactory) -> int:
    return block_of(Optimizer(CPU, tmp_path_factory.mktemp("graphs")))


@pytest.mark.parametrize(
    "steps",
    [
        [finer(2), pointwise("LeakyRelu")],
        [trimmed(0), gated],
        [exchanged(16), finer(4), trimmed(1)],
        [parted_unevenly, scaled, pointwise("Tanh")],
    ],
)
def test_without_sums_the_result_is_bit_identical(
    steps: list[Step], block: int, tmp_path: Path
) -> None:
    """The layout alone does not change a value."""
    sketch = Sketch()
    row = sketch.conv(sketch.row(48), 64)
    for step in steps:
        row = step(sketch, row)
    made = laid_out(sketch.model(sketch.conv(row, 32)), tmp_path)
    values = sketch.values(21)
    (expected,), (other,) = (
        made_by(made, values),
        made_by(keep_in_blocks(made, block), values),
    )
    assert np.array_equal(expected, other)


def settled_kinds(model: ModelProto, block: int, folder: Path) -> Counter[str]:
    return kinds(keep_in_blocks(laid_out(model, folder), block))


@pytest.mark.parametrize(
    "step",
    [
        exchanged(32),
        finer(2),
        finer(4),
        gated,
        parted_unevenly,
        pointwise("LeakyRelu"),
        pointwise("Sigmoid"),
        residual,
        scaled,
        tiled(2, 4),
        trimmed(0),
        trimmed(1),
        two_summed,
    ],
)
def test_nothing_is_reordered_between_convolutions(
    step: Step, block: int, tmp_path: Path
) -> None:
    if 16 % block:
        pytest.skip("blocks of more than 16 channels do not fit what is cut here")
    sketch = Sketch()
    row = step(sketch, beginning_finer(sketch))
    again = step(sketch, finer(2)(sketch, sketch.conv(row, 128)))
    made = settled_kinds(sketch.model(sketch.conv(again, 64)), block, tmp_path)
    assert made["ReorderInput"] == made["ReorderOutput"] == 1


@pytest.mark.parametrize("step", [flipped, louder, every_second, joined_along])
def test_a_tensor_is_reordered_to_the_plain_layout_once(
    step: Step, block: int, tmp_path: Path
) -> None:
    """Once for the operator, once for the graph's output; once back to blocks."""
    sketch = Sketch()
    row = step(sketch, beginning_finer(sketch))
    both = sketch.put("Add", [sketch.conv(row, 32), sketch.conv(row, 32, 1)])
    made = settled_kinds(sketch.model(both), block, tmp_path)
    assert made["ReorderInput"] == made["ReorderOutput"] == 2


def test_additions_to_convolutions_are_fused(block: int, tmp_path: Path) -> None:
    sketch = Sketch()
    row = beginning_finer(sketch)
    for _ in range(3):
        row = residual(sketch, row)
    made = settled_kinds(sketch.model(row), block, tmp_path)
    assert made["Add"] == 0
    assert made["Conv"] == 4


@pytest.fixture(name="fine", scope="module")
def _fine(block: int, tmp_path_factory: pytest.TempPathFactory) -> ModelProto:
    """Return the packaged voice's fine decoder in the blocked layout."""
    whole = onnx.load(open_catalogue().find("en_US-joe-medium").model or "")
    parts = analyse_graph(whole)
    shapes: dict[str, list[int | str]] = {
        parts.latent: [1, parts.channels, "frames"],
        parts.mask: [1, 1, "frames"],
    }
    plain = simplify(extract_part(whole, shapes, [parts.output]), parts.mask)
    _, seam = find_decoder_cuts(plain)
    flat = to_conv2d(plain, parts.latent, tiled=True)
    fine = extract_part(flat, {seam: [1, "channels", 1, "positions"]}, [parts.output])
    return keep_in_blocks(laid_out(fine, tmp_path_factory.mktemp("fine")), block)


@pytest.mark.live
def test_the_packaged_voice_stays_in_the_blocked_layout(fine: ModelProto) -> None:
    made = kinds(fine)
    assert made["ReorderInput"] == 1
    assert made["ReorderOutput"] == 1
    assert made["Conv"] > 10


@pytest.mark.live
def test_the_packaged_voice_has_its_additions_fused(fine: ModelProto) -> None:
    """The rest add two tensors that both have other users."""
    nodes = list(fine.graph.node)
    makers = {name: node for node in nodes for name in node.output}
    uses = Counter(name for node in nodes for name in node.input)
    for node in nodes:
        for name in node.input if node.op_type == "Add" else ():
            made = makers[name]
            assert made.op_type != "Conv" or uses[name] > 1 or len(made.input) > 3
    assert sum(len(node.input) == 4 for node in nodes if node.op_type == "Conv") > 10
