"""Where a paragraph's sentences begin and end."""

import re
from collections.abc import Iterator

import sentencex

LONGEST = 400
"""Code points that are said in one go, at most: about half a minute of speech."""

_SHORTEST_CUT = 60
"""A long sentence is not cut so near its beginning."""

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|"
    "December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"

_GLUE = (
    # After half a day: "at 7 p.m. Tuesday", "10 a.m. Eastern".
    (
        re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE),
        re.compile(
            rf"(?:{_WEEKDAYS}|{_MONTHS}|Eastern|Central|Pacific|[A-Z]{{2,4}})\b|\d"
        ),
    ),
    # After a title or rank, before a name.
    (
        re.compile(
            r"\b(?:Adm|Amb|Atty|Brig|Capt|Cmdr|Col|Cpl|Det|Drs?|Ft|Gen|Govs?|Hon|Insp|Lt"
            r"|Maj|Messrs|Mrs?|Ms|Mt|Pfc|Pres|Prof|Pvt|Reps?|Rev|Sens?|Sgt|Spc|St|Supt"
            r"|vs|v)\.$"
        ),
        re.compile(r"[\"'“\u2018]?[A-Z]"),
    ),
    # After a month or "No.", before a number.
    (re.compile(rf"\b(?:{_MONTHS}|Nos?|pp?|Art|Sec)\.$"), re.compile(r"\d")),
    # After an initial, before the rest of the name.
    (re.compile(r"(?:^|[\s(])[A-HJ-Z]\.$"), re.compile(r"[A-Z]")),
    # After the number of an item in a list.
    (re.compile(r"^\W*(?:\d{1,3}|[A-Za-z])[.)]$"), re.compile(r"\S")),
    # A full stop or a quote's end before lower case does not end a sentence.
    (
        re.compile(r"[.…][\"'”\u2019)\]]*$|[?!][\"'”\u2019)\]]+$"),
        re.compile(r"[\"'“\u2018(]?[a-z]"),
    ),
    # An agency in brackets is part of a dateline.
    (re.compile(r"^[A-Z][A-Z .'-]+$"), re.compile(r"\(|[-\u2013—]")),
)
"""What ends the piece before and what begins the piece after a boundary that is none.
Seen in copies of agency and newspaper pages, in American and British style."""

_UNREADABLE = re.compile(r"[\uD800-\uDFFF]")

_CUTS = (
    re.compile(r"(?<=[;:—\u2013])\s+|(?<=\s)-\s+"),
    re.compile(
        r"(?<=,)\s+(?=(?:although|and|as|because|but|including|or|saying|so|though|when"
        r"|where|which|while|who)\b)"
    ),
    re.compile(r"(?<=,)\s+(?!\d)"),
    re.compile(r"\s+(?=(?:and|because|but|or|that|which|while|who)\b)"),
    re.compile(r"(?<![\d.])\s+(?!\d)"),
    re.compile(r"\s+"),
)
"""Where a sentence that is too long may be cut, the best places first."""


def split_sentences(
    paragraph: str, language: str = "en"
) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of every sentence, in code points, without space around it.

    A sentence of more than `LONGEST` code points is cut at the end of a clause, else
    at a space, else anywhere, so nothing returned is longer.  Ranges are in order and
    do not overlap; what lies between them is white space.
    """
    pieces: list[tuple[int, int]] = []
    for start, end in _joined(paragraph, language):
        pieces.extend(_cut(paragraph, start, end))
    return tuple(pieces)


def _joined(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Sentences as the library sees them, joined where news text is no sentence end."""
    # The library takes no lone surrogates; the stand-in has the same length.
    readable = _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", paragraph)
    primary = language.partition("-")[0].lower()
    begun: tuple[int, int] | None = None
    for boundary in sentencex.get_sentence_boundaries(primary, readable):
        found = _trimmed(paragraph, boundary["start_index"], boundary["end_index"])
        if found is None:
            continue
        if begun and _belongs(paragraph[slice(*begun)], paragraph[slice(*found)]):
            begun = begun[0], found[1]
            continue
        if begun:
            yield begun
        begun = found
    if begun:
        yield begun


def _belongs(before: str, after: str) -> bool:
    return any(ends.search(before) and begins.match(after) for ends, begins in _GLUE)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        at = _cut_place(text, start)
        piece, rest = _trimmed(text, start, at), _trimmed(text, at, end)
        if piece:
            yield piece
        if rest is None:
            return
        start, end = rest
    yield start, end


def _cut_place(text: str, start: int) -> int:
    for cut in _CUTS:
        places = [
            match.start()
            for match in cut.finditer(text, start + _SHORTEST_CUT, start + LONGEST)
        ]
        if places:
            return places[-1]
    return start + LONGEST
