"""How a graph is opened and run: the options that were measured to be the best."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from onnxruntime import (
    GraphOptimizationLevel,
    InferenceSession,
    OrtAllocatorType,
    OrtMemoryInfo,
    OrtMemType,
    SessionOptions,
    create_and_register_allocator,
)

from voices.errors import SynthesisFailed

Values = Mapping[str, NDArray[Any]]

AS_IT_IS = GraphOptimizationLevel.ORT_DISABLE_ALL
"""For what was optimised on this machine before."""

Providers = tuple[str, ...]
"""onnxruntime's names of what may compute, the best first."""


def _options() -> SessionOptions:
    """Options of a session that runs on the thread that calls it.

    The search for buffers to share takes seconds on these graphs and gains nothing; a
    memory pattern remembered for each length of sentence makes a process far larger.
    Threads that wait by spinning take the processor from whoever speaks beside them.
    """
    options = SessionOptions()
    options.enable_mem_reuse = False
    options.enable_mem_pattern = False
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options


def open_graph(
    graph: bytes | Path,
    providers: Providers,
    *,
    level: GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
    keep_as: Path | None = None,
    lasting: bool = False,
) -> InferenceSession:
    """Open a graph; raises what onnxruntime raises, which has no common base.

    Args:
        graph: a serialised model, or the file of one.
        providers: of onnxruntime, the first that is there counts.
        level: how far onnxruntime may rewrite it.
        keep_as: file to which it is written as it is run; in onnxruntime's own format
            when that is how the file is called (.ort).
        lasting: whether it stays open as long as the process.  Such sessions share
            memory; what another one took is given back when it is closed.
    """
    options = _options()
    if lasting:
        _share_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
    options.graph_optimization_level = level
    if keep_as is not None:
        options.optimized_model_filepath = str(keep_as)
        # It warns that the file is for this processor: that is what it is for.
        options.log_severity_level = 3
    source = str(graph) if isinstance(graph, Path) else graph
    return InferenceSession(source, options, providers=list(providers))


@cache
def _share_memory() -> None:
    """Let sessions of the process take their memory of one arena.

    An arena keeps what it once took; the parts of a voice run one after another, so
    what one has given back serves the next: 70 MB less on two threads.
    """
    place = OrtMemoryInfo(
        "Cpu", OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, OrtMemType.DEFAULT
    )
    create_and_register_allocator(place, None)


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
