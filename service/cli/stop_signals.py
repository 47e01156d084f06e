"""End a command by a signal: with a sentence, and after cleaning up."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

_SIGNALS = [
    number
    for name in ("SIGHUP", "SIGINT", "SIGTERM")
    if (number := getattr(signal, name, None))
]

_SIGNALLED = 128
"""Exit code of a shell's command that a signal ended, less its number."""


class _Stopped(BaseException):
    """A signal arrived; its number is the argument."""


@contextmanager
def stopping_with(sentence: str) -> Iterator[None]:
    """Stop the block at a signal; print the sentence and exit as shells expect.

    By default SIGTERM and SIGHUP end a process without cleaning up.
    """
    previous = {number: signal.signal(number, _stop) for number in _SIGNALS}
    try:
        yield
    except _Stopped as stopped:
        click.echo(f"outspoken: {sentence}", err=True)
        sys.exit(_SIGNALLED + stopped.args[0])
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    # Once: a second signal must not interrupt the cleaning up.
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise _Stopped(number)
