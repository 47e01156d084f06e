"""Phrases and patterns that the line features look for, in sorted groups.

Common words of English and of newspapers, seen on pages of many publishers; no phrase
is specific to one site.
"""

import re
from dataclasses import dataclass

PREFIX_LETTERS = 4
"""Letters of a word that are compared before a phrase is searched for."""


@dataclass(frozen=True, slots=True)
class PhraseGroup:
    """Phrases that count as one signal, matched as whole words of lowered text."""

    pattern: re.Pattern[str]
    prefixes: frozenset[str]
    """Prefixes of their first words: most lines of a page have none of them, and a
    set look-up is far cheaper than a search."""

    def count(self, lowered: str) -> int:
        """Count the phrases in lowered text."""
        return len(self.pattern.findall(lowered))


def _any_of(*phrases: str, start: str = r"\b") -> PhraseGroup:
    """Compile phrases that each begin with a word or `PREFIX_LETTERS` letters of one.

    The text is lowered because a pattern that ignores case is tried at every letter.
    """
    return PhraseGroup(
        re.compile(f"{start}(?:{'|'.join(phrases)})\\b"),
        frozenset(
            re.findall(r"^[a-z]+", phrase)[0][:PREFIX_LETTERS] for phrase in phrases
        ),
    )


CAPTION = _any_of(
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
COMMENT = PhraseGroup(
    re.compile(
        r"\b(?:reply|replies|comments?|upvote|[ap]m$"
        r"|\d+ (?:minute|hour|day|week|month|year)s? ago)\b"
    ),
    frozenset(["ago", "am", "comm", "pm", "repl", "upvo"]),
)
PERSON_IS = re.compile(
    r"^(?:[A-Z][\w.'’-]+ ){1,4}(?:\([^)]*\) )?"
    r"(?:is|was|has|covers|writes|joined|reports|serves|works|can be)\b"
)
PROFESSION = _any_of(
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
PROMPT_WORDS = _any_of(
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
    "log in",
    "login",
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
PROMPT_PHRASES = _any_of(
    "affiliate links?",
    "at your fingertips",
    "breaking news (?:alerts?|emails?)",
    "click here",
    "commenting",
    "comments? (?:below|section)",
    "contact us",
    "cookie policy",
    r"delivered (?:daily|every|to|week\w*)",
    r"donat\w+",
    "download (?:our|the)",
    "e-mail (?:address|me|us)",
    "email (?:address|me|us)",
    "e-paper",
    "epaper",
    "follow (?:her|him|me|them|us) on",
    "free trial",
    "get (?:breaking|our)",
    "in your inbox",
    "into your inbox",
    "keep up with",
    "log in",
    "login",
    r"moderat\w+",
    "newsletters?",
    "opt[- ](?:in|out)",
    "optin",
    "optout",
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
"""Calls to the reader: subscribe, donate, sign up, download."""

OPENS_BOX = _any_of(
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
    "e-mail",
    "email",
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
    "tag",
    "tags",
    "this (?:article|piece|post|story)",
    "top",
    "topics?",
    "video",
    "want",
    "watch",
    "with (?:files|post|reporting)",
    start="^",
)
SCENE = re.compile(
    r"^(?:an? |the |this )?(?:[\w'’-]+ ){0,6}?"
    r"(?:arrives?|attends?|celebrates?|gestures?"
    r"|holds?|looks?|performs?|pictured|poses?|reacts?|seen|shows?|sits?|smiles?"
    r"|speaking|speaks?|stands?|walks?|waves?)\b"
)
DATE = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d")
CREDIT_AT_END = re.compile(
    # Possessive, so that a long word is not divided in all ways.
    r"\([A-Z][\w.&'’/-]*+(?: [A-Z][\w.&'’/-]*+){0,5} ?\)\.?$|\($"
)
NAME_AT_END = re.compile(
    r"[.!?][\"”’]? ?(?:[A-Z][\w.'’-]{1,40}[ /]){1,4}[A-Z][\w.'’-]{1,40}$"
)
DIGIT = re.compile(r"\d")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
AMOUNT = re.compile(r"[$£€]\d")
WEB_ADDRESS = re.compile(r"@|https?:|www\.|\.com\b")
