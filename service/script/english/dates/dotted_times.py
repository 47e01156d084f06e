"""Clock times with a full stop or an "h": "a 7.30 start", "the 10.05 from", "15h30"."""

import re

from service.script.english.dates.clock import clock
from service.script.english.names.initialisms import letters
from service.script.english.numbers.number_words import cardinal
from service.script.normalization import Rule

_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PRICED = re.compile(
    r"\b(?:clos\w+|end\w+|finish\w+|open\w+|pric\w+|settl\w+|stood|trad\w+|valued)\b"
    r"[^;]{0,30}$"
)
"""Verbs before a price such as "at 20.30"."""

_LATE_AFTER = re.compile(r"\b(?:[Aa]t|from|until|till) $")
_BEFORE_DAY = re.compile(r"\b(?:at|from|by|until|till|around|before|after) $")
_DAY = re.compile(
    r" (?:tonight|this (?:afternoon|evening|morning)|in the (?:afternoon|evening"
    rf"|morning)|on {_WEEKDAY})\b"
)
_AMOUNT = re.compile(r" (?:a|cents|dollars|euros|million|per|points)\b")

_EVENT = re.compile(
    r" (?:alarm|appointment|bus|coach|curfew|deadline|departure|ferry|flight"
    r"|kick-?\ ?off|meeting|performance|screening|showing|sailing|start|tee|throw-in"
    r"|train)\b"
)
"""Nouns behind a time, in British papers."""

_LISTED = re.compile(
    r"\b(?:[Dd]eparts?|[Dd]oors(?: open)?|[Kk]ick-?\ ?off|[Ss]tarts?|[Tt]hrow-in)"
    r"(?::| at)? $"
)
"""Words before a time in a fixture list or a programme."""

_SERVICE = re.compile(r" (?:from|to) [A-Z]")
_LAST_MORNING_HOUR = 12


def _say_dotted(match: re.Match[str]) -> str | None:
    before = match.string[max(0, match.start() - 60) : match.start()]
    after = match.string[match.end() : match.end() + 40]
    if not _is_time(before, after, int(match["hours"])):
        return None
    return clock(f"{match['hours']}:{match['minutes']}")


def _is_time(before: str, after: str, hour: int) -> bool:
    if _EVENT.match(after) or _LISTED.search(before):
        return True
    if before.lower().endswith("the ") and _SERVICE.match(after):
        return True
    if _PRICED.search(before):
        return False
    if hour > _LAST_MORNING_HOUR:
        return bool(_LATE_AFTER.search(before)) and not _AMOUNT.match(after)
    return bool(_BEFORE_DAY.search(before) and _DAY.match(after))


def _say_zone(match: re.Match[str]) -> str:
    sign = "plus" if match["sign"] == "+" else "minus"
    minutes = int(match["minutes"] or "0")
    said = f"{letters(match['zone'])} {sign} {cardinal(int(match['hours']))}"
    return f"{said} {cardinal(minutes)}" if minutes else said


DOTTED_TIME_RULES = (
    Rule(
        "offset of a zone",
        re.compile(
            r"\b(?P<zone>GMT|UTC)\ ?(?P<sign>[+-])(?P<hours>\d{1,2})"
            r"(?::?(?P<minutes>[0-5]\d))?(?![\w:]|[.,]\d)"
        ),
        _say_zone,
    ),
    Rule(
        "time with an h",
        re.compile(
            r"(?<![\w.,:])(?P<hours>[01]?\d|2[0-3])\ ?[hH](?P<minutes>[0-5]\d)(?!\w)"
        ),
        lambda match: clock(f"{match['hours']}:{match['minutes']}"),
    ),
    Rule(
        "time with a full stop",
        re.compile(
            r"(?<![\w.,:$£€/-])(?P<hours>[1-9]|1\d|2[0-3])\.(?P<minutes>[0-5]\d)"
            r"(?![\w%]|[.,]\d)"
        ),
        _say_dotted,
    ),
)
"""Seen in British, South African and French pages; other figures are decimals."""
