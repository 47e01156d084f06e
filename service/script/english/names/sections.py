"""Parts of laws and flats: "Section 3(b)(ii)", "#05-12", "Rm. 201"."""

import re

from service.script.english.names.initialisms import letters
from service.script.english.names.roman_numerals import roman
from service.script.english.numbers.number_words import cardinal, number, pairs
from service.script.normalization import Rule, Spoken, part
from service.script.regex_alternation import alternation

_ABBREVIATED = {
    "App.": "Appendix",
    "Apt": "Apartment",
    "Apt.": "Apartment",
    "Bk.": "Book",
    "Blk": "Block",
    "Blk.": "Block",
    "Eq.": "Equation",
    "Eqs.": "Equations",
    "Ex.": "Exhibit",
    "Fl.": "Floor",
    "Gp.": "Group",
    "Hwy": "Highway",
    "Hwy.": "Highway",
    "Op.": "Opus",
    "Para.": "Paragraph",
    "Pt.": "Part",
    "Ref.": "Reference",
    "Rm": "Room",
    "Rm.": "Room",
    "Rte": "Route",
    "Rte.": "Route",
    "Sect.": "Section",
    "Ste": "Suite",
    "Ste.": "Suite",
    "Tel.": "Telephone",
    "apt.": "apartment",
    "cl.": "clause",
    "eq.": "equation",
    "fl.": "floor",
    "op.": "opus",
    "pt.": "part",
    "pts.": "parts",
    "ref.": "reference",
    "rm.": "room",
    "sect.": "section",
    "tel.": "telephone",
    "temp.": "temperature",
}
"""Read in full before a number.  Seen in court, property, travel and music pages."""

_LIMITS = {"avg": "average", "max": "maximum", "min": "minimum", "temp": "temperature"}
_WHOLE = {
    **_ABBREVIATED,
    **{f"{short}.": word for short, word in _LIMITS.items()},
    **{f"{short.capitalize()}.": w.capitalize() for short, w in _LIMITS.items()},
}
_PAIRED = frozenset({"Apartment", "Block", "Highway", "Room", "Route", "Suite"})
"""Their numbers of three or four digits are read in pairs: "room two oh one"."""

_LAWS = (
    "[Aa]rticles?|[Cc]lauses?|[Pp]aragraphs?|[Rr]egulations?|[Rr]ules?|[Ss]ections?"
    "|[Ss]ubsections?"
)


def _in_pairs(written: str) -> str:
    return pairs(written) if re.fullmatch(r"[1-9]\d{2,3}", written) else number(written)


def _say_abbreviated(match: re.Match[str]) -> tuple[Spoken, ...]:
    word, written = _WHOLE[match["word"]], match["number"]
    said = _in_pairs(written) if word in _PAIRED else number(written)
    return part(match, "word", word), part(match, "number", said)


def _say_part(piece: str, before: str) -> str:
    if piece.isdigit():
        return number(piece)
    value = roman(piece.upper())
    # A single "i" or "v" is a numeral only behind a letter.
    if value is not None and (len(piece) > 1 or before.isalpha()):
        return cardinal(value)
    return letters(piece.upper())


def _say_law(match: re.Match[str]) -> str:
    pieces = re.findall(r"\((\w+)\)", match["parts"])
    said = [_in_pairs(match["number"])]
    before = match["number"]
    for piece in pieces:
        said.append(_say_part(piece, before))
        before = piece
    return " ".join(said)


SECTION_RULES = (
    Rule(
        "part of a law",
        re.compile(
            r"(?<![\w.,$£€-])(?P<number>\d{1,4})"
            r"(?P<parts>(?:\([a-zA-Z\d]{1,4}\)){2,5})(?!\w)"
        ),
        _say_law,
    ),
    Rule(
        "part of a named law",
        re.compile(
            rf"(?:\b(?P<law>{_LAWS})\ )(?P<number>\d{{1,2}})"
            r"(?P<parts>\([a-zA-Z\d]{1,4}\))(?!\w)"
        ),
        lambda match: (
            part(match, "law", match["law"]),
            Spoken(_say_law(match), match.start("number"), match.end()),
        ),
    ),
    Rule(
        "flat",
        re.compile(r"(?<!\w)#(?P<floor>\d\d)-(?P<door>\d{2,4})(?![\w-])"),
        lambda match: (
            part(match, "floor", f"number {number(match['floor'])},"),
            part(match, "door", number(match["door"])),
        ),
    ),
    Rule(
        "abbreviation before a number",
        re.compile(
            rf"(?<![\w.])(?P<word>{alternation(_WHOLE)})"
            r"\ ?(?P<number>\d{1,4})(?![\w]|[-.,:/]\d)"
        ),
        _say_abbreviated,
    ),
    Rule(
        "abbreviation before a code",
        re.compile(r"(?<![\w.])(?P<word>[Tt]el\.|[Rr]ef\.)(?=\ ?[+(]?\d)"),
        lambda match: _WHOLE[match["word"]],
    ),
)
