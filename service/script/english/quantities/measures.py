"""Percentages, units, magnitudes: "25bps", "120km/h", "2.4m barrels"."""

import re

from service.script.english.numbers.number_words import NUMBER, number
from service.script.english.numbers.powers import SUPERSCRIPTS
from service.script.english.quantities.amount_context import (
    COUNT_NOUNS,
    PEOPLES,
    PLURAL,
    describes,
)
from service.script.english.quantities.dimensions import (
    ALL_UNITS,
    ANY_UNIT,
    DIMENSION_RULES,
    LONG,
    quantity,
)
from service.script.english.quantities.units import PER, TOUCHING_UNITS, UNITS
from service.script.normalization import Rule, part
from service.script.regex_alternation import alternation

_SCALE = r"bn|mn|mln|tn|trn|[kmbtKMB]"
_MAGNITUDE = r"bn|mn|mln|bln|cr|tn|trn"
_RACES = (
    "backstroke|breaststroke|butterfly|champion|dash|event|final|freestyle|gold|heats|"
    "hurdles|medley|pool|race|record|relay|run|semifinal|sprint|title"
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:audience|cases|children|circulation|copies|customers|downloads|followers|households|jobs|lists?|"
    r"members|membership|passengers|patients|people|population|pupils|sales|shipments|"
    r"sold|students|subscribers|turnout|users|viewers|visitors|voters|votes|workers)\b"
    r"[^.;]{0,30}$"
)
"""Nouns that are counted in millions, not measured: "a population of 8.9m"."""

_LENGTHS = re.compile(
    r"\ (?:above|across|ahead|away|below|deep|from|high|long|of|tall|thick|underwater"
    r"|wide)\b"
)
_TIMES = re.compile(
    r"\ (?:as|better|bigger|book|cash|earnings|ebitda|faster|greater|higher|larger"
    r"|leverage|lower|more|oversubscribed|profits?|revenues?|sales|slower|smaller|than"
    r"|the|what|world)\b"
)
_LETTER_K = frozenset({"2", "3", "4", "5", "8", "10"})
"""Screens and runs whose names keep the letter: "a 4K screen", "a 10K run"."""


def _is_one(match: re.Match[str]) -> bool:
    return match["amount"] == "1" and not match["low"] and not match["scale"]


def _say_measure(match: re.Match[str]) -> str | None:
    unit = match["unit"]
    apart = match.start("unit") > max(match.end("amount"), match.end("scale"))
    if (
        apart
        and unit in ("C", "F", "W")
        and (
            match.string[match.start("unit") - 1] == "-"
            or re.match(r"\.? [A-Z\d]|\.[A-Z]", match.string[match.end() :])
        )
    ):
        # "300 W 42nd St", "a 20-F filing": the letter is not a unit.
        return None
    if (
        not apart
        and unit in ("C", "F")
        and _MODEL_VERB.match(match.string, match.end())
    ):
        return f"{quantity(match)} {unit}"
    singular, plural = ALL_UNITS[unit]
    joined = match.string[match.start("unit") - 1] == "-"
    is_singular = joined or _is_one(match) or describes(match)
    return f"{quantity(match)} {singular if is_singular else plural}"


def _say_meters(match: re.Match[str]) -> str:
    after = match.string[match.end() :]
    race = re.match(rf"-[a-z]| (?:[A-Za-z']+ )?(?:{_RACES})\b", after)
    strong = after.startswith("-strong")
    before = match.string[: match.start()]
    counted = re.match(rf"{PLURAL}|{PEOPLES}", after) or (
        _COUNTED_BEFORE.search(before) and not _LENGTHS.match(after)
    )
    if strong or (counted and not race):
        return f"{quantity(match)} million"
    is_singular = race or _is_one(match) or describes(match)
    return f"{quantity(match)} {'meter' if is_singular else 'meters'}"


def _say_unit_of_fraction(match: re.Match[str]) -> str | None:
    if match["unit"] == "in":
        return "inch" if match[0] == "in" else None
    whole = re.search(r"\d[ -]\d+/\d+$", match.string[: match.start()])
    if match["sign"]:
        return "inches" if whole else "of an inch"
    singular, plural = UNITS[match["unit"]]
    return plural if whole and not describes(match) else singular


def _say_thousands(match: re.Match[str]) -> str:
    words, after = number(match["amount"]), match.string[match.end() :]
    if match["amount"] in _LETTER_K and not re.match(PLURAL, after):
        return f"{words} K"
    return f"{words} thousand"


_MODEL_VERB = re.compile(
    r"\ (?:can|charges|comes|costs|has|launches|lets|models?|offers|phones?|runs|sells"
    r"|ships|starts|supports|uses|weighs|works)\b"
)
"""Words after a model, not after a temperature: "the 6C charges faster"."""

_LOW = rf"(?P<low>{NUMBER})(?:\ ?%|°\ ?[CF]?|[CF]|[a-z]{{1,2}}(?=\ ?-))?(?:-|\ -\ )"
_RANGE = (
    # A hyphen before a number is a sign, unless it follows a word.
    r"(?<![\w.,/])(?<![\w\-]-)"
    rf"(?:{_LOW})?(?P<amount>{NUMBER}|(?<!\d)\.\d+)"
)
_SCALED = (
    rf"{_RANGE}(?P<scale>[\ -]?(?:hundred|thousand|million|billion|trillion)"
    r"|\ ?(?:bn|mn|tn)|[mk](?=\ sq|\ ?kWh))?"
)

MEASURE_RULES = (
    *DIMENSION_RULES,
    Rule(
        "count in millions",
        re.compile(
            rf"{_RANGE}\ ?(?P<scale>{_SCALE})"
            rf"(?=\ (?:[a-z]+\ )?(?:{COUNT_NOUNS})\b|-strong\b)"
        ),
        quantity,
    ),
    Rule(
        "measure",
        re.compile(
            rf"{_SCALED}(?:[\ -]?(?P<unit>{ANY_UNIT}))(?![\w/]|-\d|'[a-z])",
        ),
        _say_measure,
    ),
    Rule(
        "unit of a power",
        re.compile(rf"(?<=[{SUPERSCRIPTS}])\ (?P<unit>{ANY_UNIT})(?![\w/])"),
        lambda match: UNITS[match["unit"]][1],
    ),
    Rule(
        "measure, touching",
        re.compile(
            rf"{_RANGE}(?P<scale>)(?P<unit>{alternation(TOUCHING_UNITS)})(?![\w/]|-\d|')"
        ),
        lambda match: (
            _say_thousands(match) if match["unit"] == "K" else _say_measure(match)
        ),
    ),
    Rule(
        "unit of a fraction",
        re.compile(
            rf"(?:(?<=\d/\d)|(?<=\d/\d\d))[\ -]?(?P<unit>{ANY_UNIT}|in)(?![\w/])"
            rf"|(?:(?<=\d/\d)|(?<=\d/\d\d))(?P<sign>\")(?={LONG.pattern})"
        ),
        _say_unit_of_fraction,
    ),
    Rule(
        "inches",
        # After a space, "in" is a word.
        re.compile(rf"{_RANGE}(?P<scale>)in(?!\w)"),
        lambda match: f"{quantity(match)} {'inch' if describes(match) else 'inches'}",
    ),
    Rule("meters", re.compile(rf"{_RANGE}(?P<scale>)[\ -]?m(?![\w/'])"), _say_meters),
    Rule(
        "seconds",
        # After a whole number "s" could be a plural: "two 50s".
        re.compile(r"(?<![\w.,$£€-])(?P<amount>\d+\.\d+)s(?!\w)"),
        lambda match: f"{number(match['amount'])} seconds",
    ),
    Rule(
        "magnitude",
        re.compile(rf"{_RANGE}(?P<scale>\ ?(?:{_MAGNITUDE}))(?!\w)"),
        quantity,
    ),
    Rule(
        "thousands",
        re.compile(rf"(?<![\w.,])(?P<amount>{NUMBER})k(?![\w'])"),
        _say_thousands,
    ),
    Rule(
        "times",
        re.compile(rf"(?<![\w.,])(?P<amount>{NUMBER})x(?!\w)"),
        lambda match: (
            f"{number(match['amount'])} "
            + ("times" if _TIMES.match(match.string[match.end() :]) else "x")
        ),
    ),
    Rule(
        "square",
        re.compile(
            r"(?<=per\ )sq\.?\ ?(?P<unit>km|m|ft|mi)\b"
            r"|\bsq\.?(?=\ (?:feet|foot|inch|kilomet|met|mile|yard))"
        ),
        lambda match: UNITS[f"sq {match['unit']}"][0] if match["unit"] else "square",
    ),
    Rule(
        "rate by the time",
        # Joined, espeak reads the letter: "$2m-a-year".
        re.compile(
            r"(?:(?<=\d)|(?<=\d[bkmp])|(?<=\d[bt]n))-(?P<article>an?)-(?=[a-z])"
        ),
        lambda match: match["article"],
    ),
    Rule(
        "rate of a year",
        re.compile(r"(?<=\d)\ ?pa\b(?!\.\w)"),
        lambda _: "a year",
    ),
    Rule(
        "rate",
        re.compile(rf"(?<=[\w¢])/(?P<unit>{alternation(PER)})\b(?=[^/]|$)"),
        lambda match: (
            f"per {PER[match['unit']]}"
            if re.search(r"\d[\d.,]*\ ?[A-Za-z¢]*$", match.string[: match.start()])
            else None
        ),
    ),
    Rule(
        "sign",
        # Only the sign is claimed; another rule reads the amount after it.
        re.compile(r"(?<![^\s(])[+-](?=(?:US|HK|[SAC])?[$£€¥]?\.?\d)"),
        lambda match: "plus" if match[0] == "+" else "minus",
    ),
    Rule(
        "number of",
        re.compile(r"\b(?P<word>Nos?\.|No|Nos|№)\ ?(?=\d)|#(?=\d)"),
        lambda match: (
            "numbers" if (match["word"] or "").startswith("Nos") else "number"
        ),
    ),
    Rule(
        "share of a day",
        re.compile(r"(?<!\w)(?P<amount>24)[/-](?P<week>7)(?![\w/])"),
        lambda match: (
            part(match, "amount", "twenty four"),
            part(match, "week", "seven"),
        ),
    ),
)
