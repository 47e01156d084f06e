"""Dates, years and decades: "Feb 8", "8 Feb 2024", "2023-24", "the 1990s"."""

import re

from service.script.calendar import MONTH_NAMES, MONTHS, WEEKDAYS
from service.script.english.numbers.number_words import cardinal, decade, ordinal, year
from service.script.english.numbers.ranges import NAMED_RANGE_RULES
from service.script.english.quantities.amount_context import COUNT_NOUNS, PLURAL
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
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"
_SHORT_YEAR_DIGITS = 2
_FIRST_LONG_YEAR = "2000"
_FIRST_SURE_YEAR, _LAST_SURE_YEAR = "1900", "2039"
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


def _say_month_day(match: re.Match[str]) -> tuple[Spoken, ...] | None:
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
    said = [
        part(match, "month", _month(match["month"])),
        part(match, "day", ordinal(int(match["day"]))),
    ]
    if match["last"]:
        said.append(part(match, "last", f"to {ordinal(int(match['last']))}"))
    if match["other"]:
        words = f"{match['joint']} {ordinal(int(match['other']))}"
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


def _say_years(match: re.Match[str]) -> str | None:
    first, last = match["year"], match["last"]
    if len(last) > _SHORT_YEAR_DIGITS:
        return f"{year(first)} to {year(last)}" if int(last) > int(first) else None
    last = first[:2] + last
    if int(last) == int(first) + 1:
        # A season: "twenty twenty three twenty four".
        return f"{year(first)} {year(last).partition(' ')[2] or year(last)}"
    if int(last) <= int(first):
        return None
    # "Two thousand one to nine" would sound like numbers.
    short = first < _FIRST_LONG_YEAR and last[2] != "0"
    return f"{year(first)} to {cardinal(int(last[2:])) if short else year(last)}"


def _say_decades(match: re.Match[str]) -> str:
    return f"{decade(match['first'])} to {decade(match['decade'])}"


def _say_bare_year(match: re.Match[str]) -> str | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    if re.match(PLURAL, after) and _COUNTED.search(before):
        return None
    sure = _OF_A_YEAR.search(before) and not (
        before.endswith("he ") and match["year"].endswith("00")
    )
    if _COUNT_NOUN.match(after) and not sure:
        return None
    old = not _FIRST_SURE_YEAR <= match["year"] <= _LAST_SURE_YEAR
    if old and re.match(PLURAL, after):
        # "1035 cans": a number outside these years is a count before a plural.
        return None
    return year(match["year"]) + (match["own"] or "")


_COUNTED = re.compile(
    r"\b(?:about|almost|approximately|around|bought|employs|had|has|have|hired|killed|least"
    r"|lost|most|nearly|over|roughly|sold|some|than|with)\ $"
)
"""Words before a count of four digits and a plural: "nearly 2000 homes"."""

_OF_A_YEAR = re.compile(r"(?:\b(?:[Ii]n|[Ss]ince|[Tt]he|his|her|its)\ |'s\ |[a-z]-)$")
"""Words before a year, even if a plural follows: "in 2024 voters chose"."""

_COUNT_NOUN = re.compile(rf"\ (?:{COUNT_NOUNS}|percent|per\ cent|million|billion)\b")

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
                rf"(?<![\w/-]){_YEAR}(?P<by>[-/.])(?P<first>0?\d|1[0-2])(?P=by)(?P<second>[0-3]?\d)"
                r"(?:(?=T\d\d:)|(?![\w/-]))"
            ),
            lambda match: _say_numeric(match, day_first=False),
        ),
        *_DATE_RULES,
    )


_DATE_RULES = (
    Rule(
        "days of two months",
        re.compile(
            rf"(?<![\w.,$£€:-])(?P<first>\d{{1,2}}){_TH}\ "
            rf"(?P<first_month>{_ANY_CASE})\b\.?"
            rf"(?:\ (?P<first_year>1[0-9]\d\d|20\d\d))?\ ?-\ ?{_DAY}\ {_MONTH}"
            rf"(?:,?\ {_YEAR}\b)?"
        ),
        _say_two_months,
    ),
    Rule(
        "month and day",
        re.compile(rf"{_MONTH}[\ -]{_DAY}{_LAST_DAY}(?:(?:,?\ |[,-]){_YEAR}\b)?{_END}"),
        _say_month_day,
    ),
    Rule(
        "day and month",
        re.compile(
            rf"(?<![\w.,$£€:-]){_FIRST_DAYS}{_DAY}(?:\ of\ |[\ -])"
            rf"{_MONTH}(?:(?:,?\ |-){_YEAR}\b)?"
        ),
        _say_day_month,
    ),
    Rule(
        "month and year",
        # Without a space, the comma would join the year to a number.
        re.compile(rf"{_MONTH},{_YEAR}{_END}(?!\w)"),
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
    Rule(
        "about a year",
        re.compile(rf"(?<![\w.])ca?\.\ ?(?:{_YEAR}|(?=\d{{3}}\b))(?!\d|,\d)"),
        lambda match: f"circa {year(match['year'])}" if match["year"] else "circa",
    ),
    Rule(
        "years",
        re.compile(
            rf"(?<![\w.,$£€-]){_YEAR}[-/](?P<last>20\d\d|1\d{{3}}|\d\d)(?![\w/-]|\.\d)"
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
        "year of a century",
        re.compile(r"(?<!\w)'0(?P<ones>[1-9])\b"),
        lambda match: f"oh {cardinal(int(match['ones']))}",
    ),
    Rule(
        "year",
        re.compile(
            rf"(?<![\w.,$£€#/\N{{MULTIPLICATION SIGN}}])(?<![^a-z]-){_YEAR}(?P<own>'s)?"
            r"(?![\w%°/]|[.,:]\d|-\d|\ ?[x\N{MULTIPLICATION SIGN}]\ ?\d)"
        ),
        _say_bare_year,
    ),
)
