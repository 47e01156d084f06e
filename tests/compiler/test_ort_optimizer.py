"""The optimiser folds, has onnxruntime lay out in blocks, and settles what it made."""

from pathlib import Path

import onnx
import pytest
from onnx import ModelProto, TensorProto

from tests.support.graph_sketches import (
    Sketch,
    beginning_finer,
    block_of,
    laid_out,
    residual,
)
from tests.support.onnx_graphs import CPU, kinds
from voices.piper.compiler.ort_optimizer import Optimiser
from voices.piper.compiler.passes.fuse_add import DOMAIN
from voices.piper.compiler.passes.nchwc_layout import keep_in_blocks
from voices.piper.sessions import AS_IT_IS, open_graph


@pytest.fixture(name="optimiser", scope="module")
def _optimiser(tmp_path_factory: pytest.TempPathFactory) -> Optimiser:
    return Optimiser(CPU, tmp_path_factory.mktemp("graphs"))


def added_to() -> ModelProto:
    sketch = Sketch()
    return sketch.model(residual(sketch, beginning_finer(sketch)))


def optimised(optimiser: Optimiser, block: int, folder: Path) -> ModelProto:
    """Optimise a graph, and write it again in a format that can be read."""
    path = folder / "again.onnx"
    made = optimiser.optimised(added_to(), block)
    open_graph(made, CPU, level=AS_IT_IS, keep_as=path)
    return onnx.load(path)


def test_what_is_optimised_is_settled(optimiser: Optimiser, tmp_path: Path) -> None:
    block = block_of(optimiser)
    made = keep_in_blocks(laid_out(added_to(), tmp_path), block)
    assert kinds(optimised(optimiser, block, tmp_path)) == kinds(made)


def test_where_there_are_no_blocks_nothing_is_settled(
    optimiser: Optimiser, tmp_path: Path
) -> None:
    made = laid_out(added_to(), tmp_path)
    assert kinds(optimised(optimiser, 0, tmp_path)) == kinds(made)


def test_what_is_computed_of_constants_is_folded_and_no_more(
    optimiser: Optimiser,
) -> None:
    sketch = Sketch()
    bounds = sketch.put("Add", [sketch.numbers(1, 0, 0), sketch.numbers(0, 3, 2)], 0)
    gain = sketch.put("ReduceSum", [bounds], 0, keepdims=0)
    gain = sketch.put("Cast", [gain], 0, to=TensorProto.FLOAT)
    row = sketch.conv(sketch.row(64), 64)
    last = sketch.put("Mul", [sketch.put("Tanh", [row]), gain])
    folded = optimiser.folded(sketch.model(last))
    assert [node.op_type for node in folded.graph.node] == ["Conv", "Tanh", "Mul"]
    assert not any(node.domain == DOMAIN for node in folded.graph.node)


def test_a_block_is_of_as_many_channels_as_a_processor_takes(
    optimiser: Optimiser,
) -> None:
    assert block_of(optimiser) in {4, 8, 16}
