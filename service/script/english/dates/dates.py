"""Dates: "Feb 8", "8 Feb 2024", "24 March-2 April", "Mon, Sept 3"."""

import re
from functools import partial

from service.script.calendar import MONTH_NAMES, MONTHS, WEEKDAYS
from service.script.english.dates.years import YEAR, YEAR_RULES
from service.script.english.numbers.number_words import ordinal, year
from service.script.english.numbers.ranges import NAMED_RANGE_RULES
from service.script.normalization import Rule, Spoken, part
from service.script.regex_alternation import alternation

_SHORT = alternation(MONTHS)
# In lower case "march" and "may" are words; other names are always months.
_ANY_CASE = "|".join(
    f"{name}|{name.upper()}"
    + ("" if name in ("March", "May", "Mar") else f"|{name.lower()}")
    for name in (*MONTH_NAMES, *sorted(MONTHS, key=len, reverse=True))
)
_MONTH = rf"\b(?P<month>{_ANY_CASE})\b\.?"
_SHORT_YEAR_DIGITS = 2
_LAST_DAY_OF_MONTH = 31
_TH = r"(?:st|nd|rd|th)?"
_DAY = rf"(?P<day>\d{{1,2}}){_TH}\b"
_END = r"(?![\d%:]|[.,]\d)"
_NO_TIME = (
    r"(?![:%]|\.\d|\ ?[ap]\.?m\b|\ (?:percent|per|million|billion|[a-z]+s|children|men"
    r"|people|women)\b)"
)
_LAST_DAY = (
    rf"(?:\ ?-\ ?(?P<last>\d{{1,2}}){_TH}\b"
    rf"|\ (?P<joint>and|or|through|to|until)\ (?P<other>\d{{1,2}}){_TH}\b{_NO_TIME})?"
)
_FIRST_DAYS = (
    rf"(?:(?P<first>\d{{1,2}}){_TH}(?:\ ?(?P<by>-)\ ?|\ (?P<joint>and|or|to|until)\ ))?"
)


def _month(written: str) -> str:
    name = written.rstrip(".").capitalize()
    return MONTHS.get(name, name)


def _is_day(written: str | None) -> bool:
    return written is None or 1 <= int(written) <= _LAST_DAY_OF_MONTH


def _with_year(
    match: re.Match[str], said: list[Spoken], comma: str
) -> tuple[Spoken, ...]:
    if match["year"]:
        last = said[-1]
        said[-1] = Spoken(last.spoken + comma, last.start, last.end)
        said.append(part(match, "year", year(match["year"])))
    return tuple(said)


def _say_month_day(
    match: re.Match[str], *, british: bool = False
) -> tuple[Spoken, ...] | None:
    if not all(_is_day(match[day]) for day in ("day", "last", "other")):
        return None
    before, after = match.string[: match.start()], match.string[match.end() :]
    if (
        not match["year"]
        and re.search(r"\b[Ii]n $", before)
        and re.match(r" [a-z]", after)
    ):
        # "In May 20 people died": the number counts people.
        return None
    the = "the " if british else ""
    said = [
        part(match, "month", _month(match["month"])),
        part(match, "day", f"{the}{ordinal(int(match['day']))}"),
    ]
    if match["last"]:
        said.append(part(match, "last", f"to {the}{ordinal(int(match['last']))}"))
    if match["other"]:
        words = f"{match['joint']} {the}{ordinal(int(match['other']))}"
        said.append(Spoken(words, match.start("joint"), match.end("other")))
    return _with_year(match, said, ",")


def _say_day_month(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    if not (_is_day(match["day"]) and _is_day(match["first"])):
        return None
    article = "" if re.search(r"\b[Tt]he $", match.string[: match.start()]) else "the "
    day = ordinal(int(match["day"]))
    if not match["first"]:
        said = [part(match, "day", article + day)]
    else:
        joint = match["joint"] or "to"
        the = "the " if joint in ("to", "until") else ""
        said = [
            part(match, "first", article + ordinal(int(match["first"]))),
            part(match, "day", f"{joint} {the}{day}"),
        ]
    said.append(part(match, "month", f"of {_month(match['month'])}"))
    return _with_year(match, said, "")


def _say_two_months(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    if not (_is_day(match["first"]) and _is_day(match["day"])):
        return None
    said = [
        part(match, "first", f"the {ordinal(int(match['first']))}"),
        part(match, "first_month", f"of {_month(match['first_month'])}"),
    ]
    if match["first_year"]:
        said.append(part(match, "first_year", year(match["first_year"])))
    said += [
        part(match, "day", f"to the {ordinal(int(match['day']))}"),
        part(match, "month", f"of {_month(match['month'])}"),
    ]
    return _with_year(match, said, "")


def _say_numeric(
    match: re.Match[str], *, day_first: bool, british: bool = False
) -> str | None:
    first, second = int(match["first"]), int(match["second"])
    month, day = (second, first) if day_first else (first, second)
    if month > len(MONTH_NAMES):
        month, day = day, month
    if month > len(MONTH_NAMES) or not (month and _is_day(str(day))):
        return None
    name, written_year = MONTH_NAMES[month - 1], year(_full_year(match["year"]))
    if british:
        return f"the {ordinal(day)} of {name}, {written_year}"
    return f"{name} {ordinal(day)}, {written_year}"


def _full_year(written: str) -> str:
    if len(written) > _SHORT_YEAR_DIGITS:
        return written
    # "98" is 1998 and "24" is 2024: newspapers rarely name years after 2049.
    return f"19{written}" if written > "49" else f"20{written}"


_NUMERIC = re.compile(
    r"(?<![\w/.-])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\w/])"
)


def date_rules(*, day_first: bool) -> tuple[Rule, ...]:
    """Build the rules; `day_first` reads 02/08 as 2 August."""
    return (
        Rule(
            "numeric date",
            _NUMERIC,
            lambda match: _say_numeric(match, day_first=day_first, british=day_first),
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
                rf"(?<![\w/-]){YEAR}(?P<by>[-/.])(?P<first>0?\d|1[0-2])(?P=by)(?P<second>[0-3]?\d)"
                r"(?:(?=T\d\d:)|(?![\w/-]))"
            ),
            lambda match: _say_numeric(match, day_first=False),
        ),
        Rule(
            "days of two months",
            re.compile(
                rf"(?<![\w.,$£€:-])(?P<first>\d{{1,2}}){_TH}\ "
                rf"(?P<first_month>{_ANY_CASE})\b\.?"
                rf"(?:\ (?P<first_year>1[0-9]\d\d|20\d\d))?\ ?-\ ?{_DAY}\ {_MONTH}"
                rf"(?:,?\ {YEAR}\b)?"
            ),
            _say_two_months,
        ),
        Rule(
            "month and day",
            re.compile(
                rf"{_MONTH}[\ -]{_DAY}{_LAST_DAY}(?:(?:,?\ |[,-]){YEAR}\b)?{_END}"
            ),
            partial(_say_month_day, british=day_first),
        ),
        *_DATE_RULES,
        *YEAR_RULES,
    )


_DATE_RULES = (
    Rule(
        "day and month",
        re.compile(
            rf"(?<![\w.,$£€:-]){_FIRST_DAYS}{_DAY}(?:\ of\ |[\ -])"
            rf"{_MONTH}(?:(?:,?\ |-){YEAR}\b)?"
        ),
        _say_day_month,
    ),
    Rule(
        "month and year",
        # Without a space, the comma would join the year to a number.
        re.compile(rf"{_MONTH},{YEAR}{_END}(?!\w)"),
        lambda match: (
            part(match, "month", _month(match["month"])),
            part(match, "year", year(match["year"])),
        ),
    ),
    Rule(
        "short month",
        re.compile(rf"\b(?P<month>{_SHORT})(?:\.|(?=\ [12]\d{{3}}\b))"),
        lambda match: _month(match["month"]) if match["month"] != "May" else None,
    ),
    Rule(
        "short weekday",
        re.compile(
            rf"(?<!-)\b(?P<day>{'|'.join(WEEKDAYS)})"
            rf"(?:\.,?(?=\ [A-Z\d])|(?<!he\ ...)\.(?=\ [a-z])|(?=,\ (?:{_SHORT}))"
            r"|(?:(?<=\bTues)|(?<=\bThurs))\b(?!\.?-)\.?"
            rf"|(?=\ \d{{1,2}}{_TH}\ (?:{_SHORT}))|(?=\ (?:{_SHORT})[a-z]*\.?\ \d))"
        ),
        lambda match: WEEKDAYS[match["day"]],
    ),
    *NAMED_RANGE_RULES,
)
