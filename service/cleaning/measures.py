"""What can be measured on a line by itself, each measure with a name.

No measure is a verdict: `service.cleaning.judge` weighs them together with what stands
around the line.  All are structure and common words; none is the wording of one site.
"""

import re
from collections.abc import Callable, Mapping
from math import log1p

from service.cleaning.lines import Line
from service.cleaning.wordings import (
    ADDRESS,
    ADDRESSED,
    AMOUNT,
    CAPTION,
    COMMENT,
    CREDIT_AT_END,
    DATE,
    DIGIT,
    NAME_AT_END,
    OPENS_A_BOX,
    PERSON_IS,
    PERSONS,
    PROFESSION,
    PROMPT,
    PROMPTS,
    QUOTES,
    SCENE,
    SIGNS,
    STOP_WORDS,
    TELLING,
    YEAR,
    Wordings,
)

_PROSE = 12
"""Words from which a line that ends as a sentence is a paragraph."""

LONGEST_LINE = 4000
"""Code points of the longest line that is searched for patterns."""

_DATED = 8
"""Words below which a line with a date is a line of a date."""

_PICTURED = 40
"""Words below which a scene may be a caption."""

_LONGEST = 80
"""Words beyond which a line is simply long."""


def _share(line: Line, words: frozenset[str]) -> float:
    return sum(map(words.__contains__, line.words)) / max(1, len(line.words))


def _capitals(line: Line, longer_than: int = 0) -> float:
    words = [t for t in line.tokens if len(t) > longer_than and t[0].isalpha()]
    return sum([word[0].isupper() for word in words]) / max(1, len(words))


def _digits(line: Line) -> float:
    return len(DIGIT.findall(line.text)) / max(1, len(line.text))


def _found(pattern: re.Pattern[str]) -> Callable[[Line], float]:
    return lambda line: float(pattern.search(_read(line)) is not None)


def _says(wordings: Wordings) -> Callable[[Line], float]:
    return lambda line: float(occurrences(wordings, line) > 0)


def _count(wordings: Wordings, most: int) -> Callable[[Line], float]:
    return lambda line: float(min(most, occurrences(wordings, line)))


def occurrences(wordings: Wordings, line: Line) -> int:
    """Return how often a line has one of the wordings; a giant line has none."""
    if line.heads.isdisjoint(wordings.heads):
        return 0
    return len(wordings.pattern.findall(_read_lowered(line)))


# Patterns look at paragraphs; a giant line is no paragraph and would hold them up.


def _read(line: Line) -> str:
    return line.text if len(line.text) <= LONGEST_LINE else ""


def _read_lowered(line: Line) -> str:
    return line.lowered if len(line.text) <= LONGEST_LINE else ""


MEASURES: Mapping[str, Callable[[Line], float]] = {
    "address": _found(ADDRESS),
    "amount": _found(AMOUNT),
    "capitals": _capitals,
    "caption-words": _count(CAPTION, 3),
    "commas": lambda line: line.text.count(",") / max(1, len(line.words)),
    "comment-words": lambda line: float(
        COMMENT.search(_read_lowered(line)) is not None
    ),
    "credit-at-end": _found(CREDIT_AT_END),
    "date-alone": lambda line: float(
        line.size < _DATED and bool(DATE.search(_read_lowered(line)))
    ),
    "digits": _digits,
    "ellipsis": lambda line: float(line.text.endswith(("...", "…"))),
    "ends": lambda line: float(line.ends),
    "ends-long": lambda line: float(line.ends and line.size >= 2 * _PROSE),
    "ends-prose": lambda line: float(line.ends and line.size >= _PROSE),
    "ends-short": lambda line: float(line.ends and line.size < _PROSE),
    "exclaims": lambda line: float("!" in line.text),
    "leads": lambda line: float(line.text.endswith(":")),
    "length": lambda line: log1p(len(line.text)),
    "listed": lambda line: float(line.listed),
    "loud": lambda line: float(line.text.isupper()),
    "lower-start": lambda line: float(line.text[:1].islower()),
    "name-at-end": _found(NAME_AT_END),
    "number-start": lambda line: float(line.text[:1].isdigit()),
    "opens-a-box": _says(OPENS_A_BOX),
    "persons": lambda line: float(not PERSONS.isdisjoint(line.words)),
    "person-is": _found(PERSON_IS),
    "profession": _count(PROFESSION, 3),
    "profession-of-person": lambda line: float(
        bool(PERSON_IS.match(_read(line)) and occurrences(PROFESSION, line))
    ),
    "prompt": _count(PROMPT, 4),
    "prompt-share": lambda line: occurrences(PROMPT, line) / max(5, line.size),
    "prompts": _count(PROMPTS, 3),
    "question": lambda line: float(line.text.endswith("?")),
    "quote": lambda line: float(not QUOTES.isdisjoint(line.text)),
    "quote-start": lambda line: float(line.text[:1] in "\"'“‘"),
    "round": lambda line: float("(" in line.text),
    "round-all": lambda line: float(line.text[:1] == "(" and line.text[-1:] == ")"),
    "scene": lambda line: float(
        line.size < _PICTURED and bool(SCENE.match(_read_lowered(line)))
    ),
    "signs": lambda line: float(not SIGNS.isdisjoint(line.text)),
    "size": lambda line: float(min(line.size, _LONGEST)),
    "size-log": lambda line: log1p(line.size),
    "stop-words": lambda line: _share(line, STOP_WORDS),
    "telling": lambda line: float(not TELLING.isdisjoint(line.words)),
    "title-case": lambda line: (
        0.0 if line.ends or line.size < 4 else _capitals(line, longer_than=3)  # noqa: PLR2004 - a headline's least
    ),
    "tiny": lambda line: float(line.size < 4),  # noqa: PLR2004 - a label
    "unended": lambda line: float(line.size >= 4 and not line.ends),  # noqa: PLR2004 - more than a label
    "year": _found(YEAR),
    "you": lambda line: _share(line, ADDRESSED),
}
"""Every measure by its name, sorted; none is negative."""
