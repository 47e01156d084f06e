"""How a graph is opened and run: the options that were measured to be the best."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions

from voices.errors import SynthesisFailed

Values = Mapping[str, NDArray[Any]]


def options_for(threads: int = 1) -> SessionOptions:
    """Options of a session that runs on so many threads.

    The search for buffers to share takes seconds on these graphs and gains nothing; a
    memory pattern remembered for each length of sentence makes a process far larger.
    Threads that wait by spinning take the processor from whoever speaks beside them.
    """
    options = SessionOptions()
    options.enable_mem_reuse = False
    options.enable_mem_pattern = False
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options


def open_graph(
    graph: bytes | Path,
    providers: tuple[str, ...],
    threads: int = 1,
    *,
    optimised: bool = False,
    keep_as: Path | None = None,
) -> InferenceSession:
    """Open a graph; raises what onnxruntime raises, which has no common base.

    Args:
        graph: a serialised model, or the file of one.
        providers: of onnxruntime, the first that is there counts.
        threads: that one run may use.
        optimised: whether it was optimised on this machine before.
        keep_as: file to which the optimised graph is written, in onnxruntime's format.
    """
    options = options_for(threads)
    if optimised:
        options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL
    if keep_as is not None:
        options.optimized_model_filepath = str(keep_as)
        options.add_session_config_entry("session.save_model_format", "ORT")
        # It warns that the file is for this processor: that is what it is for.
        options.log_severity_level = 3
    source = str(graph) if isinstance(graph, Path) else graph
    return InferenceSession(source, options, providers=list(providers))


def run(
    session: InferenceSession, names: list[str], values: Values
) -> list[NDArray[Any]]:
    """Run a graph; raises SynthesisFailed when onnxruntime cannot."""
    try:
        return cast("list[NDArray[Any]]", session.run(names, dict(values)))
    except Exception as error:  # onnxruntime's errors derive from Exception alone
        raise SynthesisFailed("The voice model failed on a sentence.") from error


def as_floats(sound: NDArray[Any]) -> NDArray[np.float32]:
    """Return a graph's sound as one row of samples."""
    return cast("NDArray[np.float32]", np.ravel(sound))
