"""Roman numerals after names: "Charles III", "World War II", "Rocky IV"."""

import re

from service.script.english.numbers.number_words import cardinal, ordinal
from service.script.normalization import Rule, part

_COUNTED_NOUNS = (
    "Act|Annex|Apollo|Appendix|Armageddon|Artemis|Article|Book|Canto|Category|Chapter"
    "|Class|Division|Episode|Figure|Final Fantasy|Grade|Group|Henry VI Part|Level|Mark"
    "|Mk|Number|Op|Opus|Part|Phase|Rule|Schedule|Scene|Season|Section|Soyuz|Stage"
    "|Super Bowl|Symphony|Table|Tier|Title|Type|Vatican|Vol|Volume|World War"
    "|WrestleMania|WW|App\\.?|Art\\.|Ch\\.|Fig\\.|Pt\\.|Sec\\."
)
"""Nouns before Roman numerals.  Seen in history, law, games and sports pages."""

_FULL_NOUNS = {
    "App": "Appendix",
    "Art": "Article",
    "Ch": "Chapter",
    "Fig": "Figure",
    "Mk": "Mark",
    "Op": "Opus",
    "Pt": "Part",
    "Sec": "Section",
    "Vol": "Volume",
    "Vols": "Volumes",
}

_COUNTED_WORDS = (
    "act|book|chapter|episode|final|game|level|part|phase|round|season|section|stage"
    "|tier|type|volume"
)
_ORDERED = (
    r"(?!Factor\b)[A-Z][a-z]{2,}|assembly|centur(?:y|ies)|congress|conference|corps|dynasty|edition"
    r"|session|summit"
)
"""Nouns behind a Roman ordinal: "the XVI Games"."""

_SIZES = frozenset({"XL", "XXL", "XXXL"})

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
    noun = match["noun"].rstrip(".")
    said = f"{_FULL_NOUNS.get(noun, noun)} {cardinal(value)}"
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


def _say_ordinal(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    return ordinal(value) if value and match["numeral"] not in _SIZES else None


ROMAN_RULES = (
    Rule(
        "ordinal before a noun",
        re.compile(rf"(?<=\b[Tt]he\ )(?P<numeral>[IVXL]{{2,7}})(?=\ (?:{_ORDERED})\b)"),
        _say_ordinal,
    ),
    Rule(
        "century in Roman",
        re.compile(r"(?<![\w.])(?P<numeral>[IVX]{1,5})(?=[ -]centur(?:y|ies)\b)"),
        _say_ordinal,
    ),
    Rule(
        "mark in Roman",
        re.compile(r"\bMk\.?(?P<numeral>[IVX]{1,5})\b"),
        lambda match: (
            f"Mark {cardinal(value)}" if (value := roman(match["numeral"])) else None
        ),
    ),
    Rule(
        "counted in Roman, in lower case",
        re.compile(
            rf"\b(?P<noun>{_COUNTED_WORDS})\ (?P<numeral>[IVX]{{2,6}})\b(?!\.\w)"
        ),
        lambda match: (
            (
                part(match, "noun", match["noun"]),
                part(match, "numeral", cardinal(value)),
            )
            if (value := roman(match["numeral"]))
            else None
        ),
    ),
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
