"""The program that compiles a voice, and has it prove that it sounds as before.

    python -m voices.piper.compiler < ORDER

It answers with a line of JSON; `voices.piper.compile_process` starts it.
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
    read_compile_request,
)
from voices.piper.compiled_model import open_compiled, write_compiled
from voices.piper.compiler.ort_optimizer import Optimiser
from voices.piper.compiler.rewriter import GraphRewriter
from voices.piper.model import Floats, Model
from voices.system.heap import trim_heap

_ALIKE = 90.0
"""Decibels of signal over difference from which a compiled voice sounds as it did: the
difference is that of sums in another order.  109 were measured of the packaged voice,
and of what it says 90 (one word) to 112."""

_SYMBOLS = 60
"""Symbols of what is said to compare the two: about two seconds."""

_ATTEMPTS = 3
"""Times that another thing is said before the two are held to be different."""


def main() -> None:
    """Compile what is ordered, and say what came of it."""
    answer = {}
    try:
        if reason := verify_compiled(read_compile_request(sys.stdin.read())):
            answer[REFUSED] = reason
    except OSError as error:
        answer[UNWRITABLE] = str(error)
    # onnxruntime's errors derive from Exception alone; whatever it refuses is a verdict
    # on the rewriting, and the voice speaks without it.
    except Exception as error:  # noqa: BLE001
        answer[REFUSED] = str(error) or type(error).__name__
    sys.stdout.write(json.dumps(answer) + "\n")


def verify_compiled(order: CompileRequest) -> str | None:
    """Compile a voice into its folder; return why it must not be used, if so.

    Raises OSError, InvalidVoice, UnknownGraphError, NotCompiledError and what
    onnxruntime raises.
    """
    source, providers, folder = order.source, order.providers, order.folder
    surgery = GraphRewriter(source)
    write_compiled(surgery.compiled(Optimiser(providers, folder)), folder)

    def compiled() -> Model:
        if model := open_compiled(folder, source, providers):
            return model
        raise NotCompiledError("what was compiled cannot be opened")

    resemblance = _resemblance(
        compiled, lambda: surgery.seeded(providers), source.config
    )
    if resemblance >= _ALIKE:
        return None
    return f"it would sound different ({resemblance:.0f} dB)"


def _resemblance(
    compiled: Callable[[], Model], exported: Callable[[], Model], config: PiperConfig
) -> float:
    """Decibels by which a voice's sound exceeds what compiling changed of it.

    How long a symbol lasts is rounded up to whole frames: one that lasts almost so many
    may come out longer by a frame after sums in another order, and what follows cannot
    be compared.  It is rare; then something else is said.
    """
    symbols = sorted(
        {symbol for ids in config.phoneme_id_map.values() for symbol in ids}
    )
    for attempt in range(_ATTEMPTS):
        said = tuple(symbols[(at + attempt) % len(symbols)] for at in range(_SYMBOLS))
        frames, sound = _say(compiled, said)
        frames_before, before = _say(exported, said)
        if np.array_equal(frames, frames_before):
            return _decibels(before, sound - before)
    return 0.0


def _say(
    opened: Callable[[], Model], said: tuple[int, ...]
) -> tuple[NDArray[np.int64], Floats]:
    # Neither is open beside the other, nor beside what is left of compiling.
    trim_heap()
    rendering = opened().render(said, b"alike")
    frames = int(rendering.frames.sum())
    return rendering.frames, rendering.sound(0, frames, frames)


def _decibels(signal: Floats, difference: Floats) -> float:
    strong, weak = (
        max(float(np.square(samples, dtype=np.float64).sum()), 1e-30)
        for samples in (signal, difference)
    )
    return 10 * float(np.log10(strong / weak))


if __name__ == "__main__":
    main()
