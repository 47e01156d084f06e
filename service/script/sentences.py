"""Split a paragraph into sentences."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter

import sentencex

from service.script.calendar import MONTH_NAMES, MONTHS, WEEKDAYS
from service.script.regex_alternation import alternation
from service.script.unreadable.footnotes import find_footnotes
from service.script.unreadable.long_tokens import TOKEN, is_long_code

Ranges = tuple[tuple[int, int], ...]
"""Starts and ends in code points, in order."""

MAX_SENTENCE_CHARACTERS = 400
"""Longer sentences are split; in code points, about half a minute of speech."""

_MAX_COMPARED_CHARACTERS = 300
"""Characters of a piece that show whether the next one belongs to it."""

_MIN_PIECE_CHARACTERS = 60
"""A sentence is not split closer to its start than this."""

_MONTHS = alternation({*MONTH_NAMES, *MONTHS})
_WEEKDAYS = alternation(set(WEEKDAYS.values()))

_FIRST_WORDS = (
    r"(?:A|After|All|And|Are|As|At|But|By|Can|Did|Do|Does|For|Had|Has|Have|He|Her|His"
    r"|How|However|I|If|In|Is|It|Its|Many|No|Not|Now|Of|Officials|On|One|Our|Police|She"
    r"|Since|So|Some|That|The|Their|Then|There|These|They|This|Those|To|Under|Was|We"
    r"|Were|What|When|Where|While|Who|Why|Will|With|You)\b(?!\.)"
)
"""Words that open a sentence after a single letter: "vitamin C. It helps"."""

_SPEECH_VERBS = (
    "add|added|adds|admitted|announced|answered|argued|asked|asking|asks|began|bellowed"
    "|called|chanted|continued|cried|declared|demanded|exclaimed|explained|goes|inquired"
    "|joked|laughed|muttered|pleaded|posted|quipped|read|recalled|reads|remarked|repeated"
    "|replied|responded|said|saying|says|screamed|shot|shouted|thought|told|tweeted"
    "|urged|wondered|wrote|yelled"
)

_FALSE_BOUNDARIES = (
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
            r"\b(?:Abp|Adm|Amb|Atty|Bp|Brig|Capt|Cmdr|Col|Cpl|Det|Drs?|Fr|Ft|Gen|Govs?|Hon|Hr|Insp|Lt"
            r"|Maj|Messrs|Mlle|Mmes?|Mrs?|Ms|Mt|Pfc|Pres|Prof|Pvt|Reps?|Rev|Sens?|Sgt|Spc|Sra|Srta|Supt"
            r"|def|vs|v)\.$"
        ),
        re.compile(r"[\"'“\u2018]?[A-Z]"),
    ),
    # A saint, not a street at the end of its sentence.
    (re.compile(r"\bSt\.$"), re.compile(rf"(?!{_FIRST_WORDS})[A-Z]")),
    # After a month, "No." or another abbreviation of that kind, before a number.
    (
        re.compile(
            rf"\b(?:{_MONTHS}|[Nn]os?|pp?|[Aa]rt|[Ss]ec|[Ff]ig|[Vv]ol|Ch|[Aa]pp|[Aa]pt"
            r"|Bk|Bldg|Blk|cl|[Ee]qs?|Ex|[Ff]l|Gp|Hwy|[Oo]p|[Pp]aras?|[Pp]ts?|[Rr]ef|[Rr]m"
            r"|Rte|[Ss]ect|Ste|[Tt]el|[Tt]emp)\.$"
        ),
        re.compile(r"[+(]?\d"),
    ),
    # After an abbreviation, before a Roman numeral.
    (
        re.compile(r"\b(?:App|Art|Ch|Fig|Mk|Op|Pt|Sec|[Vv]ols?)\.$"),
        re.compile(r"[IVXLC]+\b"),
    ),
    # A name that begins with a full stop.
    (re.compile(r"(?:^|\s)\.$"), re.compile(r"NET\b")),
    # After a short word that a number follows: "approx. 500", "7 lbs. 4 oz.".
    (
        re.compile(
            r"\b(?:[Aa]pprox|[Aa]vg|ca|[Ee]st|[Ee]xt|incl|[Mm]ax|[Mm]in)\.$"
            r"|\d\ ?(?:ft|gal|hrs?|in|lbs?|mins?|oz|pt|qt|yds?)\.$"
        ),
        re.compile(r"[$£€]?\d"),
    ),
    # After German millions, before the currency.
    (re.compile(r"\b(?:Mio|Mrd)\.$"), re.compile(r"[$£€]|[A-Z]{3}\b")),
    # A hyphen that touches a word joins: "Mon.-Sun.".
    (re.compile(r"\w\.$"), re.compile(r"[-\u2010-\u2013]\w")),
    # After an initial, before the rest of the name.
    (
        re.compile(r"(?:^|[\s(-])[A-HJ-Z]\.$"),
        re.compile(rf"(?!{_FIRST_WORDS})[A-Z]"),
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
"""The end of the text before and the start of the text after a false boundary.
Seen in agency and newspaper pages, in American and British style."""

_SPEECH_TAG = re.compile(
    r"[?!][\"'”\u2019]+\s+"
    rf"(?=(?!that\b|which\b|who\b)(?:[\w.'\u2019-]+\s+){{0,4}}?(?:{_SPEECH_VERBS})\b)"
)
"""A question or exclamation keeps its tone before the speaker: "Why?" she asked."""

_LISTS = (
    (
        re.compile(r"^\W*1[.)]+\s"),
        re.compile(r"\s(?=[•\u2043\u2023\u25E6*]?\s?\d{1,2}[.)]{1,2}\s+[A-Z])"),
    ),
    (re.compile(r"^\W*a[.)]+\s"), re.compile(r"\s(?=[b-h][.)]+\s+[A-Z])")),
    (re.compile(r"^[•\u2043\u2023\u25E6]"), re.compile(r"\s(?=[•\u2043\u2023\u25E6])")),
)
"""The start of a list inside a paragraph, and the boundary before its next item."""

_SURROGATES = re.compile(r"[\uD800-\uDFFF]")

_QUOTES_AND_BRACKETS = re.compile(
    r"[\"“”«»()]|[\u2018\u2019'](?!\w)|(?<!\w)[\u2018\u2019'](?=\w)"
)
"""The library ends no sentence inside quotes and brackets, but speakers do."""

_OPENING_QUOTE = re.compile(r"\s([\"“«(\u2018']+)\s*\Z")

_SPLIT_POINTS = (
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
"""Where a sentence that is too long may be split, the best places first."""


def split_sentences(
    paragraph: str, language: str = "en"
) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of every sentence, in code points.

    A sentence longer than `MAX_SENTENCE_CHARACTERS` is split at the end of a clause,
    else at a space, else anywhere but in a code.  Ranges are in order and do not
    overlap; only white space is between and around them.
    """
    pieces: list[tuple[int, int]] = []
    codes = _long_codes(paragraph)
    for start, end in _join(paragraph, language):
        pieces.extend(_split_long(paragraph, start, end, codes))
    return tuple(pieces)


def _join(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the library's sentences, joined at false boundaries."""
    sentence: tuple[int, int] | None = None
    certain = _certain_starts(paragraph)
    starts = sorted(certain | _likely_starts(paragraph, language))
    for start, end in pairwise([*starts, len(paragraph)]):
        piece = _strip(paragraph, start, end)
        if piece is None:
            continue
        if sentence and start not in certain and _belongs(paragraph, sentence, piece):
            sentence = sentence[0], piece[1]
            continue
        if sentence:
            yield sentence
        sentence = piece
    if sentence:
        yield sentence


def _likely_starts(paragraph: str, language: str) -> set[int]:
    """Return the sentence starts of the library, 0 among them."""
    # The library rejects lone surrogates; the replacement has the same length.
    readable = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", paragraph)
    notes = dict(find_footnotes(paragraph))
    readable = _blank(readable, notes)
    readable = _QUOTES_AND_BRACKETS.sub(" ", readable)
    primary = language.partition("-")[0].lower()
    starts = {0}
    for boundary in sentencex.get_sentence_boundaries(primary, readable):
        start = boundary["start_index"]
        # The number of a footnote belongs to the sentence before it.
        start = notes.get(start, start)
        # A quote that opens the next sentence is not the end of this one.
        opening = _OPENING_QUOTE.search(paragraph, max(0, start - 8), start)
        starts.add(opening.start(1) if opening else start)
    return starts


def _blank(text: str, ranges: dict[int, int]) -> str:
    """Return a text of the same length with spaces in the ranges."""
    characters = list(text)
    for start, end in ranges.items():
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _certain_starts(paragraph: str) -> set[int]:
    """Return the starts that are sentence starts after any text."""
    starts = {match.end() for match in _SPEECH_TAG.finditer(paragraph)}
    for first_item, item in _LISTS:
        if first_item.match(paragraph):
            starts |= {match.end() for match in item.finditer(paragraph)}
    return starts


def _belongs(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Return whether two consecutive pieces are one sentence."""
    start, end = first
    after = text[slice(*second)]
    # Of a long piece its end is enough, and it may grow to the whole paragraph.  The
    # letters before keep the end from matching as the beginning.
    before = (
        text[start:end]
        if end - start <= _MAX_COMPARED_CHARACTERS
        else f"xx{text[end - _MAX_COMPARED_CHARACTERS : end]}"
    )
    return any(
        end.search(before) and start.match(after) for end, start in _FALSE_BOUNDARIES
    )


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _split_long(
    text: str, start: int, end: int, codes: Ranges
) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE_CHARACTERS:
        code = _code_at(start + MAX_SENTENCE_CHARACTERS, codes)
        if code and end - start - (code[1] - code[0]) < MAX_SENTENCE_CHARACTERS:
            # Named in a few words, the code does not make the sentence long.
            break
        middle = _split_point(text, start, codes)
        piece, rest = _strip(text, start, middle), _strip(text, middle, end)
        if piece:
            yield piece
        if rest is None:
            return
        start, end = rest
    yield start, end


def _long_codes(text: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges of codes of letters and digits, in order."""
    return tuple(
        token.span()
        for token in TOKEN.finditer(text)
        if is_long_code(token[0]) and not token[0].isalpha()
    )


def _code_at(position: int, codes: Ranges) -> tuple[int, int] | None:
    """Return the range of the code that a position is in, if it is in one."""
    index = bisect_right(codes, position, key=itemgetter(0)) - 1
    if index >= 0 and codes[index][0] < position < codes[index][1]:
        return codes[index]
    return None


def _split_point(text: str, start: int, codes: Ranges) -> int:
    first, last = start + _MIN_PIECE_CHARACTERS, start + MAX_SENTENCE_CHARACTERS
    if code := _code_at(last, codes):
        return code[1]
    for pattern in _SPLIT_POINTS:
        places = [match.start() for match in pattern.finditer(text, first, last)]
        if places:
            return places[-1]
    return last
