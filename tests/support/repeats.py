"""Make texts that a regular expression is slow on, from its own parse tree.

A pattern that backtracks is slow on a text that it nearly matches: the beginning of a
match, a part of it many times, and an end that does not fit.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random
from re import _constants, _parser  # type: ignore[attr-defined]  # no public parser
from typing import Any

_CATEGORIES = {
    _constants.CATEGORY_DIGIT: "1",
    _constants.CATEGORY_SPACE: " ",
    _constants.CATEGORY_NOT_WORD: "-",
}
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_MISFIT = "\x01"
_MAX_PUMPED = 4
"""Characters of the longest part that is repeated."""


def near_matches(
    pattern: re.Pattern[str], size: int, count: int, chance: Random
) -> Iterator[str]:
    """Yield texts of about `size` characters that the pattern nearly matches."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for _ in range(count):
        sample = _sample(tree, chance) or "a"
        start = chance.randrange(len(sample))
        pumped = sample[start : start + chance.randint(1, _MAX_PUMPED)]
        repeated = pumped * (size // len(pumped))
        yield f"{sample[:start]}{repeated}{_MISFIT}"


def _sample(tree: Sequence[tuple[Any, Any]], chance: Random) -> str:
    """Return a text that a parsed pattern matches, or nearly."""
    return "".join(_sample_of(kind, value, chance) for kind, value in tree)


def _sample_of(kind: object, value: Any, chance: Random) -> str:  # noqa: ANN401
    if kind is _constants.LITERAL:
        return chr(value)
    if kind is _constants.IN:
        return _one_of(value, chance)
    if kind is _constants.BRANCH:
        return _sample(chance.choice(value[1]), chance)
    if kind is _constants.SUBPATTERN:
        return _sample(value[3], chance)
    if kind in _REPEATS:
        least, most, inside = value
        times = chance.choice([least, min(most, least + 1), min(most, least + 3)])
        return "".join(_sample(inside, chance) for _ in range(times))
    return "a" if kind in {_constants.ANY, _constants.NOT_LITERAL} else ""


def _one_of(members: Sequence[tuple[Any, Any]], chance: Random) -> str:
    kind, value = chance.choice(members)
    if kind is _constants.LITERAL:
        return chr(value)
    if kind is _constants.RANGE:
        return chr(chance.choice(value))
    return _CATEGORIES.get(value, "a")
