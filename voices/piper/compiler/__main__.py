"""Compile a voice and verify that it sounds as exported.

    python -m voices.piper.compiler < REQUEST

Prints an answer as one line of JSON; `voices.piper.compile_process` starts it.
"""

import json
import sys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from piper.config import PiperConfig

from voices.piper.compile_process import (
    REFUSED,
    UNWRITABLE,
    CompileRequest,
    NotCompiledError,
    parse_compile_request,
)
from voices.piper.compiled_model import open_compiled, write_compiled
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.rewriter import GraphRewriter
from voices.piper.model import Model, Samples
from voices.system.heap import trim_heap

_MIN_SNR_DB = 90.0
"""Least ratio of signal to difference for a compiled voice to count as unchanged: sums
in another order give that difference.  Measured:  109 dB for the packaged voice, and 90
(one word) to 112 for its sentences."""

_TEST_SYMBOLS = 60
"""Symbols of the sentence used to compare: about two seconds."""

_ATTEMPTS = 3
"""Sentences tried before the voices count as different."""


def main() -> None:
    """Compile the requested voice and print the answer."""
    answer = {}
    try:
        if reason := compile_and_verify(parse_compile_request(sys.stdin.read())):
            answer[REFUSED] = reason
    except OSError as error:
        answer[UNWRITABLE] = str(error)
    # onnxruntime has no common error class; any failure means that the rewritten graph
    # cannot be used.
    except Exception as error:  # noqa: BLE001
        answer[REFUSED] = str(error) or type(error).__name__
    sys.stdout.write(json.dumps(answer) + "\n")


def compile_and_verify(request: CompileRequest) -> str | None:
    """Compile a voice into its folder; return why it must not be used, or None.

    Raises:
        OSError: the folder cannot be written.
        InvalidVoice: the model is damaged.
        UnknownGraphError: the graph is not built as those that can be rewritten.
        NotCompiledError: the compiled voice cannot be opened.
        Exception: any of onnxruntime's errors, which have no common class.
    """
    source, providers, folder = request.source, request.providers, request.folder
    rewriter = GraphRewriter(source)
    write_compiled(rewriter.compiled(Optimizer(providers, folder)), folder)

    def compiled() -> Model:
        if model := open_compiled(folder, source, providers):
            return model
        raise NotCompiledError("the compiled voice cannot be opened")

    ratio_db = _signal_to_difference_db(
        compiled, lambda: rewriter.seeded(providers), source.config
    )
    if ratio_db >= _MIN_SNR_DB:
        return None
    return f"it would sound different ({ratio_db:.0f} dB)"


def _signal_to_difference_db(
    compiled: Callable[[], Model], exported: Callable[[], Model], config: PiperConfig
) -> float:
    """Return the ratio of a voice's sound to what compiling changed of it, in dB.

    Durations are rounded up to whole frames, so sums in another order may make a symbol
    longer by a frame, and the rest cannot be compared.  This is rare; then another
    sentence is tried.
    """
    symbols = sorted(
        {symbol for ids in config.phoneme_id_map.values() for symbol in ids}
    )
    for attempt in range(_ATTEMPTS):
        said = tuple(
            symbols[(index + attempt) % len(symbols)] for index in range(_TEST_SYMBOLS)
        )
        frames, sound = _render(compiled, said)
        frames_before, before = _render(exported, said)
        if np.array_equal(frames, frames_before):
            return _decibels(before, sound - before)
    return 0.0


def _render(
    opened: Callable[[], Model], said: tuple[int, ...]
) -> tuple[NDArray[np.int64], Samples]:
    # Only one model is open at a time, and compilation's memory is returned first.
    trim_heap()
    rendering = opened().render(said, b"alike")
    frames = int(rendering.frames.sum())
    return rendering.frames, rendering.sound(0, frames, frames)


def _decibels(signal: Samples, difference: Samples) -> float:
    strong, weak = (
        max(float(np.square(samples, dtype=np.float64).sum()), 1e-30)
        for samples in (signal, difference)
    )
    return 10 * float(np.log10(strong / weak))


if __name__ == "__main__":
    main()
