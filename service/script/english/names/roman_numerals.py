"""Roman numerals after names: "Charles III", "World War II", "Rocky IV"."""

import re

from service.script.english.numbers.number_words import cardinal, ordinal
from service.script.normalization import Rule

_COUNTED_NOUNS = (
    "Act|Annex|Apollo|Appendix|Armageddon|Artemis|Article|Book|Canto|Category|Chapter"
    "|Class|Division|Episode|Figure|Final Fantasy|Grade|Group|Henry VI Part|Level|Mark"
    "|Mk|Number|Op|Opus|Part|Phase|Rule|Schedule|Scene|Season|Section|Soyuz|Stage"
    "|Super Bowl|Symphony|Table|Tier|Title|Type|Vatican|Vol|Volume|World War"
    "|WrestleMania|WW"
)
"""Nouns before Roman numerals.  Seen in history, law, games and sports pages."""

_FIRST_NAMES = re.compile(
    "Abdullah|Adrian|Albert|Alexander|Alexandra|Alfonso|Baldwin|Benedict|Boniface"
    "|Carl|Casimir|Catherine|Celestine|Charles|Christian|Clement|Constantine|Cosimo"
    "|Darius|Edgar|Edmund|Edward|Elizabeth|Ferdinand|Francis|Franz|Frederick|Frederik"
    "|Friedrich|George|Gregory|Gustaf|Gustav|Haakon|Harald|Henri|Henry|Hussein"
    "|Innocent|Isabella|Ivan|James|Joan|Johann|John|Joseph|Juan|Julius|Karl|Kenneth"
    "|Leo|Leopold|Louis|Ludwig|Malcolm|Margaret|Margrethe|Maria|Mary|Maximilian"
    "|Mehmed|Michael|Mohammed|Murad|Napoleon|Nicholas|Olav|Otto|Paul|Pedro|Peter"
    "|Philip|Philippe|Pius|Ptolemy|Rameses|Ramesses|Richard|Robert|Rudolf|Selim"
    "|Sigismund|Sixtus|Stephen|Theodore|Thutmose|Umberto|Urban|Victor|Victoria"
    "|Wilhelm|William|Xerxes"
)
"""Monarchs and popes with a number."""

_NOT_A_NAME = re.compile(
    "A|And|Appendix|By|Channel|Generation|In|It|Model|No|Of|On|Or|Plan|Team|The|Type"
    "|Vitamin|World"
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_WELL_FORMED = re.compile(r"(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_MAX_HEIR = 4
"""Larger numerals are not of a commoner's name but of a sequel or a ship."""


def roman(numeral: str) -> int | None:
    """Return the value of a well-formed numeral below 400."""
    if not numeral or not _WELL_FORMED.fullmatch(numeral):
        return None
    total = 0
    for letter, following in zip(numeral, f"{numeral[1:]} ", strict=True):
        value = _VALUES[letter]
        total += -value if value < _VALUES.get(following, 0) else value
    return total


def _say_counted(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    if value is None:
        return None
    said = f"{match['noun']} {cardinal(value)}"
    last = match["last"] and roman(match["last"])
    return f"{said} {match['by']} {cardinal(last)}" if last else said


def _say_after_name(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    name = re.search(r"(\w+) $", match.string[: match.start()])
    if (
        value is None
        or name is None
        or _NOT_A_NAME.fullmatch(name[1])
        or not name[1][0].isupper()
    ):
        return None
    if _FIRST_NAMES.fullmatch(name[1]) or _is_heir(match, value):
        return f"the {ordinal(value)}"
    return cardinal(value)


def _is_heir(match: re.Match[str], value: int) -> bool:
    """Return whether a numeral follows a first name and a surname."""
    named = re.search(r"(\w+)\.? [A-Z]\w+ $", match.string[: match.start()])
    return bool(named and named[1][0].isupper() and value <= _MAX_HEIR)


def _say_first(match: re.Match[str]) -> str:
    value = _VALUES[match["numeral"] or "I"]
    return f"{match['name'] or match['regnal']} the {ordinal(value)}"


ROMAN_RULES = (
    Rule(
        "first of the name",
        re.compile(
            r"(?:(?<=\b(?:King|Pope|Tsar)\ )|(?<=\bQueen\ )|(?<=\bEmperor\ ))"
            r"(?P<name>[A-Z]\w+)\ (?P<numeral>[IVX])\b(?!\.\w)"
            r"|\b(?P<regnal>Charles|Edward|Elizabeth|Francis|George|Henry|James|Mary"
            r"|Napoleon|Nicholas|Wilhelm|William)\ I"
            r"(?=\ (?:of|the|was)\b|'s\b|,|\.?\Z|-)"
        ),
        _say_first,
    ),
    Rule(
        "counted in Roman",
        re.compile(
            rf"\b(?P<noun>(?:{_COUNTED_NOUNS})s?)\.?\ (?![CL]\b)(?P<numeral>[IVXLC]+)\b"
            r"(?!\.\w|'[a-z]{2})(?:\ (?P<by>and|or|to)\ (?P<last>[IVX]{1,5})\b)?"
        ),
        _say_counted,
    ),
    Rule(
        "numeral after a name",
        re.compile(r"(?<=[a-z]\ )(?P<numeral>[IVX]{2,6})\b(?!\.\w)"),
        _say_after_name,
    ),
    Rule(
        "ordinal in Roman",
        re.compile(
            r"\b(?P<numeral>(?=[IVXL]{2}|[VX])[IVXL]+)(?:st|nd|rd|th)\b(?!\.\w)"
        ),
        lambda match: ordinal(value) if (value := roman(match["numeral"])) else None,
    ),
    Rule(
        "world war",
        re.compile(r"\bWW(?P<numeral>I{1,3})\b"),
        lambda match: f"World War {cardinal(len(match['numeral']))}",
    ),
    Rule(
        "numeral alone",
        re.compile(r"\A(?P<numeral>[IVX]{2,6})\.?\Z"),
        lambda match: cardinal(value) if (value := roman(match["numeral"])) else None,
    ),
)
