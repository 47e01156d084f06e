"""Logs of every process: one JSON object per line on stderr, without article text.

    {"time": "2026-11-22T14:03:07.512Z", "level": "warning", "program": "worker",
     "logger": "workers.process.tasks", "message": "narration 4f…e1 failed: …"}

`errors`, where there are any, holds an exception and those that led to it, each with
its `type` and its `places` (file:line, innermost last).  An exception's message may
quote an article, so only an OutspokenError's, which never does, is logged.
"""

import errno
import json
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

from voices.errors import OutspokenError

Level = Literal["info", "warning", "error"]
"""Lowest level logged.  There is no debug: other libraries log their data there."""

_LOG = logging.getLogger(__name__)

_OURS = frozenset({"py", "service", "voices", "workers"})
"""Packages whose messages never quote an article, and "py.warnings", whose messages are
formatted here."""

_DETACHED = ("multiprocessing",)
"""Loggers that do not propagate to the root logger: billiard's."""

_REDACTED = "…"

_VALUE_START = re.compile(r"[(\[{<'\"]")
"""Where a message formatted by its library may begin to contain values."""


def configure_logs(program: str, level: Level) -> None:
    """Log as JSON on stderr, in this process and those that it forks."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines(program))
    handler.setLevel(level.upper())
    for name in (None, *_DETACHED):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False
    # Python would print records that it cannot format, with their arguments.
    logging.raiseExceptions = False
    # With a receiver of this signal, Celery does not configure logging.  Imported here:
    # commands without a queue read the settings, and so this module, too.
    from celery.signals import setup_logging  # noqa: PLC0415

    setup_logging.connect(_ignore_celery_setup, weak=False)
    warnings.formatwarning = _warning
    logging.getLogger("py.warnings").addFilter(_is_for_operators)
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda _, error, __: _uncaught(error)
    sys.unraisablehook = lambda record: _uncaught(record.exc_value)
    threading.excepthook = lambda record: _uncaught(record.exc_value)


class _Lines(logging.Formatter):
    """Formats a record as a line of JSON."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; never raises."""
        time = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "program": self._program,
            "logger": record.name,
            "message": _message(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["errors"] = list(_errors(*record.exc_info[1:], set()))
        return json.dumps(line)


def _message(record: logging.LogRecord) -> str:
    ours = record.name.partition(".")[0] in _OURS
    template = (
        record.msg if isinstance(record.msg, str) else _redact(record.msg, ours=ours)
    )
    message = _interpolate(str(template), record.args, ours=ours)
    if ours:
        return message
    # Below its first line a library's message holds values: Celery's, a job.
    first = next(iter(message.strip().splitlines()), "")
    return first if record.args else _VALUE_START.split(first, maxsplit=1)[0].strip()


def _interpolate(template: str, arguments: object, *, ours: bool) -> str:
    redacted: object
    if not arguments:
        return template
    if isinstance(arguments, Mapping):
        redacted = {
            name: _redact(argument, ours=ours) for name, argument in arguments.items()
        }
    elif isinstance(arguments, tuple):
        redacted = tuple(_redact(argument, ours=ours) for argument in arguments)
    else:
        redacted = _REDACTED
    try:
        return str(template % redacted)
    except (KeyError, TypeError, ValueError):
        return template


def _redact(value: object, *, ours: bool) -> object:
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, OutspokenError):
        return str(value)
    if isinstance(value, BaseException):
        return _kind(value)
    return str(value) if ours and isinstance(value, str | Path) else _REDACTED


def _errors(
    error: BaseException | None, trace: TracebackType | None, seen: set[int]
) -> Iterator[dict[str, object]]:
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    places = [
        f"{frame.f_code.co_filename}:{line}" for frame, line in traceback.walk_tb(trace)
    ]
    yield {"type": _kind(error), "places": places}
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    before = error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    )
    for cause in (*inner, before):
        yield from _errors(cause, cause.__traceback__ if cause else None, seen)


def _kind(error: BaseException) -> str:
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    code = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"{module}{kind.__qualname__}" + (f" {code}" if code else "")


def _uncaught(error: BaseException | None) -> None:
    _LOG.critical("unexpected error", exc_info=error)


def _warning(
    message: Warning | str,  # noqa: ARG001 - it may quote values
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,  # noqa: ARG001 - of a source file
) -> str:
    return f"{category.__name__} at {filename}:{lineno}"


def _is_for_operators(record: logging.LogRecord) -> bool:
    # Celery causes one per lost connection; developers see them in the tests.
    return "DeprecationWarning at" not in record.getMessage()


def _ignore_celery_setup(**_: object) -> None:
    """Receive Celery's signal, so that Celery does not configure logging."""
