"""Open and run graphs with the onnxruntime options measured to be best."""

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

UNOPTIMIZED = GraphOptimizationLevel.ORT_DISABLE_ALL
"""Level for graphs that were optimized before."""

Providers = tuple[str, ...]
"""onnxruntime's execution providers, the preferred one first."""


def _options() -> SessionOptions:
    """Options of a session that runs on the calling thread.

    Memory reuse takes seconds to plan on these graphs and gains nothing; a memory
    pattern per length of sentence makes a process far larger.  Spinning threads take
    processor time from other workers.
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
    save_as: Path | None = None,
    lasting: bool = False,
) -> InferenceSession:
    """Open a graph.

    Args:
        graph: a serialized model, or its file.
        providers: execution providers; the first available one is used.
        level: how far onnxruntime may rewrite the graph.
        save_as: file for the rewritten graph, in onnxruntime's own format if its
            suffix is .ort.
        lasting: whether the session stays open as long as the process.  Such sessions
            share memory; others return theirs when closed.

    Raises:
        Exception: any of onnxruntime's errors, which have no common class.
    """
    options = _options()
    if lasting:
        _share_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
    options.graph_optimization_level = level
    if save_as is not None:
        options.optimized_model_filepath = str(save_as)
        # It would warn that the file is specific to this processor, as intended.
        options.log_severity_level = 3
    source = str(graph) if isinstance(graph, Path) else graph
    return InferenceSession(source, options, providers=list(providers))


@cache
def _share_memory() -> None:
    """Share one memory arena among the sessions of the process.

    An arena never shrinks, and the stages of a voice run one after another, so each can
    use the memory of the one before: 70 MB less on two threads.
    """
    place = OrtMemoryInfo(
        "Cpu", OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, OrtMemType.DEFAULT
    )
    create_and_register_allocator(place, None)


def run(
    session: InferenceSession, names: list[str], values: Values
) -> list[NDArray[Any]]:
    """Run a graph; raises SynthesisFailed if onnxruntime fails."""
    try:
        return cast("list[NDArray[Any]]", session.run(names, dict(values)))
    except Exception as error:  # onnxruntime has no common error class
        raise SynthesisFailed("The voice model failed on a sentence.") from error


def as_floats(sound: NDArray[Any]) -> NDArray[np.float32]:
    """Flatten a graph's sound to shape [samples]."""
    return cast("NDArray[np.float32]", np.ravel(sound))
