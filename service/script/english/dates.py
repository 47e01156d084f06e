"""Dates, years and decades: "Feb 8", "8 Feb 2024", "2023-24", "the 1990s"."""

import re

from service.script.english.context import COUNT_NOUNS
from service.script.english.numbers import decade, ordinal, year
from service.script.spoken import Rule, Said, part

_MONTHS = {
    "Apr": "April",
    "Aug": "August",
    "Dec": "December",
    "Feb": "February",
    "Jan": "January",
    "Jul": "July",
    "Jun": "June",
    "Mar": "March",
    "May": "May",
    "Nov": "November",
    "Oct": "October",
    "Sep": "September",
    "Sept": "September",
}
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_WEEKDAYS = {
    "Fri": "Friday",
    "Mon": "Monday",
    "Sat": "Saturday",
    "Sun": "Sunday",
    "Thu": "Thursday",
    "Thurs": "Thursday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
}

_SHORT = "|".join(sorted(_MONTHS, key=len, reverse=True))
# "march" and "may" are words in lower case, the other months are months.
_ANY_CASE = "|".join(
    f"{name}|{name.upper()}"
    + ("" if name in ("March", "May", "Mar") else f"|{name.lower()}")
    for name in (*_MONTH_NAMES, *sorted(_MONTHS, key=len, reverse=True))
)
_MONTH = rf"\b(?P<month>{_ANY_CASE})\b\.?"
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_SHORT_YEAR = 2
_FIRST_SURE_YEAR, _LAST_SURE_YEAR = "1900", "2039"
_LAST_DAY_OF_MONTH = 31
_TH = r"(?:st|nd|rd|th)?"
_DAY = rf"(?P<day>\d{{1,2}}){_TH}\b"
_LAST_DAY = rf"(?:\ ?-\ ?(?P<last>\d{{1,2}}){_TH}\b)?"
_END = r"(?![\d%:]|[.,]\d)"


def _month(written: str) -> str:
    name = written.rstrip(".").capitalize()
    return _MONTHS.get(name, name)


def _is_day(written: str | None) -> bool:
    return written is None or 1 <= int(written) <= _LAST_DAY_OF_MONTH


def _with_year(match: re.Match[str], said: list[Said], comma: str) -> tuple[Said, ...]:
    if match["year"]:
        last = said[-1]
        said[-1] = Said(last.spoken + comma, last.start, last.end)
        said.append(part(match, "year", year(match["year"])))
    return tuple(said)


def _say_month_day(match: re.Match[str]) -> tuple[Said, ...] | None:
    if not (_is_day(match["day"]) and _is_day(match["last"])):
        return None
    before, after = match.string[: match.start()], match.string[match.end() :]
    if (
        not match["year"]
        and re.search(r"\b[Ii]n $", before)
        and re.match(r" [a-z]", after)
    ):
        # "In May 20 people died": the number counts people.
        return None
    said = [
        part(match, "month", _month(match["month"])),
        part(match, "day", ordinal(int(match["day"]))),
    ]
    if match["last"]:
        said.append(part(match, "last", f"to {ordinal(int(match['last']))}"))
    return _with_year(match, said, ",")


def _say_day_month(match: re.Match[str]) -> tuple[Said, ...] | None:
    if not (_is_day(match["day"]) and _is_day(match["last"])):
        return None
    article = "" if re.search(r"\b[Tt]he $", match.string[: match.start()]) else "the "
    said = [part(match, "day", article + ordinal(int(match["day"])))]
    if match["last"]:
        said.append(part(match, "last", f"to the {ordinal(int(match['last']))}"))
    said.append(part(match, "month", f"of {_month(match['month'])}"))
    return _with_year(match, said, "")


def _say_numeric(match: re.Match[str], *, day_first: bool) -> str | None:
    first, second = int(match["first"]), int(match["second"])
    month, day = (second, first) if day_first else (first, second)
    if month > len(_MONTH_NAMES):
        month, day = day, month
    if month > len(_MONTH_NAMES) or not (month and _is_day(str(day))):
        return None
    return (
        f"{_MONTH_NAMES[month - 1]} {ordinal(day)}, {year(_full_year(match['year']))}"
    )


def _full_year(written: str) -> str:
    if len(written) > _SHORT_YEAR:
        return written
    # "98" is in the last century, "24" in this one; newspapers name no far future.
    return f"19{written}" if written > "49" else f"20{written}"


def _say_years(match: re.Match[str]) -> str | None:
    first, last = match["year"], match["last"]
    if len(last) > _SHORT_YEAR:
        return f"{year(first)} to {year(last)}" if int(last) > int(first) else None
    last = first[:2] + last
    if int(last) == int(first) + 1:
        # A season: "twenty twenty three twenty four".
        return f"{year(first)} {year(last).partition(' ')[2] or year(last)}"
    return f"{year(first)} to {year(last)}" if int(last) > int(first) else None


def _say_decades(match: re.Match[str]) -> str:
    return f"{decade(match['first'])} to {decade(match['decade'])}"


def _say_bare_year(match: re.Match[str]) -> str | None:
    old = not _FIRST_SURE_YEAR <= match["year"] <= _LAST_SURE_YEAR
    if old and re.match(r" [a-z]+s\b", match.string[match.end() :]):
        # "1035 cans": a number this far off is a year only where nothing is counted.
        return None
    return year(match["year"]) + (match["own"] or "")


_NUMERIC = re.compile(
    r"(?<![\w/.-])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\w/])"
)


def date_rules(*, day_first: bool) -> tuple[Rule, ...]:
    """Build the rules; `day_first` reads 02/08/2024 as the second of August."""
    return (
        Rule(
            "numeric date",
            _NUMERIC,
            lambda match: _say_numeric(match, day_first=day_first),
        ),
        Rule(
            "dotted date",
            re.compile(
                r"(?<![\w.])(?P<first>\d{1,2})\.(?P<second>\d{1,2})\.(?P<year>\d{4})\b"
            ),
            lambda match: _say_numeric(match, day_first=True),
        ),
        Rule(
            "ISO date",
            re.compile(
                rf"(?<![\w/-]){_YEAR}(?P<by>[-/])(?P<first>0?\d|1[0-2])(?P=by)(?P<second>[0-3]?\d)"
                r"(?![\w/-])"
            ),
            lambda match: _say_numeric(match, day_first=False),
        ),
        *_DATE_RULES,
    )


_DATE_RULES = (
    Rule(
        "month and day",
        re.compile(rf"{_MONTH}[\ -]{_DAY}{_LAST_DAY}(?:(?:,?\ |-){_YEAR}\b)?{_END}"),
        _say_month_day,
    ),
    Rule(
        "day and month",
        re.compile(
            rf"(?<![\w.,$£€]){_DAY}{_LAST_DAY}(?:\ of\ |[\ -])"
            rf"{_MONTH}(?:(?:,?\ |-){_YEAR}\b)?"
        ),
        _say_day_month,
    ),
    Rule(
        "short month",
        re.compile(rf"\b(?P<month>{_SHORT})(?:\.|(?=\ [12]\d{{3}}\b))"),
        lambda match: _month(match["month"]) if match["month"] != "May" else None,
    ),
    Rule(
        "short weekday",
        re.compile(
            rf"\b(?P<day>{'|'.join(_WEEKDAYS)})"
            rf"(?:\.,?(?=\ [A-Z\d])|(?=,\ (?:{_SHORT})))"
        ),
        lambda match: _WEEKDAYS[match["day"]],
    ),
    Rule(
        "years",
        re.compile(
            rf"(?<![\w.,$£€-]){_YEAR}-(?P<last>20\d\d|1\d{{3}}|\d\d)(?![\w-]|\.\d)"
        ),
        _say_years,
    ),
    Rule(
        "decades",
        re.compile(
            r"(?<![\w.,])(?P<first>1\d\d0|20\d0)'?s-(?P<decade>1\d\d0|20\d0|[2-9]0)'?s\b"
        ),
        _say_decades,
    ),
    Rule(
        "decade",
        re.compile(r"(?<![\w.,])'?(?P<decade>1\d\d0|20\d0|[2-9]0)'?s\b"),
        lambda match: decade(match["decade"]),
    ),
    Rule(
        "year",
        re.compile(
            rf"(?<![\w.,$£€#/-]){_YEAR}(?P<own>'s)?"
            r"(?![\w%°/]|[.,:]\d|-\d"
            rf"|\ (?:{COUNT_NOUNS}|percent|per\ cent|million|billion)\b)"
        ),
        _say_bare_year,
    ),
)
