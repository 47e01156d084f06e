"""Clock times: "7:30 a.m.", "6.30pm SGT", "14:30", "10am-6pm", "0900 GMT"."""

import re

from service.script.english.dates.clock import clock
from service.script.english.numbers.number_words import cardinal, digits
from service.script.normalization import Rule, Spoken, part

_ZONES = {
    "CT": "Central",
    "ET": "Eastern",
    "MT": "Mountain",
    "PT": "Pacific",
}
"""Zones read as words; others (GMT, SGT, BST) are spelt."""

_NOON = 12
_BETWEEN = re.compile(r"\b[Bb]etween $")

_ZONE = r"(?:\ (?P<zone>ET|CT|MT|PT)\b)?"
_HALF = r"[AaPp]\.?\ ?[Mm](?:\.|\b)"
_CLOCK = r"(?:[01]?\d|2[0-4])(?:[:.][0-5]\d)?"
_OTHER_ZONE = (
    r"(?:(?=\ ?(?:GMT|UTC|BST|SGT|HKT|CET|CEST|EST|EDT|IST|JST|KST|MYT|PST|PDT|WIB)\b"
    r"|\ local\b)|\ ?(?P<unit>hours|hrs?)\b)"
)


def _half(written: str) -> str:
    # espeak reads a lone "A" as the article, and "one AM" as a word.
    return "A-M" if written[0] in "Aa" else "PM"


def _with_zone(match: re.Match[str], said: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    if not match["zone"]:
        return said
    return (*said, part(match, "zone", _ZONES[match["zone"]]))


def _say_half_day(match: re.Match[str]) -> tuple[Spoken, ...]:
    said = (
        part(match, "clock", clock(match["clock"])),
        part(match, "half", _half(match["half"])),
    )
    return _with_zone(match, said)


def _say_span(match: re.Match[str]) -> str:
    first = clock(match["first"])
    if match["first_half"]:
        first = f"{first} {_half(match['first_half'])}"
    joint = "and" if _BETWEEN.search(match.string[: match.start()]) else "to"
    return f"{first} {joint} {clock(match['last'])} {_half(match['half'])}"


def _say_seconds(match: re.Match[str]) -> str:
    seconds = _counted(int(match["s"]), "second")
    time = (
        f"{clock(match['clock'])} and {seconds}"
        if int(match["s"])
        else clock(match["clock"])
    )
    return f"{time} {_half(match['half'])}"


def _say_day(match: re.Match[str]) -> str:
    if match["midnight"]:
        return "twenty four hundred"
    hours, minutes = int(match["hours"]), match["minutes"]
    if minutes != "00":
        return clock(f"{match['hours']}:{minutes}")
    return _full_hour(hours)


def _full_hour(hours: int) -> str:
    return (
        f"{cardinal(hours)} hundred" if hours > _NOON else f"{cardinal(hours)} o'clock"
    )


def _say_day_span(match: re.Match[str]) -> str:
    first, last = match["first"], match["last"]
    if last.endswith(":00") and int(last[:-3]) > _NOON and first.endswith(":00"):
        return f"{_full_hour(int(first[:-3]))} to {_full_hour(int(last[:-3]))}"
    return f"{clock(first)} to {clock(last)}"


def _counted(count: int, unit: str) -> str:
    return f"{cardinal(count)} {unit}{'' if count == 1 else 's'}"


def _say_duration(match: re.Match[str]) -> str:
    hours, minutes, seconds = (int(match[name]) for name in ("h", "m", "s"))
    said = [
        _counted(count, unit)
        for count, unit in ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        if count
    ]
    if match["part"]:
        said[-1:] = [f"{cardinal(seconds)} point {digits(match['part'])} seconds"]
    if len(said) > 1:
        said[-1] = f"and {said[-1]}"
    return " ".join(said) or "zero seconds"


def _say_lap(match: re.Match[str]) -> str:
    lap = clock(f"{match['minutes']}:{match['seconds']}")
    if match["seconds"] == "00":
        lap = f"{cardinal(int(match['minutes']))} oh oh"
    return f"{lap} point {digits(match['part'])}"


TIME_RULES = (
    Rule(
        "time with seconds",
        re.compile(
            rf"(?<![\d.:])(?P<clock>[01]?\d:[0-5]\d):(?P<s>[0-5]\d)\ ?(?P<half>{_HALF})"
        ),
        _say_seconds,
    ),
    Rule(
        "duration",
        re.compile(
            r"(?<![\d.:])(?P<h>\d{1,2}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)"
            r"(?:\.(?P<part>\d{1,3}))?(?![\d:]|\.\d)"
        ),
        _say_duration,
    ),
    Rule(
        "lap time",
        re.compile(
            r"(?<![\d.:])(?P<minutes>\d{1,2}):(?P<seconds>[0-5]\d)\.(?P<part>\d{1,3})"
            r"(?![\d:])"
        ),
        _say_lap,
    ),
    Rule(
        "time span",
        re.compile(
            rf"(?<![\d.:])(?P<first>{_CLOCK})\ ?(?P<first_half>{_HALF})?\ ?-\ ?"
            rf"(?P<last>{_CLOCK})\ ?(?P<half>{_HALF})(?!\w)"
        ),
        _say_span,
    ),
    Rule(
        "time of half a day",
        re.compile(rf"(?<![\d.:])(?P<clock>{_CLOCK})\ ?(?P<half>{_HALF})(?!\w){_ZONE}"),
        _say_half_day,
    ),
    Rule(
        "span of a day",
        re.compile(
            r"(?<![\d.:])(?P<first>[0-2]?\d:[0-5]\d)\ ?-\ ?(?P<last>[0-2]?\d:[0-5]\d)"
            r"(?![\d:]|\.\d)"
        ),
        _say_day_span,
    ),
    Rule(
        "time of a day",
        re.compile(
            r"(?<![\d.:])(?:(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)|(?P<midnight>24:00))"
            r"(?![\d:]|\.\d)"
        ),
        _say_day,
    ),
    Rule(
        "military time",
        re.compile(
            rf"(?<![\d.,:])(?P<hours>[01]\d|2[0-3])[.:]?(?P<minutes>[0-5]\d){_OTHER_ZONE}"
        ),
        lambda match: (
            clock(f"{match['hours']}:{match['minutes']}", military=True)
            + (" hours" if match["unit"] else "")
        ),
    ),
    Rule(
        "time with a zone",
        re.compile(rf"(?<![\d.:])(?P<clock>{_CLOCK})(?=\ (?P<zone>ET|CT|MT|PT)\b)"),
        lambda match: clock(match["clock"]),
    ),
    Rule(
        "zone",
        re.compile(r"(?<=\d\ )(?P<zone>[ECMP]T)\b"),
        lambda match: _ZONES[match["zone"]],
    ),
)
