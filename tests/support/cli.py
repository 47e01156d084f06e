"""Run commands of the command line without a process for each."""

import io
import os
import sys
from pathlib import Path

import pytest

from service.cli import main
from tests.support.service import Run, environment

PAGE = """Menu
Search

Advertisement

Ferry sails again after nine days of storms

Ferry sails again after nine days of storms

The harbour ferry left the quay on Monday for the first time in nine days, and the \
council said it would run every hour.

Advertisement

Passengers cheered when the ropes were thrown off, and the skipper sounded the horn.
"""
"""A copied page: an article between lines that are not part of it."""


def call(*arguments: str | Path, data: Path, stdin: str = "", **settings: str) -> Run:
    """Run a command in this process, with the tone voice.

    Arguments and result are those of `run`, which starts a process and so spends a
    second of CPU time on imports.  An exception that the command does not handle is
    raised here.
    """
    variables = environment(**({"data": str(data), "voice": "tone"} | settings))
    stdout, stderr = _text_stream(), _text_stream()
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - variables.keys():
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.chdir(data.parent)
        patch.setattr(sys, "argv", ["outspoken", *map(str, arguments)])
        patch.setattr(sys, "stdin", _text_stream(stdin))
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        try:
            main()
        except SystemExit as error:
            code = error.code
        else:
            code = 0
    assert isinstance(code, int)
    return Run(arguments, code, _written(stdout), _written(stderr))


def _text_stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BytesIO(text.encode()), encoding="utf-8", write_through=True
    )


def _written(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
