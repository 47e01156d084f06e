"""A voice is compiled in a process of its own.

Compiling takes up to 410 MB, of which pieces stay behind that the C library cannot
give back: whoever speaks for weeks in 350 shall not carry that.  What onnxruntime makes
of an odd graph may also end the process.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from voices.piper.sessions import Providers
from voices.piper.source import Source, read_source
from voices.system.child_process import die_with_parent
from voices.voice import Voice

_PATIENCE = 600
"""Seconds after which the compiler is held to be stuck; it takes four."""

REFUSED, UNWRITABLE = "refused", "unwritable"
"""What the compiler may answer, each with the reason; nothing when it has compiled."""


class NotCompiledError(Exception):
    """Raised when a voice is not compiled, or would not sound the same.

    It speaks as it was exported; nobody is told but the log.
    """


@dataclass(frozen=True, slots=True)
class CompileRequest:
    """What is to be compiled, and into which folder."""

    source: Source
    providers: Providers
    folder: Path

    def written(self) -> str:
        """Return it as one line of JSON."""
        source = self.source
        fields = {
            "voice": asdict(source.voice),
            "model": str(source.model),
            "providers": self.providers,
            "folder": str(self.folder),
        }
        return json.dumps(fields)


def read_compile_request(written: str) -> CompileRequest:
    """Parse a written `CompileRequest`; raises InvalidVoice if the model is gone."""
    fields = json.loads(written)
    source = read_source(Voice(**fields["voice"]), Path(fields["model"]))
    return CompileRequest(source, tuple(fields["providers"]), Path(fields["folder"]))


def compile_in_subprocess(order: CompileRequest) -> None:
    """Have a voice compiled into a folder.

    Raises NotCompiledError, and OSError when the folder is full or gone.
    """
    # -P: a folder called `voices` where somebody happens to stand is not this package.
    program = [sys.executable or "python3", "-P", "-m", "voices.piper.compiler"]
    try:
        ended = subprocess.run(  # noqa: S603 - this program
            program,
            input=order.written(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE,
            check=False,
            preexec_fn=die_with_parent(os.getpid(), signal.SIGKILL),
        )
    except OSError as error:
        message = f"no compiler can be started: {error}"
        raise NotCompiledError(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"it took longer than {_PATIENCE} seconds"
        raise NotCompiledError(message) from error
    if ended.returncode:
        said = ended.stderr.strip().splitlines()[-1:]
        message = f"the compiler ended with {ended.returncode}: {' '.join(said)}"
        raise NotCompiledError(message)
    answer = _answer(ended.stdout)
    if UNWRITABLE in answer:
        raise OSError(answer[UNWRITABLE])
    if REFUSED in answer:
        raise NotCompiledError(answer[REFUSED])


def _answer(said: str) -> dict[str, str]:
    try:
        return dict(json.loads(said.splitlines()[-1]))
    except (IndexError, ValueError, TypeError) as error:
        raise NotCompiledError("the compiler gave no answer") from error
