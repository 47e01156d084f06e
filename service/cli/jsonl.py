"""JSON lines in, JSON lines out: one case a line, each answered by itself."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click

JsonObject = dict[str, Any]
"""A JSON object; a case has an "id", its answer the same."""


def map_lines(answer: Callable[[JsonObject], JsonObject]) -> None:
    """Answer every line of standard input on standard output, in order.

    A line that is no case is told on stderr and answered with a "problem".
    """
    # Half a character (a lone surrogate) in JSON cannot be printed; it becomes "?".
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        case: JsonObject = {}
        try:
            case = json.loads(line)
            told = answer(case)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            told = {"problem": f"Line {number} is no case ({type(error).__name__})."}
            click.echo(f"outspoken: {told['problem']}", err=True)
        click.echo(json.dumps(_name(case) | told, ensure_ascii=False))


def _name(case: object) -> JsonObject:
    return {"id": case.get("id") if isinstance(case, dict) else None}
