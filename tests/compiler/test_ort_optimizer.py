"""The optimizer folds constants and keeps graphs in the blocked layout."""

from pathlib import Path

import onnx
import pytest
from onnx import ModelProto, TensorProto

from tests.support.voices.graph_sketches import (
    Sketch,
    beginning_finer,
    block_of,
    laid_out,
    residual,
)
from tests.support.voices.onnx_graphs import CPU, kinds
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.passes.fuse_add import DOMAIN
from voices.piper.compiler.passes.nchwc_layout import keep_in_blocks
from voices.piper.sessions import UNOPTIMIZED, open_graph


@pytest.fixture(name="optimizer", scope="module")
def _optimiser(tmp_path_factory: pytest.TempPathFactory) -> Optimizer:
    return Optimizer(CPU, tmp_path_factory.mktemp("graphs"))


def added_to() -> ModelProto:
    sketch = Sketch()
    return sketch.model(residual(sketch, beginning_finer(sketch)))


def optimised(optimizer: Optimizer, block: int, folder: Path) -> ModelProto:
    """Optimize a graph, and return it in a readable format."""
    path = folder / "again.onnx"
    made = optimizer.optimize(added_to(), block)
    open_graph(made, CPU, level=UNOPTIMIZED, save_as=path)
    return onnx.load(path)


def test_an_optimized_graph_stays_in_blocks(
    optimizer: Optimizer, tmp_path: Path
) -> None:
    block = block_of(optimizer)
    made = keep_in_blocks(laid_out(added_to(), tmp_path), block)
    assert kinds(optimised(optimizer, block, tmp_path)) == kinds(made)


def test_without_blocks_the_graph_stays_as_optimized(
    optimizer: Optimizer, tmp_path: Path
) -> None:
    made = laid_out(added_to(), tmp_path)
    assert kinds(optimised(optimizer, 0, tmp_path)) == kinds(made)


def test_only_constant_expressions_are_folded(
    optimizer: Optimizer,
) -> None:
    sketch = Sketch()
    bounds = sketch.put("Add", [sketch.numbers(1, 0, 0), sketch.numbers(0, 3, 2)], 0)
    gain = sketch.put("ReduceSum", [bounds], 0, keepdims=0)
    gain = sketch.put("Cast", [gain], 0, to=TensorProto.FLOAT)
    row = sketch.conv(sketch.row(64), 64)
    last = sketch.put("Mul", [sketch.put("Tanh", [row]), gain])
    folded = optimizer.fold_constants(sketch.model(last))
    assert [node.op_type for node in folded.graph.node] == ["Conv", "Tanh", "Mul"]
    assert not any(node.domain == DOMAIN for node in folded.graph.node)


def test_the_block_size_is_that_of_the_processor(
    optimizer: Optimizer,
) -> None:
    assert block_of(optimizer) in {4, 8, 16}
