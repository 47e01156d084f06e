"""Compile a voice in a process of its own.

Compilation takes up to 410 MB, part of which the C library cannot return to the system;
a worker that runs for weeks in 350 MB must not keep it.  An unusual graph may also
crash onnxruntime.
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

_COMPILE_TIMEOUT_S = 600
"""Time limit of a compilation, which takes four seconds."""

REFUSED, UNWRITABLE = "refused", "unwritable"
"""Keys of the compiler's answer, with the reason; the answer is empty on success."""


class NotCompiledError(Exception):
    """A voice cannot be compiled, or would not sound the same.

    Never leaves this package: the voice runs as exported, and a warning is logged.
    """


@dataclass(frozen=True, slots=True)
class CompileRequest:
    """A voice to compile, and the folder to compile it into."""

    source: Source
    providers: Providers
    folder: Path

    def to_json(self) -> str:
        """Return the request as one line of JSON."""
        source = self.source
        fields = {
            "voice": asdict(source.voice),
            "model": str(source.model),
            "providers": self.providers,
            "folder": str(self.folder),
        }
        return json.dumps(fields)


def parse_compile_request(document: str) -> CompileRequest:
    """Parse a `CompileRequest` from JSON.

    Raises:
        InvalidVoice: the model no longer exists.
    """
    fields = json.loads(document)
    source = read_source(Voice(**fields["voice"]), Path(fields["model"]))
    return CompileRequest(source, tuple(fields["providers"]), Path(fields["folder"]))


def compile_in_subprocess(request: CompileRequest) -> None:
    """Compile a voice into a folder.

    Raises:
        NotCompiledError: the compiler refused the voice, crashed or timed out.
        OSError: the folder is full or missing.
    """
    # -P: a folder named `voices` in the working directory is not this package.
    program = [sys.executable or "python3", "-P", "-m", "voices.piper.compiler"]
    try:
        completed = subprocess.run(  # noqa: S603 - this program
            program,
            input=request.to_json(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_COMPILE_TIMEOUT_S,
            check=False,
            preexec_fn=die_with_parent(os.getpid(), signal.SIGKILL),
        )
    except OSError as error:
        message = f"the compiler cannot be started: {error}"
        raise NotCompiledError(message) from error
    except subprocess.TimeoutExpired as error:
        message = f"the compiler took longer than {_COMPILE_TIMEOUT_S} seconds"
        raise NotCompiledError(message) from error
    if completed.returncode:
        last_line = completed.stderr.strip().splitlines()[-1:]
        message = (
            f"the compiler ended with {completed.returncode}: {' '.join(last_line)}"
        )
        raise NotCompiledError(message)
    answer = _answer(completed.stdout)
    if UNWRITABLE in answer:
        raise OSError(answer[UNWRITABLE])
    if REFUSED in answer:
        raise NotCompiledError(answer[REFUSED])


def _answer(stdout: str) -> dict[str, str]:
    try:
        return dict(json.loads(stdout.splitlines()[-1]))
    except (IndexError, ValueError, TypeError) as error:
        raise NotCompiledError("the compiler gave no answer") from error
