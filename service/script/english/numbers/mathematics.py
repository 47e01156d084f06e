"""Sums, comparisons, ratios, verses: "calculate 3-2", "<5%", "John 3:16"."""

import re

from service.script.english.numbers.number_words import NUMBER, number
from service.script.normalization import Rule

_SUM = re.compile(r"\b(?i:calculates?|equation|subtract\w*|sums?)\b[^.;]{0,20}\d$")
_COMPARED = {
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
}
_BOOKS = (
    "Acts|Colossians|Corinthians|Daniel|Deuteronomy|Ecclesiastes|Ephesians|Exodus|"
    "Ezekiel|Galatians|Genesis|Hebrews|Isaiah|James|Jeremiah|Job|John|Joshua|Judges|"
    "Kings|Leviticus|Luke|Mark|Matthew|Micah|Peter|Philippians|Proverbs|Psalms?|Quran|"
    "Revelation|Romans|Samuel|Surah|Thessalonians|Timothy"
)


def _say_verse(match: re.Match[str]) -> str:
    said = f"{number(match['chapter'])}, {number(match['verse'])}"
    return f"{said} to {number(match['last'])}" if match["last"] else said


MATHEMATICS_RULES = (
    Rule(
        "verse",
        re.compile(
            r"(?<=[a-z]\ )(?P<chapter>\d{1,3}):(?P<verse>\d{1,3})"
            r"(?:-(?P<last>\d{1,3}))?(?![\w:]|\.\d)"
        ),
        lambda match: (
            _say_verse(match)
            if re.search(rf"\b(?:{_BOOKS}) $", match.string[: match.start()])
            else None
        ),
    ),
    Rule(
        "ratio",
        re.compile(
            rf"(?<![\w.,:/$£€-])(?P<one>{NUMBER}):(?P<other>\d)(?![\w:]|[.,]\d)"
        ),
        lambda match: f"{number(match['one'])} to {number(match['other'])}",
    ),
    Rule(
        "minus",
        re.compile(r"(?<=\d)\ ?-\ ?(?=\d)"),
        lambda match: "minus" if _SUM.search(match.string[: match.start()]) else None,
    ),
    Rule("and more", re.compile(r"(?<=\d%)\+(?!\w)"), lambda _: "plus"),
    Rule(
        "compared",
        re.compile(r"(?<![\w<>=])[<>]=?(?=\ ?[$£€]?\.?\d)"),
        lambda match: _COMPARED[match[0]],
    ),
)
"""A hyphen is a minus only in a calculation; otherwise it is a range."""
