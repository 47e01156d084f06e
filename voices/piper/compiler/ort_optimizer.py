"""Optimize graphs with onnxruntime, then keep them in its blocked layout."""

import shutil
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime import GraphOptimizationLevel as Level

from voices.piper.compiler.passes.fuse_add import DOMAIN
from voices.piper.compiler.passes.nchwc_layout import keep_in_blocks
from voices.piper.sessions import UNOPTIMIZED, Providers, open_graph


@dataclass(frozen=True, slots=True)
class Optimizer:
    """Optimizes graphs for this machine.

    Methods raise OSError if the folder is full or missing, and any of onnxruntime's
    errors, which have no common class.
    """

    providers: Providers

    folder: Path
    """For temporary files: onnxruntime writes an optimized graph to a file."""

    def fold_constants(self, model: ModelProto) -> ModelProto:
        """Return a graph with constant expressions evaluated."""
        return self._made_of(model, Level.ORT_ENABLE_BASIC)

    def optimize(self, model: ModelProto, block: int) -> bytes:
        """Return an optimized graph in onnxruntime's own format.

        Args:
            model: the graph.
            block: channels per block of the layout; 0 without blocks.
        """
        laid_out = self._made_of(model, Level.ORT_ENABLE_ALL)
        graph = keep_in_blocks(laid_out, block) if block else laid_out
        return self._written(graph, UNOPTIMIZED, "settled.ort")

    def block(self) -> int:
        """Return onnxruntime's channels per block on this machine; 0 without blocks.

        Measured by optimizing a convolution of one output channel, which gets a full
        block: onnxruntime has no API for it.
        """
        made = self._made_of(_probe(), Level.ORT_ENABLE_ALL).graph
        if not any(node.domain == DOMAIN for node in made.node):
            return 0
        return max(
            int(tensor.dims[0]) for tensor in made.initializer if len(tensor.dims) > 1
        )

    def _made_of(self, model: ModelProto, level: Level) -> ModelProto:
        return onnx.load_from_string(self._written(model, level, "made.onnx"))

    def _written(self, model: ModelProto, level: Level, name: str) -> bytes:
        path, given = self.folder / name, self.folder / "given.onnx"
        # By its path: with bytes, onnxruntime would hold a second copy of the graph.
        size = given.write_bytes(model.SerializeToString())
        try:
            open_graph(given, self.providers, level=level, save_as=path)
        except Exception as error:
            given.unlink()
            # onnxruntime reports a full disk in several ways.
            if shutil.disk_usage(self.folder).free < size:
                raise OSError(ENOSPC, "No space left", str(self.folder)) from error
            raise
        written = path.read_bytes()
        path.unlink()
        given.unlink()
        return written


def _probe() -> ModelProto:
    kernel = np.ones((1, 64, 1, 3), dtype=np.float32)
    floats = TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("Conv", ["row", "kernel"], ["made"])],
        "probe",
        [helper.make_tensor_value_info("row", floats, [1, 64, 1, "length"])],
        [helper.make_tensor_value_info("made", floats, None)],
        [numpy_helper.from_array(kernel, "kernel")],
    )
    model: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 15)]
    )
    # The version of exported voices; onnx would set its newest.
    model.ir_version = 8
    return model
