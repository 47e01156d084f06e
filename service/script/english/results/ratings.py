"""Ratings and pairs: "★★★★☆", "a 9/8 rhythm", "120/80 mmHg", "Leeds 2-0 Hull"."""

import re

from service.script.calendar import MONTH_NAMES, MONTHS
from service.script.english.numbers.number_words import cardinal
from service.script.english.results.votes import PAIR
from service.script.normalization import Rule, Spoken, part
from service.script.regex_alternation import alternation

_MONTHS = alternation({*MONTH_NAMES, *MONTHS})
_NUMBERED = re.compile(
    r"\b(?:Act|Age[ds]?|Article|Chapter|Class|Day|Days|Figure|Flight|Form|Grade|Group"
    rf"|Hours?|Level|Model|Pages?|Part|Room|Route|Section|Title|Type|Weeks?|{_MONTHS}"
    r"|Mr|Mrs|No|The)\.? $"
)
"""Words before two numbers that are not a score."""

_TEAM_BEFORE = re.compile(r"\b[A-Z][\w'.-]*[a-zA-Z.] $")
_TEAM_AFTER = re.compile(rf" (?!(?:{_MONTHS})\b)[A-Z][\w'-]+")
_MAX_GOALS = 9


def _say_stars(match: re.Match[str]) -> str:
    count, empty = len(match["full"]), len(match["empty"])
    said = cardinal(count)
    if match["half"]:
        said = f"{said} and a half"
    if empty:
        total = count + empty + (1 if match["half"] else 0)
        return f"{said} out of {cardinal(total)} stars"
    return f"{said} {'star' if count == 1 and not match['half'] else 'stars'}"


def _say_pressure(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    if not (match["unit"] or re.search(r"\bblood pressure\b", match.string)):
        return None
    said = [
        part(match, "upper", cardinal(int(match["upper"]))),
        part(match, "lower", f"over {cardinal(int(match['lower']))}"),
    ]
    if match["unit"]:
        said.append(part(match, "unit", "millimeters of mercury"))
    return tuple(said)


def _say_teams(match: re.Match[str]) -> str | None:
    before = match.string[max(0, match.start() - 30) : match.start()]
    after = match.string[match.end() : match.end() + 20]
    ours, theirs = int(match["ours"]), int(match["theirs"])
    if max(ours, theirs) > _MAX_GOALS or _NUMBERED.search(before):
        return None
    if not (_TEAM_BEFORE.search(before) and _TEAM_AFTER.match(after)):
        return None
    return " ".join("nil" if side == 0 else cardinal(side) for side in (ours, theirs))


RATING_RULES = (
    Rule(
        "stars",
        re.compile(r"(?<!★)(?P<full>★{1,5})(?P<half>\ 1/2)?(?P<empty>☆{0,4})(?![★☆])"),
        lambda match: (
            _say_stars(match)
            if len(match[0]) > 1 and not match.string[: match.start()][-1:].isdigit()
            else None
        ),
    ),
    Rule("star of a hotel", re.compile(r"(?<=\d)\ ?★(?!★)"), lambda _: "star"),
    Rule(
        "time of music",
        re.compile(
            r"(?<![\w.,/])(?P<beats>\d{1,2})/(?P<note>2|4|8|16)"
            r"(?=\ (?:bars?|beats?|groove|march|meter|metre|rhythms?|time|waltz)\b)"
        ),
        lambda match: f"{cardinal(int(match['beats']))} {cardinal(int(match['note']))}",
    ),
    Rule(
        "blood pressure",
        re.compile(
            r"(?<![\w.,/])(?P<upper>[1-2]?\d\d)/(?P<lower>\d{2,3})"
            r"(?:\ ?(?P<unit>mm\ ?Hg)\b)?(?![\w/%]|[.,]\d)"
        ),
        _say_pressure,
    ),
    Rule("score between teams", re.compile(rf"(?<=[\w.]\ ){PAIR}"), _say_teams),
)
"""Seen in reviews, music, health and sports pages."""
