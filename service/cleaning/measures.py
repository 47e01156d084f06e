"""What can be measured on a line by itself, each measure with a name.

No measure is a verdict: `service.cleaning.judge` weighs them together with what stands
around the line.  All are structure and common words; none is the wording of one site.
"""

import re
from collections.abc import Callable, Mapping
from math import log1p

from service.cleaning.lines import Line

_PROSE = 12
"""Words from which a line that ends as a sentence is a paragraph."""

LONGEST_LINE = 4000
"""Code points of the longest line that is searched for patterns."""

_DATED = 8
"""Words below which a line with a date is a line of a date."""

_PICTURED = 40
"""Words below which a scene may be a caption."""

_LONGEST = 80
"""Words beyond which a line is simply long."""

_STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "more",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "our",
        "out",
        "over",
        "said",
        "she",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "to",
        "up",
        "was",
        "we",
        "were",
        "what",
        "when",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
    ]
)
"""The commonest words of English: sentences are full of them, labels are not."""

_TELLING = frozenset(
    [
        "according",
        "added",
        "announced",
        "asked",
        "explained",
        "said",
        "says",
        "told",
        "wrote",
    ]
)
_PERSONS = frozenset(
    [
        "he",
        "her",
        "him",
        "his",
        "i",
        "it",
        "my",
        "our",
        "she",
        "their",
        "them",
        "they",
        "us",
        "we",
    ]
)
_ADDRESSED = frozenset(
    [
        "click",
        "free",
        "get",
        "here",
        "newsletter",
        "our",
        "sign",
        "subscribe",
        "us",
        "we",
        "you",
        "your",
    ]
)


def _any_of(*wordings: str, start: str = r"\b") -> re.Pattern[str]:
    """Any of these wordings, as whole words of lowered text.

    Lowered, because a pattern that ignores case is tried at every letter.
    """
    return re.compile(f"{start}(?:{'|'.join(wordings)})\\b")


_CAPTION = _any_of(
    "centre",
    "center",
    "courtesy",
    "credit",
    "during",
    "file photo",
    "illustration",
    "image",
    "left",
    "looks? on",
    "photo",
    "photograph",
    "pictured",
    "poses?",
    "right",
    "seen here",
    "video",
)
_COMMENT = re.compile(
    r"\b(?:says?:$|wrote:$|reply|replies|comments?|upvote|[ap]m$"
    r"|\d+ (?:minute|hour|day|week|month|year)s? ago)\b"
)
_PERSON_IS = re.compile(
    r"^(?:[A-Z][\w.'’-]+ ){1,4}(?:\([^)]*\) )?"
    r"(?:is|was|has|covers|writes|joined|reports|serves|works|can be)\b"
)
_PROFESSION = _any_of(
    "analyst",
    "author",
    "columnist",
    "contributed",
    "contributor",
    "correspondent",
    "covering",
    "covers",
    "editor",
    "fellow",
    "follow (?:her|him|them)",
    "freelance",
    "journalist",
    "producer",
    "professor",
    "reporter",
    "staff",
    "writer",
)
_PROMPT = _any_of(
    "access",
    "account",
    r"advertis\w+",
    "click",
    "cookies?",
    r"donat\w+",
    "download",
    "email",
    "exclusive",
    "follow us",
    "free trial",
    "inbox",
    "join (?:us|the)",
    "log ?in",
    r"member\w*",
    "newsletter",
    "our (?:journalism|mission|newsroom|readers?|team)",
    "podcast",
    "privacy",
    "register",
    "sign up",
    r"subscri\w+",
    "support (?:local|our|us)",
    "terms",
    "unlimited",
)
PROMPTS = _any_of(
    "affiliate links?",
    "at your fingertips",
    "breaking news (?:alerts?|emails?)",
    "click here",
    "commenting",
    "comments? (?:below|section)",
    "contact us",
    "cookie policy",
    r"donat\w+",
    "download (?:our|the)",
    "e-?mail (?:address|me|us)",
    "e-?paper",
    "follow (?:her|him|me|them|us) on",
    "free trial",
    "get (?:breaking|our)",
    "in(?:to)? your inbox",
    "log ?in",
    r"moderat\w+",
    "newsletters?",
    "opt[- ]?(?:in|out)",
    "our app",
    "our (?:cookie|mission|newsroom|privacy|terms)",
    "our (?:journalism|readers?|reporting|supporters)",
    "read our",
    "sign(?:ed|ing)? up",
    "sister site",
    "spam",
    "stay up to date",
    r"subscri\w+",
    "support (?:independent|local|our|us)",
    "unlimited (?:digital )?access",
    "unsubscribe",
    "your (?:account|email|inbox)",
)
"""What a reader is asked to do for a publisher."""

_OPENS_A_BOX = _any_of(
    "about",
    "additional",
    r"advertis\w*",
    "also",
    "below",
    "click",
    "contact",
    "copyright",
    "credit",
    "download",
    "e-?mail",
    "editor'?s? note",
    "file",
    "filed under",
    "follow",
    "get",
    "graphic",
    "help",
    "image",
    "join",
    "left",
    "like",
    "more",
    "note",
    r"on [\w.]+\.com",
    "originally",
    r"photo\w*",
    r"picture\w*",
    "promoted",
    "read",
    "related",
    "reporting by",
    "right",
    "see also",
    "share",
    "sign",
    "source",
    r"sponsor\w*",
    "subscribe",
    "support",
    "tags?",
    "this (?:article|piece|post|story)",
    "top",
    "topics?",
    "video",
    "want",
    "watch",
    "with (?:files|post|reporting)",
    start="^",
)
_SCENE = re.compile(
    r"^(?:an? |the |this )?(?:[\w'’-]+ ){0,6}?"
    r"(?:arrives?|attends?|celebrates?|gestures?"
    r"|holds?|looks?|performs?|pictured|poses?|reacts?|seen|shows?|sits?|smiles?"
    r"|speaking|speaks?|stands?|walks?|waves?)\b"
)
_DATE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d")
_CREDIT_AT_END = re.compile(r"\((?:[A-Z][\w.&'’/-]*[ /]?){1,6}\)\.?$|\($")
_NAME_AT_END = re.compile(r"[.!?][\"”’]? ?(?:[A-Z][\w.'’-]+[ /]){1,4}[A-Z][\w.'’-]+$")
_QUOTES = '"“”'
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AMOUNT = re.compile(r"[$£€]\d")
_ADDRESS = re.compile(r"@|https?:|www\.|\.com\b")


def _share(line: Line, words: frozenset[str]) -> float:
    return sum(word in words for word in line.words) / max(1, len(line.words))


def _capitals(line: Line, longer_than: int = 0) -> float:
    words = [t for t in line.tokens if t[0].isalpha() and len(t) > longer_than]
    return sum(word[0].isupper() for word in words) / max(1, len(words))


def _digits(line: Line) -> float:
    return sum(map(str.isdigit, line.text)) / max(1, len(line.text))


def _found(pattern: re.Pattern[str]) -> Callable[[Line], float]:
    return lambda line: float(pattern.search(_read(line)) is not None)


def _says(pattern: re.Pattern[str]) -> Callable[[Line], float]:
    return lambda line: float(pattern.search(_read_lowered(line)) is not None)


def _count(pattern: re.Pattern[str], most: int) -> Callable[[Line], float]:
    return lambda line: float(min(most, len(pattern.findall(_read_lowered(line)))))


# Patterns look at paragraphs; a giant line is no paragraph and would hold them up.


def _read(line: Line) -> str:
    return line.text if len(line.text) <= LONGEST_LINE else ""


def _read_lowered(line: Line) -> str:
    return line.lowered if len(line.text) <= LONGEST_LINE else ""


MEASURES: Mapping[str, Callable[[Line], float]] = {
    "address": _found(_ADDRESS),
    "amount": _found(_AMOUNT),
    "capitals": _capitals,
    "caption-words": _count(_CAPTION, 3),
    "commas": lambda line: line.text.count(",") / max(1, len(line.words)),
    "comment-words": _says(_COMMENT),
    "credit-at-end": _found(_CREDIT_AT_END),
    "date-alone": lambda line: float(
        line.size < _DATED and bool(_DATE.search(_read_lowered(line)))
    ),
    "digits": _digits,
    "ellipsis": lambda line: float(line.text.endswith(("...", "…"))),
    "ends": lambda line: float(line.ends),
    "ends-long": lambda line: float(line.ends and line.size >= 2 * _PROSE),
    "ends-prose": lambda line: float(line.ends and line.size >= _PROSE),
    "ends-short": lambda line: float(line.ends and line.size < _PROSE),
    "exclaims": lambda line: float("!" in line.text),
    "leads": lambda line: float(line.text.endswith(":")),
    "length": lambda line: log1p(len(line.text)),
    "listed": lambda line: float(line.listed),
    "loud": lambda line: float(line.text.isupper()),
    "lower-start": lambda line: float(line.text[:1].islower()),
    "name-at-end": _found(_NAME_AT_END),
    "number-start": lambda line: float(line.text[:1].isdigit()),
    "opens-a-box": _says(_OPENS_A_BOX),
    "persons": lambda line: float(not _PERSONS.isdisjoint(line.words)),
    "person-is": _found(_PERSON_IS),
    "profession": _count(_PROFESSION, 3),
    "profession-of-person": lambda line: float(
        bool(_PERSON_IS.match(_read(line)) and _PROFESSION.search(_read_lowered(line)))
    ),
    "prompt": _count(_PROMPT, 4),
    "prompt-share": lambda line: (
        len(_PROMPT.findall(_read_lowered(line))) / max(5, line.size)
    ),
    "prompts": _count(PROMPTS, 3),
    "question": lambda line: float(line.text.endswith("?")),
    "quote": lambda line: float(any(mark in line.text for mark in _QUOTES)),
    "quote-start": lambda line: float(line.text[:1] in "\"'“‘"),
    "round": lambda line: float("(" in line.text),
    "round-all": lambda line: float(line.text[:1] == "(" and line.text[-1:] == ")"),
    "scene": lambda line: float(
        line.size < _PICTURED and bool(_SCENE.match(_read_lowered(line)))
    ),
    "signs": lambda line: float(any(sign in line.text for sign in "|©»")),
    "size": lambda line: float(min(line.size, _LONGEST)),
    "size-log": lambda line: log1p(line.size),
    "stop-words": lambda line: _share(line, _STOP_WORDS),
    "telling": lambda line: float(not _TELLING.isdisjoint(line.words)),
    "title-case": lambda line: (
        0.0 if line.ends or line.size < 4 else _capitals(line, longer_than=3)  # noqa: PLR2004 - a headline's least
    ),
    "tiny": lambda line: float(line.size < 4),  # noqa: PLR2004 - a label
    "unended": lambda line: float(line.size >= 4 and not line.ends),  # noqa: PLR2004 - more than a label
    "year": _found(_YEAR),
    "you": lambda line: _share(line, _ADDRESSED),
}
"""Every measure by its name, sorted; none is negative."""


def stems(line: Line) -> frozenset[str]:
    """Return the line's telling words, cut to five letters so that forms meet."""
    return frozenset(
        word[:5]
        for word in line.words
        if len(word) >= 4 and word not in _STOP_WORDS  # noqa: PLR2004 - shorter say little
    )
