"""Letters one by one, and codes with digits: "U.S.", "F-16", "the WHO"."""

import re

from service.script.english.numbers import cardinal, digits, number, pairs
from service.script.spoken import Rule, Said

_SOLID = frozenset({"AI", "EU", "UAE", "UK", "UN", "US", "USA"})
"""Initialisms that espeak reads as letters without hyphens, with the right stress."""

_SPELLED = {"CO": "C-O", "NO": "N-O"}
"""Letters of a code that are a word by themselves: "CO2"."""

_MOST_COUNTED = 2
"""Up to so many digits of a code are one number: "MH17", not "MH370"."""

_QUARTERS = ("first", "second", "third", "fourth")

_TECHNICAL = (
    "company|department|director|firm|giant|industry|manager|outage|sector|security|"
    "service|services|specialist|staff|support|system|systems|team|worker|workers"
)


def letters(written: str) -> str:
    """Letters one by one; espeak reads a lone "A" as the article, but not "eh"."""
    if written in _SOLID:
        return written
    return "eh" if written == "A" else "-".join(written)


def _say_dotted(match: re.Match[str]) -> str:
    said = letters("".join(c for c in match["letters"] if c.isalpha()))
    return said + (match["own"] or "")


def _say_number(written: str, prefix: str) -> str:
    if len(prefix) == 1 and re.fullmatch(r"[1-9]\d\d", written):
        return pairs(written)
    if len(written) > _MOST_COUNTED and prefix.isupper():
        return digits(written)
    return number(written)


def _say_code(match: re.Match[str]) -> str:
    prefix, suffix = match["prefix"], match["suffix"]
    said = _say_number(match["number"], prefix)
    # Hyphenated, espeak reads the letter A; alone, the article.
    head = f"A-{said}" if prefix == "A" else f"{_SPELLED.get(prefix, prefix)} {said}"
    return (
        f"{head} {letters(suffix) if suffix.isupper() else suffix}" if suffix else head
    )


def _say_chain(match: re.Match[str]) -> str:
    pieces = re.findall(r"\d+|[A-Za-z]+", match[0])
    return " ".join(
        number(piece)
        if piece.isdigit()
        else letters(piece)
        if piece.isupper()
        else piece
        for piece in pieces
    )


def _say_joined(match: re.Match[str]) -> tuple[Said, ...]:
    first, last = match["first"], match["last"]
    return (
        Said(letters(first), match.start("first"), match.end("first")),
        Said("and", match.end("first"), match.start("last")),
        Said(letters(last), match.start("last"), match.end("last")),
    )


LETTER_RULES = (
    Rule(
        "dotted letters",
        re.compile(
            r"(?<![\w.])(?P<letters>(?:[A-Z]\.\ ?){1,5}[A-Z]\.|[A-Z]\.[A-Z](?!\w))"
            r"(?P<own>'s)?(?!\w)"
        ),
        _say_dotted,
    ),
    Rule(
        "initial",
        re.compile(r"(?<![\w.'])(?P<letters>[A-Z])\.(?P<own>)(?=\ [A-Z])"),
        _say_dotted,
    ),
    Rule(
        "quarter",
        re.compile(r"\bQ(?P<quarter>[1-4])(?=\ [a-z])"),
        lambda match: f"{_QUARTERS[int(match['quarter']) - 1]} quarter",
    ),
    Rule(
        "joined letters",
        re.compile(r"\b(?P<first>[A-Z]{1,3})\ ?&\ ?(?P<last>[A-Z]{1,3})\b"),
        _say_joined,
    ),
    Rule(
        "airliner",
        re.compile(r"(?<=[Bb]oeing\ )(?P<type>7\d7)(?:-(?P<variant>\d{1,4}))?\b"),
        lambda match: (
            pairs(match["type"])
            + (f" {cardinal(int(match['variant']))}" if match["variant"] else "")
        ),
    ),
    Rule(
        "code",
        re.compile(
            r"(?<![\w.-])(?P<prefix>[A-Z][A-Za-z]{0,9})-?(?P<number>\d{1,6})"
            r"(?P<suffix>[A-Za-z]{0,3})(?![\w]|[.,]\d|-\d)"
        ),
        _say_code,
    ),
    Rule(
        "chain of letters and digits",
        re.compile(r"(?<![\w.-])(?=[A-Z\d]*[A-Z])(?=[A-Z]*\d)[A-Z\d]{3,}(?!\w)"),
        _say_chain,
    ),
    Rule(
        "the WHO",
        # In lower case it is a word; espeak says "who" for both.
        re.compile(r"(?<=[Tt]he\ )WHO\b(?!\ [A-Z]{3})|\bWHO(?='s\b)"),
        lambda _: "W-H-O",
    ),
    Rule(
        "I.T.",
        re.compile(rf"\bIT(?=\ (?:{_TECHNICAL})\b)"),
        lambda _: "I-T",
    ),
)
