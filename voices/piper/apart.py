"""A voice is compiled in a process of its own.

Compiling takes three times the memory of speaking, and leaves a process in pieces that
the C library cannot give back: whoever speaks for weeks shall not carry that.  What
onnxruntime makes of an odd graph may also end the process.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from voices.piper.sessions import Providers
from voices.piper.source import Source, read_source
from voices.voice import Voice

_PATIENCE = 600
"""Seconds after which the compiler is held to be stuck; it takes four."""

REFUSED, UNWRITABLE = "refused", "unwritable"
"""What the compiler may answer, each with the reason; nothing when it has compiled."""


class CompilingRefusedError(Exception):
    """Raised when a voice cannot be compiled, or would not sound the same.

    It speaks as it was exported; nobody is told but the log.
    """


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be compiled, and into which folder."""

    source: Source
    providers: Providers
    folder: Path

    def written(self) -> str:
        """Return it as one line of JSON."""
        source = self.source
        told = {
            "voice": asdict(source.voice),
            "model": str(source.model),
            "providers": self.providers,
            "folder": str(self.folder),
        }
        return json.dumps(told)


def read_order(written: str) -> Order:
    """Read what `Order.written` wrote; raises VoiceBroken when the voice is gone."""
    told = json.loads(written)
    source = read_source(Voice(**told["voice"]), Path(told["model"]))
    return Order(source, tuple(told["providers"]), Path(told["folder"]))


def compile_apart(order: Order) -> None:
    """Have a voice compiled into a folder.

    Raises CompilingRefusedError, and OSError when the folder is full or gone, or no
    process can be started.
    """
    # -P: a folder called `voices` where somebody happens to stand is not this package.
    program = [sys.executable, "-P", "-m", "voices.piper.compiler"]
    try:
        ended = subprocess.run(  # noqa: S603 - this program
            program,
            input=order.written(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"it took longer than {_PATIENCE} seconds"
        raise CompilingRefusedError(message) from error
    if ended.returncode:
        said = ended.stderr.strip().splitlines()[-1:]
        message = f"the compiler ended with {ended.returncode}: {' '.join(said)}"
        raise CompilingRefusedError(message)
    answer: Mapping[str, str] = json.loads(ended.stdout.splitlines()[-1])
    if UNWRITABLE in answer:
        raise OSError(answer[UNWRITABLE])
    if REFUSED in answer:
        raise CompilingRefusedError(answer[REFUSED])
