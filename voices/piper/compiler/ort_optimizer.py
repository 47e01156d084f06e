"""onnxruntime optimises a graph, and it is settled in the layout that it was given."""

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
from voices.piper.sessions import AS_IT_IS, Providers, open_graph


@dataclass(frozen=True, slots=True)
class Optimiser:
    """What optimises graphs for this machine.

    It raises what onnxruntime raises, and OSError when the folder is full or gone.
    """

    providers: Providers

    folder: Path
    """Where a graph may lie for a while: onnxruntime gives what it made as a file."""

    def folded(self, model: ModelProto) -> ModelProto:
        """Return a graph with what is computed of constants in its place."""
        return self._made_of(model, Level.ORT_ENABLE_BASIC)

    def optimised(self, model: ModelProto, block: int) -> bytes:
        """Return a graph as it runs best, in onnxruntime's own format.

        Args:
            model: the graph.
            block: channels in a block of the layout; 0 where there are no blocks.
        """
        laid_out = self._made_of(model, Level.ORT_ENABLE_ALL)
        graph = keep_in_blocks(laid_out, block) if block else laid_out
        return self._written(graph, AS_IT_IS, "settled.ort")

    def block(self) -> int:
        """Channels that onnxruntime puts in a block here; 0 when it makes none.

        It does not tell; but a convolution that makes one channel is given a block.
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
        # By its path: given bytes, onnxruntime has the graph once more.
        size = given.write_bytes(model.SerializeToString())
        try:
            open_graph(given, self.providers, level=level, keep_as=path)
        except Exception as error:
            given.unlink()
            # It says only that it could not write, and that in several ways.
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
    # As old as those of exported voices: onnx would say its newest.
    model.ir_version = 8
    return model
