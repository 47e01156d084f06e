"""JSON lines in, JSON lines out, for `--batch`."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click

JsonObject = dict[str, Any]
"""One line of input or output; both carry the same "id"."""


def map_lines(convert: Callable[[JsonObject], JsonObject]) -> None:
    """Convert each line of standard input to a line of standard output, in order.

    A line that cannot be converted is answered with a "problem", also printed on
    stderr.
    """
    # A lone surrogate in JSON cannot be printed; it becomes "?".
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        fields: JsonObject = {}
        try:
            fields = json.loads(line)
            answer = convert(fields)
        except KeyError as error:
            answer = _problem(number, f"{error} is missing or is not text")
        except (ValueError, TypeError, AttributeError):
            answer = _problem(number, "it is not a JSON object with an id")
        click.echo(json.dumps(_id_of(fields) | answer, ensure_ascii=False))


def text_of(fields: JsonObject, name: str) -> str:
    """Return a field that must be text.

    Raises:
        KeyError: it is missing, or another type.
    """
    text = fields[name]
    if not isinstance(text, str):
        raise KeyError(name)
    return text


def _problem(number: int, reason: str) -> JsonObject:
    problem = f"Line {number} is not a valid input object: {reason}."
    click.echo(f"outspoken: {problem}", err=True)
    return {"problem": problem}


def _id_of(fields: object) -> JsonObject:
    return {"id": fields.get("id") if isinstance(fields, dict) else None}
