"""Recognise boilerplate by the pattern of a line, not by its words.

Each pattern applies to a whole line of a copied page.  Prose that a publishing system
sends is not tested: there, a paragraph may end in brackets.
"""

import re
from collections.abc import Container, Sequence

from service.cleaning.classifier.phrases import PROMPT_PHRASES
from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule
from service.cleaning.prose_score import is_prose

_CAPTION = MarkerRule("caption-or-credit")
_EMBED = MarkerRule("embed")
_FOLLOW = MarkerRule("follow")
_RELATED = MarkerRule("related-line")
_PROMPT = MarkerRule("prompt")
_BIO = MarkerRule("bio")

_MAX_CAPTION_WORDS = 80
"""Words of the longest caption that was seen."""

_MAX_SHAPED_CAPTION_WORDS = 40
"""Words of the longest line that is a caption only because a name ends it: a paragraph
may end with the name of its source."""

_MAX_PROMPT_WORDS = 60
"""Words of the longest call to the reader: an essay may use its words throughout."""

_MIN_CAPTION_WORDS = 4
"""Words before a credit from which the line is a caption, not a label."""

_MAX_CREDIT_WORDS = 7
"""Words of the longest credit after a caption."""

_MIN_CAPITALS_WORDS = 6
"""Words from which a line in capitals is the headline of another story."""

_MAX_CAPITALS_WORDS = 30
"""Words of the longest such headline; a longer line is a paragraph in capitals."""

_MAX_CREDIT_CHARACTERS = 300
"""Characters at the end of a line that are searched for a credit after a sentence."""

_MAX_SUBHEAD_WORDS = 7
"""Words of the longest subhead in capitals between two paragraphs."""

_AUTHOR_PARAGRAPHS = 3
"""Paragraphs at the end of an article that are searched for its author's biography."""

_GLUED_CREDIT = re.compile(
    r"[a-z.!?\"”)](?:Credit|Illustration|Image|Photo|Photograph|Picture)s?"
    r"(?: by|:)\s?\S"
)
_PICTURE_LABEL = re.compile(
    r"(?:photo\w*|image|picture|illustration|video|graphic)s?(?: credits?| by|:)"
    r"|credits?:|(?:above|below|bottom|centre|center|left|pictured|right|top)"
    r"(?:,? (?:and|centre|center|from|inset|left|picture|right|row|to)\b)*: |pictured\b"
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

# Possessive: a word has hyphens, which are also between words.
_WORD = r"(?:[A-Z][\w.'’-]*+|and|&|by|for|of|the|via)"
_AFTER_SENTENCE = re.compile(
    rf"(?P<sentence>.*[.!?][\"”’]?) ?"
    rf"\(?(?P<credit>(?:{_WORD}[ /,|-]++){{0,6}}{_WORD})\)?"
)
_IN_BRACKETS = re.compile(
    r"(?P<sentence>.*)\((?P<credit>[^()]*\b(?:AAP|AFP|AP|Courtesy|Credit|EPA|Getty|Handout"
    r"|Image|NASA|PA|Photo\w*|REUTERS|Reuters|Shutterstock|Supplied|Unsplash|iStock)\b[^()]*)"
    r"\)\.?"
)
_NAME_IN_BRACKETS = re.compile(
    r"(?P<sentence>[^()]*[.!?\w\"”’]) ?"
    r"\((?P<credit>[A-Z][\w.&'’-]*(?:[/ ][A-Z][\w.&'’-]*){0,4})\)"
)
"""Not before a full stop: "studied in Lyon (France)." is a sentence."""

_OTHER_SITE = re.compile(
    r"^(?:Also on|From|More from|More on|On|Read more at) \w[\w.]*"
    r"\.(?:co\.\w+|com|net|org): ?\S",
    re.IGNORECASE,
)
_OWN_PRONOUNS = frozenset({"our", "us", "we"})
_PROMPT_VERBS = frozenset(
    {
        "already",
        "become",
        "click",
        "don't",
        "download",
        "email",
        "follow",
        "get",
        "help",
        "join",
        "keep",
        "like",
        "log",
        "read",
        "receive",
        "register",
        "sign",
        "start",
        "stay",
        "subscribe",
        "support",
        "try",
        "unlock",
        "want",
        "you're",
    }
)
"""First words of calls to the reader."""

_NETWORK = re.compile(
    r"\b(?:bluesky|facebook|instagram|linkedin|mastodon|pinterest|reddit|snapchat"
    r"|telegram|threads|tiktok|twitter|whatsapp|x|youtube)\b"
)
_FOLLOW_VERBS = frozenset({"find", "follow", "join", "like"})
_MIN_NETWORKS = 2
"""Networks that a line names which asks the reader to follow the publisher."""

_POST_CREDIT = re.compile(
    r"(?:facebook|instagram|tiktok|twitter|x|youtube)(?: ?[:/] ?| )@\w[\w.]*",
    re.IGNORECASE,
)
_LOADING_NOTICE = re.compile(
    r"\bcontains? (?:content|a post|an embed\w*)\b.*\b(?:allow|loaded|permission)\b"
)
_QUOTATION = re.compile(r"[\"“”]|\b(?:said|says|told|wrote)\b")

_AUTHOR = re.compile(
    r"^(?:[A-Z][\w.'’-]+,? (?:[A-Z][\w.'’-]*,? |(?:al|bin|de|van|von) ){0,3})"
    r"(?:\([^)]*\),? )?"
    r"(?:can be|covers|has (?:been|covered|worked|written)|is|joined|reports|serves"
    r"|started|was|writes)\b.{0,100}?\b(?i:analyst|author|columnist|contributor|correspondent"
    r"|covering|covers?|director|editor|faculty|fellow|founder|freelance\w*|journalist"
    r"|lecturer|physician|producer|professor|reporter|reporting|researcher|veteran"
    r"|writer|writes)\b"
)
"""A name, and a profession soon after it: further on, it is another person's."""


def match_patterns(
    lines: Sequence[Line], known: Container[int]
) -> dict[int, MarkerRule]:
    """Return the rule by place of each line that matches a pattern.

    Args:
        lines: the page, in order.
        known: places of lines that are already cut.
    """
    rules: dict[int, MarkerRule] = {}
    for index, line in enumerate(lines):
        if line.place in known:
            continue
        rule = match_pattern(line)
        if rule is None and _is_loud_headline(line):
            beside = (*lines[max(0, index - 1) : index], *lines[index + 1 : index + 2])
            is_subhead = line.size <= _MAX_SUBHEAD_WORDS and all(
                is_prose(near) and near.place not in known for near in beside
            )
            rule = None if is_subhead else _RELATED
        if rule is not None:
            rules[line.place] = rule
    return rules


def match_pattern(line: Line) -> MarkerRule | None:
    """Return the rule whose pattern the line matches by itself, if any."""
    if line.size > _MAX_CAPTION_WORDS or not line.may_match_patterns:
        return None
    if _is_caption(line):
        return _CAPTION
    if _is_prompt(line):
        return _PROMPT
    if _asks_to_follow(line):
        return _FOLLOW
    if "contain" in line.lowered and _LOADING_NOTICE.search(line.lowered):
        return _EMBED
    return _RELATED if _OTHER_SITE.match(line.text) else None


def introduces_author(line: Line) -> bool:
    """Whether the line, among the last of an article, introduces its author."""
    return line.may_match_patterns and _AUTHOR.match(line.text) is not None


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
        or _POST_CREDIT.fullmatch(text)
    ):
        return True
    # Searching for a plain word is many times faster than for a pattern with it.
    if "file" in lowered and _FILE_PICTURE.search(lowered):
        return True
    if "day, " in text and _PICTURE_DATE.search(text):
        return True
    return _ends_with_credit(line)


def _ends_with_credit(line: Line) -> bool:
    text, match = line.text, None
    is_short = line.size <= _MAX_SHAPED_CAPTION_WORDS
    tail = max(0, len(text) - _MAX_CREDIT_CHARACTERS)
    if text.endswith((")", ").")):
        match = _IN_BRACKETS.fullmatch(text, tail)
        if match is None and is_short:
            match = _NAME_IN_BRACKETS.fullmatch(text)
    if match is None and is_short and not line.ends_sentence:
        match = _AFTER_SENTENCE.fullmatch(text, tail)
    if match is None:
        return False
    sentence, credit = text[: match.end("sentence")].split(), match["credit"]
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
    # Many a story has one such phrase, or two about what a reader may do elsewhere; a
    # publisher speaks of itself, or asks the reader to do something.
    is_own = not _OWN_PRONOUNS.isdisjoint(line.words)
    return (
        line.size <= _MAX_PROMPT_WORDS
        and (is_own or (bool(line.words) and line.words[0] in _PROMPT_VERBS))
        and not line.joins_statements
        and PROMPT_PHRASES.count(line.lowered) > 1
        and _QUOTATION.search(line.text) is None
    )


def _asks_to_follow(line: Line) -> bool:
    return (
        bool(line.words)
        and line.size <= _MAX_PROMPT_WORDS
        and line.words[0] in _FOLLOW_VERBS
        and len(set(_NETWORK.findall(line.lowered))) >= _MIN_NETWORKS
    )


def _is_loud_headline(line: Line) -> bool:
    return (
        _MIN_CAPITALS_WORDS <= line.size <= _MAX_CAPITALS_WORDS
        and line.text.isupper()
        and not line.text.endswith(".")
    )
