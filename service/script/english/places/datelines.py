"""Datelines that open a report: "DUBAI:", "MEXICO CITY (AP) —"."""

import re

from service.script.calendar import MONTHS
from service.script.english.names.initialisms import is_spelt
from service.script.english.numbers.number_words import ordinal
from service.script.english.places.states import POSTAL_STATES, STATES
from service.script.normalization import Rule, Spoken

_LETTERS = frozenset({"DC", "EU", "NATO", "UAE", "UK", "UN", "US", "USA"})
"""Places that are initialisms and stay in capitals."""

_SHORT = {"FT.": "Fort", "MT.": "Mount", "ST.": "Saint", "STE.": "Sainte"}

_MAX_LABEL_LETTERS = 3
_SHORT_TOWNS = re.compile("AIX|BAM|FEZ|GOA|HUE|OSH|PAU|QOM|UFA|ULM")

_CAPITALS = r"[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ'.-]+"
_NAME = r"[^\W\d_a-z][\w'.-]+"
_REGION = r"[A-Z][\w.]*(?:\ [A-Z][\w.]*){0,2}"
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]{{0,6}}\.?"
_AGENCY = r"\ ?\((?P<agency>[^()]{1,40})\)"


def _date_pattern(suffix: str) -> str:
    """Return the pattern of a date; `suffix` is added to its group names."""
    return (
        rf"(?P<month{suffix}>{_MONTH})\ (?P<day{suffix}>\d{{1,2}})"
        rf"|(?P<day_first{suffix}>\d{{1,2}})\ (?P<month_last{suffix}>{_MONTH})"
    )


_DATELINE = re.compile(
    rf"""\A(?:
          (?P<place>{_CAPITALS}(?:[ /]{_CAPITALS}){{0,3}})
          (?:,\ (?!{_MONTH}\ \d)(?P<state>{_REGION}))?
          (?:,\ (?:{_date_pattern("")}))?
          (?:{_AGENCY})?
        | (?P<small>{_NAME}(?:\ {_NAME}){{0,3}})
          (?:,\ (?!{_MONTH}\ \d)(?P<region>{_REGION}))?
          (?:,\ (?:{_date_pattern("_2")}))?
          \ ?\((?P<wire>AFP|AP|Bernama|CNN|EFE|PA|Reuters|UPI|Xinhua)[^()]{{0,20}}\)
        )\ ?(?P<end>:|[-—]{{1,2}})\ """,
    re.VERBOSE,
)

_WORD = re.compile(r"[^\s/]+")


def _ordinary(place: str) -> str:
    if place in _SHORT:
        return _SHORT[place]
    if place.replace(".", "") in _LETTERS:
        return ".".join(place.replace(".", ""))
    if not place.isupper():
        return place.replace(".", "")
    return re.sub(r"[^\W_]+", lambda word: word[0].capitalize(), place).replace(".", "")


def _region(written: str) -> str:
    short = written.rstrip(".")
    return STATES.get(short) or POSTAL_STATES.get(short) or _ordinary(written)


def _group(match: re.Match[str], *names: str) -> str | None:
    """Return the name of the first of some groups that matched."""
    return next((name for name in names if match[name]), None)


def _date(match: re.Match[str]) -> Spoken | None:
    month = _group(match, "month", "month_last", "month_2", "month_last_2")
    day = _group(match, "day", "day_first", "day_2", "day_first_2")
    if month is None or day is None:
        return None
    name, place = MONTHS[match[month][:3]], ordinal(int(match[day]))
    start = min(match.start(month), match.start(day))
    spoken = f"the {place} of {name}" if "first" in day else f"{name} {place}"
    return Spoken(spoken, start, max(match.end(month), match.end(day)))


def _is_label(match: re.Match[str]) -> bool:
    """Return whether capitals before a colon are an initialism: "CPU: ..."."""
    place = match["place"] or ""
    return (
        place.isalpha()
        and len(place) <= _MAX_LABEL_LETTERS
        and match["end"] == ":"
        and match.end("place") == match.start("end")
        and not _SHORT_TOWNS.fullmatch(place)
        and is_spelt(place)
    )


def _say_place(match: re.Match[str]) -> tuple[Spoken, ...] | None:
    if _is_label(match):
        return None
    town = _group(match, "place", "small") or "place"
    region = _group(match, "state", "region")
    said = [
        Spoken(_ordinary(word[0]), word.start(), word.end())
        for word in _WORD.finditer(match.string, match.start(town), match.end(town))
    ]
    if region:
        said.append(Spoken(_region(match[region]), *match.span(region)))
    if date := _date(match):
        said.append(date)
    if len(said) > 1 and (region or date):
        first = -3 if region and date else -2
        for index in range(first, -1):
            word = said[index]
            said[index] = Spoken(f"{word.spoken},", word.start, word.end)
    last = said[-1]
    # The agency is not spoken: newsreaders name only the place.
    said[-1] = Spoken(last.spoken + ":", last.start, match.end("end"))
    return tuple(said)


PLACE_RULES = (
    Rule("dateline", _DATELINE, _say_place, opening=True),
    Rule(
        "agency",
        re.compile(r"\A\((?:AFP|AP|Reuters|UPI|Xinhua)[^()]{0,20}\)\ ?[-—:]{1,2}\ "),
        lambda _: (),
        opening=True,
    ),
)
