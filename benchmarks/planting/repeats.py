"""Repeat parts of an article, equal or edited: `repeat`."""

import random
import re
from collections.abc import Sequence

from planting.page import PageLine, to_lines

_MIN_PARAGRAPH_WORDS = 12
_QUOTE_WORDS = range(8, 41)
"""Words of a sentence that is planted as a pull quote."""


def repeat(chance: random.Random, paragraphs: Sequence[str]) -> list[PageLine]:
    """Return paragraphs of the article again, equal or edited."""
    long = [p for p in paragraphs if len(p.split()) >= _MIN_PARAGRAPH_WORDS]
    last = long[-chance.randint(1, 4) :]
    names = [chance.choice(tuple(EDITS)) for _ in last]
    edited = (
        PageLine(EDITS[name](chance, paragraph), name)
        for name, paragraph in zip(names, last, strict=True)
    )
    kinds = {
        "none": [],
        "last-again": to_lines("last-again", last),
        "shuffled": to_lines("shuffled", chance.sample(last, len(last))),
        "edited": list(edited),
        "first-again": to_lines("first-again", long[:1]),
        "whole-again": to_lines("whole-again", paragraphs),
        "teaser": to_lines("teaser", [_tease(chance, chance.choice(long))]),
    }
    (kind,) = chance.choices(tuple(kinds), weights=(2, 2, 1, 3, 1, 0.2, 1))
    return kinds[kind]


def find_quotable(paragraphs: Sequence[str]) -> list[str]:
    """Return the sentences that may be planted as pull quotes."""
    sentences = (
        sentence.strip("“”\"' ")
        for paragraph in paragraphs
        for sentence in re.split(r"(?<=[.!?])[”\"]? +", paragraph)
        if len(sentence) < len(paragraph)
    )
    return [sentence for sentence in sentences if len(sentence.split()) in _QUOTE_WORDS]


def edit(chance: random.Random, text: str) -> str:
    """Change one word that is neither a name nor a number."""
    words = text.split(" ")
    places = [
        n for n, word in enumerate(words) if n and word.isalpha() and word.islower()
    ]
    if places:
        words[chance.choice(places)] = chance.choice(("also", "again", "now", "still"))
    return " ".join(words)


def _straighten(_: random.Random, text: str) -> str:
    straight = text.translate(str.maketrans("“”‘’", "\"\"''"))
    return straight.replace(" – ", " - ").replace("…", "...")


def _tease(chance: random.Random, text: str) -> str:
    words = text.split()
    return " ".join(words[: chance.randint(6, len(words) - 3)]).rstrip(".,") + "…"


EDITS = {
    "edited": edit,
    "straightened": _straighten,
    "read-more": lambda _, text: f"{text} Read more",
    "capitals": lambda _, text: text.upper(),
}
