"""Percentages, units and plain magnitudes: "25bps", "120km/h", "2.4m barrels"."""

import re

from service.script.english.context import COUNT_NOUNS, is_adjective
from service.script.english.money import SCALES
from service.script.english.numbers import NUMBER, cardinal, number
from service.script.spoken import Rule, part

_UNITS = {
    "%": ("percent", "percent"),
    "%pt": ("percentage point", "percentage points"),
    "C": ("degree Celsius", "degrees Celsius"),
    "F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "GB": ("gigabyte", "gigabytes"),
    "GHz": ("gigahertz", "gigahertz"),
    "GW": ("gigawatt", "gigawatts"),
    "GWh": ("gigawatt hour", "gigawatt hours"),
    "Hz": ("hertz", "hertz"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "MHz": ("megahertz", "megahertz"),
    "MW": ("megawatt", "megawatts"),
    "MWh": ("megawatt hour", "megawatt hours"),
    "Mbps": ("megabit per second", "megabits per second"),
    "TB": ("terabyte", "terabytes"),
    "TWh": ("terawatt hour", "terawatt hours"),
    "bp": ("basis point", "basis points"),
    "bpd": ("barrel per day", "barrels per day"),
    "bps": ("basis point", "basis points"),
    "cm": ("centimeter", "centimeters"),
    "ft": ("foot", "feet"),
    "g": ("gram", "grams"),
    "ha": ("hectare", "hectares"),
    "hrs": ("hour", "hours"),
    "kHz": ("kilohertz", "kilohertz"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kg": ("kilogram", "kilograms"),
    "km": ("kilometer", "kilometers"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "km2": ("square kilometer", "square kilometers"),
    "km3": ("cubic kilometer", "cubic kilometers"),
    "kmh": ("kilometer per hour", "kilometers per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "m/s": ("meter per second", "meters per second"),
    "m2": ("square meter", "square meters"),
    "m3": ("cubic meter", "cubic meters"),
    "mbps": ("megabit per second", "megabits per second"),
    "mg": ("milligram", "milligrams"),
    "mi": ("mile", "miles"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "ml": ("milliliter", "milliliters"),
    "mm": ("millimeter", "millimeters"),
    "mph": ("mile per hour", "miles per hour"),
    "oz": ("ounce", "ounces"),
    "pct": ("percent", "percent"),
    "pp": ("percentage point", "percentage points"),
    "sq ft": ("square foot", "square feet"),
    "sq km": ("square kilometer", "square kilometers"),
    "sq m": ("square meter", "square meters"),
    "° C": ("degree Celsius", "degrees Celsius"),
    "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
}
"""One, several.  Seen in weather, energy, market and sports pages."""

_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_PER = {
    "barrel": "barrel",
    "d": "day",
    "day": "day",
    "hour": "hour",
    "hr": "hour",
    "kg": "kilogram",
    "km": "kilometer",
    "mo": "month",
    "month": "month",
    "night": "night",
    "ton": "ton",
    "tonne": "tonne",
    "week": "week",
    "wk": "week",
    "year": "year",
    "yr": "year",
}
"""What a rate is counted by, after a slash.  Seen in price lists and market pages."""

_SEVERAL = re.compile(
    r" (?!across|as|besides|is|less|plus|thus|towards|upwards|was)[A-Za-z]+s\b"
)
"""A noun in the plural: "2.4m Germans" are millions, not meters."""

_SCALE = r"bn|mn|tn|trn|[kmbt]"
_RACES = (
    "backstroke|breaststroke|butterfly|dash|final|freestyle|hurdles|race|relay|run|"
    "sprint"
)


def _quantity(match: re.Match[str]) -> str:
    words = number(match["amount"])
    if match["low"]:
        words = f"{number(match['low'])} to {words}"
    return words


def _say_measure(match: re.Match[str]) -> str:
    one, many = _UNITS[match["unit"]]
    single = match["amount"] == "1" and not match["low"]
    return f"{_quantity(match)} {one if single or is_adjective(match) else many}"


def _say_meters(match: re.Match[str]) -> str:
    after = match.string[match.end() :]
    race = re.match(rf" (?:[a-z']+ )?(?:{_RACES})\b", after)
    if not race and _SEVERAL.match(after):
        return f"{_quantity(match)} million"
    unit = (
        "meter" if race or match["amount"] == "1" or is_adjective(match) else "meters"
    )
    return f"{_quantity(match)} {unit}"


def _say_sign(match: re.Match[str]) -> str:
    return "plus" if match[0] == "+" else "minus"


_RANGE = (
    # A hyphen before a number is a sign, unless a word stands before it.
    r"(?<![\w.,/])(?<![\w\-]-)"
    rf"(?:(?P<low>{NUMBER})(?:\ ?%|°[CF]?)?\ ?-\ ?)?(?P<amount>{NUMBER})"
)

MEASURE_RULES = (
    Rule(
        "feet and inches",
        re.compile(r"(?<![\w.,])(?P<feet>\d)\ ?ft\ ?(?P<inches>1?\d)\ ?in\b"),
        lambda match: (
            f"{cardinal(int(match['feet']))} foot {cardinal(int(match['inches']))}"
        ),
    ),
    Rule(
        "count in millions",
        re.compile(
            rf"{_RANGE}\ ?(?P<scale>{_SCALE})(?=\ (?:[a-z]+\ )?(?:{COUNT_NOUNS})\b)"
        ),
        lambda match: f"{_quantity(match)} {SCALES[match['scale']]}",
    ),
    Rule(
        "measure",
        re.compile(rf"{_RANGE}[\ -]?(?P<unit>{_UNIT})(?![\w/]|-\d)"),
        _say_measure,
    ),
    Rule(
        "inches",
        # Apart from its number, "in" is a word.
        re.compile(rf"{_RANGE}in(?!\w)"),
        lambda match: (
            f"{_quantity(match)} {'inch' if is_adjective(match) else 'inches'}"
        ),
    ),
    Rule("meters", re.compile(rf"{_RANGE}\ ?m(?![\w/'])"), _say_meters),
    Rule(
        "magnitude",
        re.compile(rf"{_RANGE}\ ?(?P<scale>bn|mn|tn|trn)(?!\w)"),
        lambda match: f"{_quantity(match)} {SCALES[match['scale']]}",
    ),
    Rule(
        "rate",
        re.compile(rf"(?<=\w)/(?P<unit>{'|'.join(_PER)})\b(?=[^/]|$)"),
        lambda match: (
            f"per {_PER[match['unit']]}"
            if re.search(r"\d[\d.,]*\ ?[a-z]*$", match.string[: match.start()])
            else None
        ),
    ),
    Rule(
        "dimensions",
        re.compile(r"(?<=\d)\ ?(?:x|\N{MULTIPLICATION SIGN})\ ?(?=\d)"),
        lambda _: "by",
    ),
    Rule(
        "sign",
        # Only the sign is claimed: what it stands before is read by its own rule.
        re.compile(r"(?<![^\s(])[+-](?=(?:US|HK|[SAC])?[$£€¥]?\d)"),
        _say_sign,
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
        re.compile(r"(?<!\w)(?P<amount>24)/(?P<week>7)(?![\w/])"),
        lambda match: (
            part(match, "amount", "twenty four"),
            part(match, "week", "seven"),
        ),
    ),
)
