"""Addresses of the web: sites, mail, handles, hashtags."""

import re

from service.script.english.letters import letters
from service.script.english.numbers import digits
from service.script.spoken import Rule

_SIGNS = {
    "#": "hash",
    "%": "percent",
    "&": "and",
    "+": "plus",
    "-": "dash",
    ".": "dot",
    "/": "slash",
    ":": "colon",
    "=": "equals",
    "?": "question mark",
    "@": "at",
    "_": "underscore",
    "~": "tilde",
}
_ENDINGS = (
    "ai|app|au|biz|ca|co|com|cn|de|edu|eu|fr|gov|in|info|int|io|jp|me|mil|net|news|org|"
    "ru|sg|tv|uk|us"
)


def _spell(address: str) -> str:
    pieces = re.findall(r"[A-Za-z]+|\d+|[^\W\d_]+|[^A-Za-z\d]", address)
    return " ".join(filter(None, (_say_piece(piece) for piece in pieces)))


def _say_piece(piece: str) -> str:
    if piece.isdecimal():
        return digits(piece)
    if piece.isalpha():
        return letters(piece) if piece == "A" else piece
    return _SIGNS.get(piece, "")


def _say_site(match: re.Match[str]) -> str | None:
    site = re.sub(r"^(?i:https?://)?(?:www\.)?", "", match[0]).rstrip("/")
    return _spell(site) or None


def _say_tag(match: re.Match[str]) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+|[^\W\d_]", match["tag"])
    return "hashtag " + " ".join(
        digits(word) if word.isdecimal() else word for word in words
    )


WEB_RULES = (
    Rule(
        "mail",
        re.compile(r"(?<![\w.])[\w.+-]{1,64}@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+"),
        lambda match: _spell(match[0]),
    ),
    Rule(
        "site",
        re.compile(
            r"(?i:\bhttps?://|\bwww\.)[^\s<>\"()]*[^\s<>\"().,;:!?'…—]"
            rf"|(?<![\w@.])[A-Za-z][A-Za-z\d-]*(?:\.[A-Za-z\d-]+)*\.(?:{_ENDINGS})"
            r"(?:/[^\s<>\"()]*[^\s<>\"().,;:!?'…—])?(?![\w])"
        ),
        _say_site,
    ),
    Rule(
        "hashtag",
        re.compile(r"(?<![\w&])#(?P<tag>[^\W\d_]\w{0,60})"),
        _say_tag,
    ),
    Rule(
        "handle",
        re.compile(r"(?<![\w.])@(?P<handle>[A-Za-z]\w{0,30})"),
        lambda match: f"at {_spell(match['handle'])}",
    ),
)
