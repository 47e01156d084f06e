"""Furniture that is known by its shape, whatever its words.

Each shape holds for a whole line of a copied page.  Prose that a publishing system
sends is not looked at: there, a paragraph may end in brackets.
"""

import re

from service.cleaning.classifier.line_features import LONGEST_LINE
from service.cleaning.classifier.phrases import PROMPTS
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule

_CAPTION = MarkerRule("caption-or-credit")
_RELATED = MarkerRule("related-line")
_PROMPT = MarkerRule("prompt")
_BIO = MarkerRule("bio")

_LONGEST = 80
"""Words of the longest caption that was seen."""

_SENTENCE = 4
"""Words that must stand before a credit, or the line is a label and not a caption."""

_CREDIT = 7
"""Words of the longest credit after a caption."""

_LOUD = 6
"""Words from which a line of capitals is the headline of another story; subheads in
capitals are shorter."""

_LAST = 3
"""Paragraphs at the end of an article among which its author is introduced."""

_GLUED = re.compile(
    r"[a-z.!?\"”)](?:Credit|Illustration|Image|Photo|Photograph|Picture)s?"
    r"(?: by|:)\s?\S"
)
_NAMED = re.compile(
    r"(?:photo\w*|image|picture|illustration|video|graphic)s?(?: credits?| by|:)"
    r"|credits?:|(?:pictured|above|left|right|top|below)(?: \w+)?: |pictured\b"
    r"|file (?:image|photo|picture)\b"
)
_OF_A_FILE = re.compile(r"\bthis\b.{0,40}\bfile (?:image|photo|picture)\b")
_DAY_OF_THE_PICTURE = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, "
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\w*\.? \d{1,2},"
    r" (?:19|20)\d\d\b"
)
"""Agencies date pictures so ("Tuesday, Nov. 19, 2019") and stories never."""

_CREDIT_ALONE = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,3}?[A-Z][\w.'’-]+ ?[,/|]? ?(?:for )?(?:The )?"
    r"(?:AAP|AFP|AP|Associated Press|Bloomberg|EPA|Getty(?: Images)?|PA|REUTERS|Reuters"
    r"|Shutterstock|TASS|Xinhua)(?:[ /][A-Z][\w. ]*)?"
)

_WORD = r"(?:[A-Z][\w.'’-]*|and|&|by|for|of|the|via)"
_AFTER_SENTENCE = re.compile(
    rf"(?P<sentence>.*[.!?][\"”’]?) ?"
    rf"\(?(?P<credit>(?:{_WORD}[ /,|-]+){{0,6}}{_WORD})\)?"
)
_IN_BRACKETS = re.compile(
    r"(?P<sentence>.*)\((?P<credit>[^()]*\b(?:AAP|AFP|AP|Courtesy|Credit|EPA|Getty|Handout"
    r"|Image|NASA|PA|Photo\w*|REUTERS|Reuters|Shutterstock|Supplied|Unsplash|iStock)\b[^()]*"
    r"|[A-Z][\w.&'’-]*(?:[/ ][A-Z][\w.&'’-]*){0,4})\)\.?"
)
_ON_ANOTHER_SITE = re.compile(
    r"^(?:Also on|From|More from|More on|On|Read more at) \w[\w.]*"
    r"\.(?:co\.\w+|com|net|org): ?\S",
    re.IGNORECASE,
)
_ADDRESSED = frozenset({"me", "our", "us", "we", "you", "your"})
_TOLD = re.compile(r"[\"“”]|\b(?:said|says|told|wrote)\b")

_AUTHOR = re.compile(
    r"^(?:[A-Z][\w.'’-]+,? (?:[A-Z][\w.'’-]*,? |(?:al|bin|de|van|von) ){0,3})"
    r"(?:\([^)]*\),? )?"
    r"(?:can be|covers|has (?:been|covered|worked|written)|is|joined|reports|serves"
    r"|started|was|writes)\b.*\b(?i:analyst|author|columnist|contributor|correspondent"
    r"|covering|covers?|director|editor|faculty|fellow|founder|freelance\w*|journalist"
    r"|lecturer|physician|producer|professor|reporter|reporting|researcher|veteran"
    r"|writer|writes)\b"
)


def match_pattern(line: Line) -> MarkerRule | None:
    """Return the rule of a line whose shape says that it is furniture, or None."""
    if line.size > _LONGEST or len(line.text) > LONGEST_LINE:
        return None
    if _is_caption(line):
        return _CAPTION
    if _is_prompt(line):
        return _PROMPT
    if _ON_ANOTHER_SITE.match(line.text) or _is_loud_headline(line):
        return _RELATED
    return None


def introduces_author(line: Line) -> bool:
    """Whether the line, among the last of an article, says who wrote it."""
    return len(line.text) <= LONGEST_LINE and _AUTHOR.match(line.text) is not None


def authors_among(kept: list[Line]) -> dict[int, MarkerRule]:
    """Return the rule by place for what introduces the author at the end."""
    return {line.place: _BIO for line in kept[-_LAST:] if introduces_author(line)}


def _is_caption(line: Line) -> bool:
    text, lowered = line.text, line.lowered
    if text.endswith("(") or text.startswith("FILE"):
        return True
    if _NAMED.match(lowered) or _GLUED.search(text) or _CREDIT_ALONE.fullmatch(text):
        return True
    # To look for a plain word is many times faster than to look for a pattern with it.
    if "file" in lowered and _OF_A_FILE.search(lowered):
        return True
    if "day, " in text and _DAY_OF_THE_PICTURE.search(text):
        return True
    found = _IN_BRACKETS.fullmatch(text) if text.endswith((")", ").")) else None
    if found is None and not line.ends:
        found = _AFTER_SENTENCE.fullmatch(text)
    if found is None:
        return False
    sentence, credit = found["sentence"].split(), found["credit"]
    return (
        len(sentence) >= _SENTENCE
        and len(credit.split()) <= _CREDIT
        and not _abbreviates(credit, sentence)
    )


def _abbreviates(credit: str, words: list[str]) -> bool:
    """Whether it is letters of the words before it: "the World Bank Group (WBG)"."""
    letters = credit.removesuffix("s")
    initials = "".join([word[0] for word in words if word[0].isupper()])
    return len(letters) > 1 and letters in initials


def _is_prompt(line: Line) -> bool:
    # One such word stands in many a story; two, said to the reader, in none.
    return (
        not _ADDRESSED.isdisjoint(line.words)
        and PROMPTS.count(line.lowered) > 1
        and _TOLD.search(line.text) is None
    )


def _is_loud_headline(line: Line) -> bool:
    return line.size >= _LOUD and line.text.isupper() and not line.text.endswith(".")
