"""Clock times: "7:30 a.m.", "6.30pm SGT", "14:30", "10am-6pm", "0900 GMT"."""

import re

from service.script.english.numbers import cardinal
from service.script.spoken import Rule, Said, part

_ZONES = {
    "CT": "Central",
    "ET": "Eastern",
    "MT": "Mountain",
    "PT": "Pacific",
}
"""Zones that are said as words; the others (GMT, SGT, BST) are read as letters."""

_NOON = 12

_ZONE = r"(?:\ (?P<zone>ET|CT|MT|PT)\b)?"
_HALF = r"[AaPp]\.?\ ?[Mm](?:\.|\b)"
_CLOCK = r"(?:[01]?\d|2[0-4])(?:[:.][0-5]\d)?"
_OTHER_ZONE = r"(?=\ ?(?:GMT|UTC|BST|SGT|HKT|CET|CEST|EST|EDT|IST|JST|KST)\b)"


def _half(written: str) -> str:
    # espeak reads a lone "A" as the article, and "one AM" as a word.
    return "A-M" if written[0] in "Aa" else "PM"


def clock(written: str, *, military: bool = False) -> str:
    """Words for hours and minutes: "7:05" is "seven oh five", "7:00" is "seven"."""
    hours, _, minutes = written.replace(".", ":").partition(":")
    hour = (
        f"oh {cardinal(int(hours))}"
        if military and hours[0] == "0"
        else cardinal(int(hours))
    )
    if not minutes or minutes == "00":
        return f"{hour} hundred" if military else hour
    if minutes[0] == "0":
        return f"{hour} oh {cardinal(int(minutes))}"
    return f"{hour} {cardinal(int(minutes))}"


def _with_zone(match: re.Match[str], said: tuple[Said, ...]) -> tuple[Said, ...]:
    if not match["zone"]:
        return said
    return (*said, part(match, "zone", _ZONES[match["zone"]]))


def _say_half_day(match: re.Match[str]) -> tuple[Said, ...]:
    said = (
        part(match, "clock", clock(match["clock"])),
        part(match, "half", _half(match["half"])),
    )
    return _with_zone(match, said)


def _say_span(match: re.Match[str]) -> str:
    first = clock(match["first"])
    if match["first_half"]:
        first = f"{first} {_half(match['first_half'])}"
    return f"{first} to {clock(match['last'])} {_half(match['half'])}"


def _say_day(match: re.Match[str]) -> str:
    hours, minutes = int(match["hours"]), match["minutes"]
    if minutes != "00":
        return clock(f"{match['hours']}:{minutes}")
    return (
        f"{cardinal(hours)} hundred" if hours > _NOON else f"{cardinal(hours)} o'clock"
    )


def _say_day_span(match: re.Match[str]) -> str:
    return f"{clock(match['first'])} to {clock(match['last'])}"


def _say_duration(match: re.Match[str]) -> str:
    hours, minutes, seconds = (int(match[name]) for name in ("h", "m", "s"))
    counted = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
    said = [
        f"{cardinal(count)} {unit}{'' if count == 1 else 's'}"
        for count, unit in counted
        if count
    ]
    return ", ".join(said) or "zero seconds"


TIME_RULES = (
    Rule(
        "duration",
        re.compile(
            r"(?<![\d.:])(?P<h>\d{1,2}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?![\d:.])"
        ),
        _say_duration,
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
            r"(?<![\d.:])(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?![\d:]|\.\d)"
        ),
        _say_day,
    ),
    Rule(
        "military time",
        re.compile(
            rf"(?<![\d.,:])(?P<hours>[01]\d|2[0-3])[.:]?(?P<minutes>[0-5]\d){_OTHER_ZONE}"
        ),
        lambda match: clock(f"{match['hours']}:{match['minutes']}", military=True),
    ),
)
