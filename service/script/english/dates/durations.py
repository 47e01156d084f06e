"""Durations in letters and signs: "2h 34m 12s", "1hr 5min", "11h"."""

import re

from service.script.english.numbers.number_words import cardinal
from service.script.english.quantities.amount_context import is_adjective
from service.script.normalization import Rule, Spoken

_HOURS = r"(?P<hour>\d{1,3})\ ?(?:hrs?|h)"
_MINUTES = r"(?P<minute>\d{1,2})(?:\ ?(?:mins?|m)(?![^\W\d])|')"
_SECONDS = r"(?P<second>\d{1,2})(?:\ ?(?:secs?|s)(?!\w)|\"|'')"
_APART = r",?\ ?"
_UNITS = ("day", "hour", "minute", "second")


def _say_duration(match: re.Match[str]) -> tuple[Spoken, ...]:
    adjective = is_adjective(match)
    given = [unit for unit in _UNITS if match.groupdict().get(unit)]
    ends = [*(match.start(unit) for unit in given[1:]), match.end()]
    said = []
    for unit, end in zip(given, ends, strict=True):
        count = int(match[unit])
        name = unit if adjective or count == 1 else f"{unit}s"
        comma = "," if unit != given[-1] else ""
        said.append(Spoken(f"{cardinal(count)} {name}{comma}", match.start(unit), end))
    return tuple(said)


DURATION_RULES = (
    Rule(
        "duration in hours",
        re.compile(
            rf"(?<![\w.,:$£€-])(?:(?P<day>\d{{1,3}})\ ?d{_APART})?"
            rf"{_HOURS}{_APART}{_MINUTES}(?:{_APART}{_SECONDS})?(?!\w)"
        ),
        _say_duration,
    ),
    Rule(
        "duration in minutes",
        re.compile(
            rf"(?<![\w.,:$£€-])(?P<minute>\d{{1,2}})\ ?(?:mins?|m){_APART}{_SECONDS}"
        ),
        _say_duration,
    ),
    Rule(
        "duration in days",
        re.compile(
            rf"(?<![\w.,:$£€-])(?P<day>\d{{1,3}})\ ?d{_APART}"
            r"(?P<hour>\d{1,2})\ ?h(?!\w)"
        ),
        _say_duration,
    ),
    Rule(
        "hours",
        re.compile(r"(?<![\w.,:$£€-])(?P<hour>\d{1,3})\ ?h(?![\w'-]|\.\w)"),
        _say_duration,
    ),
)
"""Seen in race results, film guides and timetables; "m" alone is a length."""
