"""Load the words and characters by which captions are broken."""

import functools
import tomllib
from importlib.resources import files
from typing import NamedTuple


class FunctionWords(NamedTuple):
    """Words of a language by which captions are broken."""

    bound: frozenset[str]
    """Words that belong to the next one."""

    opening: frozenset[str]
    """Words that open a clause."""


def load_function_words(language: str) -> FunctionWords:
    """Return the words of a BCP 47 tag's language; none of an unknown one."""
    name = language.lower().replace("_", "-").partition("-")[0]
    return FunctionWords(load_words(name, "bound"), load_words(name, "opening"))


def load_words(table: str, name: str) -> frozenset[str]:
    """Return the words of an entry of the file; none if it has no such entry."""
    return frozenset(_tables().get(table, {}).get(name, "").split())


def load_characters(name: str) -> frozenset[str]:
    """Return the characters of an entry of the file."""
    return frozenset(_tables()["characters"][name])


@functools.cache
def _tables() -> dict[str, dict[str, str]]:
    path = files(__package__).joinpath("break_words.toml")
    return tomllib.loads(path.read_text("utf-8"))
