"""Find the numbers of footnotes that touch a word: "grew.[3] It", "left.1 She"."""

import re
from collections.abc import Iterator

_SUPERSCRIPTS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
_NO_FOOTNOTE = re.compile(
    "app|apr|approx|apt|art|aug|avg|bk|ca|ch|cl|dec|def|eq|est|ex|ext|feb|fig"
    "|figs|fl|ft|hwy|inc|jan|jul|jun|kr|lb|lbs|ltd|mar|max|may|min|mk|mr|mrs|mt"
    "|no|nos|nov|oct|op|pp|para|paras|phase|pt|pts|re|ref|rm|rs|rte|sec|sect"
    "|sep|sept|st|temp|tel|ver|vol|vols|vs"
)
"""Words whose full stop is followed by a number of their own: "vol.2"."""

NOTE = (
    r"(?<=[\w.,;:!?\"'”\u2019)])"
    r"(?:\[(?:\d{1,3}|[a-z]|citation\ needed|note\ \d{1,2})\]"
    rf"|(?<=[.,;:!?\"”\u2019)])[{_SUPERSCRIPTS}]{{1,3}})"
)
"""A reference in brackets, or raised behind a mark."""

_GLUED = (
    r"(?:(?<=[^\W\d_][^\W\d_][.,!?])|(?<=[^\W\d_][\"”\u2019][.,])"
    r"|(?<=[^\W\d_][.,!?][\"”\u2019]))"
    r"\d{1,3}(?=\s+[\"“\u2018(]?[^\W\d_]|\s*\Z)"
)
_PATTERN = re.compile(rf"{NOTE}|(?P<glued>{_GLUED})")
_WORD = re.compile(r"([^\W\d_]+)\W{1,2}$")
_MAX_WORD_CHARACTERS = 40


def find_footnotes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of references to footnotes, which are not read."""
    for match in _PATTERN.finditer(text):
        if not match["glued"] or _is_footnote(text, match):
            yield match.span()


def _is_footnote(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    word = _WORD.search(text[max(0, start - _MAX_WORD_CHARACTERS) : start])
    if word is None:
        return False
    if word[0].endswith((f"{word[1]}.", ",")) and _NO_FOOTNOTE.fullmatch(
        word[1].lower()
    ):
        return False
    following = text[match.end() : match.end() + 9].lstrip()[:2].lstrip('"“\u2018(')
    ends = text[start - 1] != "," and text[start - 2 : start - 1] != ","
    # A sentence begins behind a full stop, and goes on behind a comma.
    return not following or following[0].isupper() == ends
