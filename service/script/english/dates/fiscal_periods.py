"""Fiscal periods: "FY25", "2H24", "Q3 of 2024"."""

import re

from service.script.english.numbers.number_words import cardinal, plural, year
from service.script.normalization import Rule

_PLACES = ("", "first", "second", "third", "fourth")
_MONTHS = {"6": "six", "9": "nine"}
_YEAR = r"(?:FY\ ?)?(?P<year>20[1-4]\d|[1-4]\d)"


def _year(written: str | None) -> str:
    if not written:
        return ""
    return year(written if written.startswith("20") and written[2:] else f"20{written}")


def _of_year(part: str, match: re.Match[str]) -> str:
    said = _year(match["year"])
    return f"{part} of {said}" if said else part


FISCAL_RULES = (
    Rule(
        "fiscal year",
        re.compile(r"\bFY(?:\ ?'?(?P<year>20\d\d|\d\d))(?:[-/](?P<last>\d\d))?\b"),
        lambda match: (
            f"fiscal year {_year(match['year'])}"
            + (f" {cardinal(int(match['last']))}" if match["last"] else "")
        ),
    ),
    Rule(
        "quarter of a year",
        re.compile(rf"(?<![\w.])(?P<quarter>[1-4])Q(?:\ ?{_YEAR})?\b"),
        lambda match: _of_year(f"{_PLACES[int(match['quarter'])]} quarter", match),
    ),
    Rule(
        "half of a year",
        re.compile(
            rf"(?<![\w.])(?:(?P<half>[12])H|H(?P<other>[12])(?=\ ?(?:FY)?\ ?\d))"
            rf"(?:\ ?{_YEAR})?\b"
        ),
        lambda match: _of_year(
            f"{_PLACES[int(match['half'] or match['other'])]} half", match
        ),
    ),
    Rule(
        "months of a year",
        re.compile(rf"(?<![\w.])(?P<count>[69])M(?:\ ?{_YEAR})\b"),
        lambda match: _of_year(f"first {_MONTHS[match['count']]} months", match),
    ),
    Rule(
        "bond of years",
        re.compile(r"(?<![\w.])(?P<years>[1-9]|[1-3]0)Y(?!\w|-\w)"),
        lambda match: f"{cardinal(int(match['years']))} year",
    ),
    Rule(
        "curve of years",
        re.compile(r"(?<!\w)(?P<short>[1-9])s(?P<long>[1-3]0)s(?!\w)"),
        lambda match: " ".join(
            plural(cardinal(int(match[end]))) for end in ("short", "long")
        ),
    ),
    Rule(
        "quarter of",
        re.compile(r"\bQ(?P<quarter>[1-4])(?=\ of\b)"),
        lambda match: f"Q {cardinal(int(match['quarter']))}",
    ),
)
"""Seen in business pages, mostly Asian and American."""
