"""Prose in code and documentation avoids wording that is hard to read.

Checked are comments, docstrings, messages and documents, not data: word lists, phrases
of the cleaner, reading cases.  Identifiers are checked for two placeholder names.
"""

import ast
import functools
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT, tracked_files

HABITS = {
    r"whoever|whatever|nobody|somebody": "name the subject",
    r"(?<!there )is no (?!longer|more|other)[a-z]+": '"is not a …"',
    r"(?:go|goes|going|gone|went) on with": '"resume" or "continue"',
    r"told|tells?": '"log", "report", "return", "know"',
    r"(?:lies|stands)": '"is in"',
    r"mend|mends|mended|anew|lately|beside": '"fix", "again", "recently", "next to"',
    r"also (?:when|where|if|while)": '"even if"',
    r"so many": '"N"',
    r"(?:one \w+|once) an? (?:article|machine|narration|sentence|token|voice)": '"per"',
    r"(?:bytes|samples|frames|readers|times|sentences) a second": '"per second"',
}
"""What to avoid, as a regular expression, and what to write in its place."""

PLACEHOLDERS = {"told", "one"}
"""Identifiers that say nothing about their value."""

DATA = (
    "LICENSE",
    "requirements",
    "samples/",
    "tests/cleaning/corpus/",
    "tests/page/languages.toml",
    "tests/script/readings/",
    "service/cleaning/classifier/common_words.py",
    "service/cleaning/classifier/phrases.py",
    "service/cleaning/markers/phrases/",
    "service/page/languages.toml",
    "tests/project/test_prose.py",
)
"""Files that hold words as data."""

_FEWEST_WORDS = 4
"""A string with fewer words is a name or a pattern, not a message."""


def tracked(*suffixes: str) -> list[Path]:
    """Return the tracked files with one of these suffixes, without data."""
    return [
        path
        for path in tracked_files()
        if path.suffix in suffixes and not str(path.relative_to(ROOT)).startswith(DATA)
    ]


@functools.cache
def all_prose() -> list[tuple[str, str]]:
    """Return the prose of all tracked files, each line with its file and number."""
    return [
        (f"{path.relative_to(ROOT)}:{number}", line)
        for path in tracked(".py", ".md", ".lua", ".js", ".css", ".html", ".yml")
        for number, line in prose_of(path)
    ]


def prose_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the prose of a file with its line numbers."""
    text = path.read_text()
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    # Strings of tests are often article text: only their docstrings are prose.
    only_docstrings = path.is_relative_to(ROOT / "tests")
    for string in docstrings(text) if only_docstrings else strings(text):
        for offset, line in enumerate(string.value.splitlines()):
            yield string.lineno + offset, line


def strings(text: str) -> Iterator[ast.Constant]:
    """Yield the strings of a module that are long enough to be prose."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "\\" not in node.value  # the mark of a regular expression
            and len(node.value.split()) >= _FEWEST_WORDS
        ):
            yield node


def docstrings(text: str) -> Iterator[ast.Constant]:
    """Yield every string that is a statement of its own."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value


@pytest.mark.parametrize("habit", HABITS)
def test_prose_avoids_habit(habit: str) -> None:
    pattern = re.compile(rf"\b(?:{habit})\b", re.IGNORECASE)
    found = [
        f"{place}: {match[0]}"
        for place, line in all_prose()
        if (match := pattern.search(line))
    ]
    assert found == [], f"write {HABITS[habit]}"


def test_identifiers_are_not_placeholders() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{token.start[0]}: {token.string}"
        for path in tracked(".py")
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type == tokenize.NAME and token.string in PLACEHOLDERS
    ]
    assert found == []
