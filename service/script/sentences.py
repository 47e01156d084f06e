"""Where a paragraph's sentences begin and end."""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from service.script.calendar import MONTH_NAMES, MONTHS, WEEKDAYS

LONGEST = 400
"""Code points that are said in one go, at most: about half a minute of speech."""

_SHORTEST_CUT = 60
"""A long sentence is not cut so near its beginning."""

_MONTHS = "|".join(sorted({*MONTH_NAMES, *MONTHS}, key=len, reverse=True))
_WEEKDAYS = "|".join(sorted(set(WEEKDAYS.values())))

_STARTS = (
    r"(?:A|After|All|And|Are|As|At|But|By|Can|Did|Do|Does|For|Had|Has|Have|He|Her|His"
    r"|How|However|I|If|In|Is|It|Its|Many|No|Not|Now|Of|Officials|On|One|Our|Police|She"
    r"|Since|So|Some|That|The|Their|Then|There|These|They|This|Those|To|Under|Was|We"
    r"|Were|What|When|Where|While|Who|Why|Will|With|You)\b(?!\.)"
)
"""Words that begin a sentence after a single letter: "vitamin C. It helps"."""

_SPEECH = (
    "add|added|adds|admitted|announced|answered|argued|asked|asking|asks|began|bellowed"
    "|called|chanted|continued|cried|declared|demanded|exclaimed|explained|goes|inquired"
    "|joked|laughed|muttered|pleaded|posted|quipped|read|recalled|reads|remarked|repeated"
    "|replied|responded|said|saying|says|screamed|shot|shouted|thought|told|tweeted"
    "|urged|wondered|wrote|yelled"
)

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
            r"|Maj|Messrs|Mrs?|Ms|Mt|Pfc|Pres|Prof|Pvt|Reps?|Rev|Sens?|Sgt|Spc|Supt"
            r"|def|vs|v)\.$"
        ),
        re.compile(r"[\"'“\u2018]?[A-Z]"),
    ),
    # A saint, not a street at the end of its sentence.
    (re.compile(r"\bSt\.$"), re.compile(rf"(?!{_STARTS})[A-Z]")),
    # After a month or "No.", before a number.
    (
        re.compile(rf"\b(?:{_MONTHS}|[Nn]os?|pp?|[Aa]rt|[Ss]ec|[Ff]ig|[Vv]ol|Ch)\.$"),
        re.compile(r"\d"),
    ),
    # After a short word that a number follows: "approx. 500", "7 lbs. 4 oz.".
    (
        re.compile(
            r"\b(?:[Aa]pprox|[Aa]vg|ca|[Ee]st|[Ee]xt|incl|[Mm]ax|[Mm]in)\.$"
            r"|\d\ ?(?:ft|gal|hrs?|in|lbs?|mins?|oz|pt|qt|yds?)\.$"
        ),
        re.compile(r"[$£€]?\d"),
    ),
    # A hyphen that touches a word joins: "Mon.-Sun.".
    (re.compile(r"\w\.$"), re.compile(r"[-\u2010-\u2013]\w")),
    # After an initial, before the rest of the name.
    (
        re.compile(r"(?:^|[\s(-])[A-HJ-Z]\.$"),
        re.compile(rf"(?!{_STARTS})[A-Z]"),
    ),
    # After words left out of a quotation, before its source.
    (re.compile(r"\[(?:\.\.\.|…)\][\"”]*$"), re.compile(r"\(")),
    # After the number of an item in a list.
    (re.compile(r"^\W*(?:\d{1,3}|[A-Za-z])[.)]+$"), re.compile(r"\S")),
    # A full stop or a quote's end before lower case does not end a sentence.
    (
        re.compile(r"[.…][\"'”\u2019)\]]*$|[?!][\"'”\u2019)\]]+$"),
        re.compile(r"[\"'“\u2018(]?[a-z]"),
    ),
    # An agency in brackets is part of a dateline.
    (
        re.compile(r"^[A-Z][A-Z .'-]+(?:, [A-Z][\w. ]{0,30})?(?:, [\w. ]{1,12})?$"),
        re.compile(r"\(|[-\u2013—]"),
    ),
    # A name that ends in an exclamation mark.
    (re.compile(r"\b(?:Jeopardy|Oklahoma|Yahoo|Yum)!$"), re.compile(r"\S")),
)
"""What ends the piece before and what begins the piece after a boundary that is none.
Seen in copies of agency and newspaper pages, in American and British style."""

_UTTERED = re.compile(
    r"[?!][\"'”\u2019]+\s+"
    rf"(?=(?!that\b|which\b|who\b)(?:[\w.'\u2019-]+\s+){{0,4}}?(?:{_SPEECH})\b)"
)
"""A question or a cry keeps its tone before who uttered it: "Why?" she asked."""

_LISTS = (
    (
        re.compile(r"^\W*1[.)]+\s"),
        re.compile(r"\s(?=[•\u2043\u2023\u25E6*]?\s?\d{1,2}[.)]{1,2}\s+[A-Z])"),
    ),
    (re.compile(r"^\W*a[.)]+\s"), re.compile(r"\s(?=[b-h][.)]+\s+[A-Z])")),
    (re.compile(r"^[•\u2043\u2023\u25E6]"), re.compile(r"\s(?=[•\u2043\u2023\u25E6])")),
)
"""How a list in one paragraph begins, and where its next item does."""

_UNREADABLE = re.compile(r"[\uD800-\uDFFF]")

_ENCLOSING = re.compile(
    r"[\"“”«»()]|[\u2018\u2019'](?!\w)|(?<!\w)[\u2018\u2019'](?=\w)"
)
"""Quotes and brackets: the library ends no sentence between them, speakers do."""

_OPENING = re.compile(r"\s([\"“«(\u2018']+)\s*\Z")

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
    begun: tuple[int, int] | None = None
    sure = _sure_starts(paragraph)
    starts = sorted(sure | _likely_starts(paragraph, language))
    for start, end in pairwise([*starts, len(paragraph)]):
        found = _trimmed(paragraph, start, end)
        if found is None:
            continue
        if begun and start not in sure and _belongs(paragraph, begun, found):
            begun = begun[0], found[1]
            continue
        if begun:
            yield begun
        begun = found
    if begun:
        yield begun


def _likely_starts(paragraph: str, language: str) -> set[int]:
    """Where the library begins sentences, 0 among them."""
    # The library takes no lone surrogates; stand-ins have the same length.
    readable = _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", paragraph)
    readable = _ENCLOSING.sub(" ", readable)
    primary = language.partition("-")[0].lower()
    starts = {0}
    for boundary in sentencex.get_sentence_boundaries(primary, readable):
        start = boundary["start_index"]
        # A quote that opens the next sentence is not the end of this one.
        opening = _OPENING.search(paragraph, max(0, start - 8), start)
        starts.add(opening.start(1) if opening else start)
    return starts


def _sure_starts(paragraph: str) -> set[int]:
    """Where a sentence begins whatever stands before it."""
    starts = {match.end() for match in _UTTERED.finditer(paragraph)}
    for begins, item in _LISTS:
        if begins.match(paragraph):
            starts |= {match.end() for match in item.finditer(paragraph)}
    return starts


def _belongs(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Tell whether two pieces that follow each other are one sentence."""
    before, after = text[slice(*first)], text[slice(*second)]
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
