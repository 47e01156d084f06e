"""Recognise boilerplate by the pattern of a line, not by its words.

Each pattern applies to a whole line of a copied page.  Prose that a publishing system
sends is not tested: there, a paragraph may end in brackets.
"""

import re

from service.cleaning.classifier.line_features import MAX_PATTERN_CHARACTERS
from service.cleaning.classifier.phrases import PROMPT_PHRASES
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule

_CAPTION = MarkerRule("caption-or-credit")
_RELATED = MarkerRule("related-line")
_PROMPT = MarkerRule("prompt")
_BIO = MarkerRule("bio")

_MAX_CAPTION_WORDS = 80
"""Words of the longest caption that was seen."""

_MIN_CAPTION_WORDS = 4
"""Words before a credit from which the line is a caption, not a label."""

_MAX_CREDIT_WORDS = 7
"""Words of the longest credit after a caption."""

_MIN_CAPITALS_WORDS = 6
"""Words from which a line in capitals is the headline of another story; subheads in
capitals are shorter."""

_AUTHOR_PARAGRAPHS = 3
"""Paragraphs at the end of an article that are searched for its author's biography."""

_GLUED_CREDIT = re.compile(
    r"[a-z.!?\"”)](?:Credit|Illustration|Image|Photo|Photograph|Picture)s?"
    r"(?: by|:)\s?\S"
)
_PICTURE_LABEL = re.compile(
    r"(?:photo\w*|image|picture|illustration|video|graphic)s?(?: credits?| by|:)"
    r"|credits?:|(?:pictured|above|left|right|top|below)(?: \w+)?: |pictured\b"
    r"|file (?:image|photo|picture)\b"
)
_FILE_PICTURE = re.compile(r"\bthis\b.{0,40}\bfile (?:image|photo|picture)\b")
_PICTURE_DATE = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, "
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\w*\.? \d{1,2},"
    r" (?:19|20)\d\d\b"
)
"""Agencies date pictures like this ("Tuesday, Nov. 19, 2019"), stories never."""

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
_OTHER_SITE = re.compile(
    r"^(?:Also on|From|More from|More on|On|Read more at) \w[\w.]*"
    r"\.(?:co\.\w+|com|net|org): ?\S",
    re.IGNORECASE,
)
_ADDRESS_PRONOUNS = frozenset({"me", "our", "us", "we", "you", "your"})
_QUOTATION = re.compile(r"[\"“”]|\b(?:said|says|told|wrote)\b")

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
    """Return the rule whose pattern the line matches, if any."""
    if line.size > _MAX_CAPTION_WORDS or len(line.text) > MAX_PATTERN_CHARACTERS:
        return None
    if _is_caption(line):
        return _CAPTION
    if _is_prompt(line):
        return _PROMPT
    if _OTHER_SITE.match(line.text) or _is_loud_headline(line):
        return _RELATED
    return None


def introduces_author(line: Line) -> bool:
    """Whether the line, among the last of an article, introduces its author."""
    return (
        len(line.text) <= MAX_PATTERN_CHARACTERS
        and _AUTHOR.match(line.text) is not None
    )


def find_author_lines(kept: list[Line]) -> dict[int, MarkerRule]:
    """Return the rule by place of the last lines that introduce the author."""
    return {
        line.place: _BIO
        for line in kept[-_AUTHOR_PARAGRAPHS:]
        if introduces_author(line)
    }


def _is_caption(line: Line) -> bool:
    text, lowered = line.text, line.lowered
    if text.endswith("(") or text.startswith("FILE"):
        return True
    if (
        _PICTURE_LABEL.match(lowered)
        or _GLUED_CREDIT.search(text)
        or _CREDIT_ALONE.fullmatch(text)
    ):
        return True
    # Searching for a plain word is many times faster than for a pattern with it.
    if "file" in lowered and _FILE_PICTURE.search(lowered):
        return True
    if "day, " in text and _PICTURE_DATE.search(text):
        return True
    match = _IN_BRACKETS.fullmatch(text) if text.endswith((")", ").")) else None
    if match is None and not line.ends_sentence:
        match = _AFTER_SENTENCE.fullmatch(text)
    if match is None:
        return False
    sentence, credit = match["sentence"].split(), match["credit"]
    return (
        len(sentence) >= _MIN_CAPTION_WORDS
        and len(credit.split()) <= _MAX_CREDIT_WORDS
        and not _abbreviates(credit, sentence)
    )


def _abbreviates(credit: str, words: list[str]) -> bool:
    """Whether it has initials of the words before: "the World Bank Group (WBG)"."""
    letters = credit.removesuffix("s")
    initials = "".join([word[0] for word in words if word[0].isupper()])
    return len(letters) > 1 and letters in initials


def _is_prompt(line: Line) -> bool:
    # Many a story has one such phrase; none has two and addresses the reader.
    return (
        not _ADDRESS_PRONOUNS.isdisjoint(line.words)
        and PROMPT_PHRASES.count(line.lowered) > 1
        and _QUOTATION.search(line.text) is None
    )


def _is_loud_headline(line: Line) -> bool:
    return (
        line.size >= _MIN_CAPITALS_WORDS
        and line.text.isupper()
        and not line.text.endswith(".")
    )
