"""Web addresses: sites, mail, files, handles, hashtags.

Alone on its line an address is read in full, sign by sign; in a sentence only the
host and a short path are read.
"""

import re

from service.script.english.names.initialisms import is_spelt, letters
from service.script.english.numbers.number_words import digits, number, year
from service.script.normalization import Rule

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
    "ai|app|au|biz|blog|br|ca|ch|cn|co|com|de|dev|edu|es|eu|fr|gov|hk|ie|il|in|info|int"
    "|io|jp|ke|kr|me|mil|mx|museum|net|news|ng|nl|nz|online|org|pl|pt|ru|se|sg|shop|tv"
    "|tw|ua|uk|us|xyz|za"
)
"""Top-level domains of sites without "www"; "it" and "no" are words."""

_FILES = (
    "avi|csv|doc|docx|exe|gif|htm|html|jpeg|jpg|js|json|mov|mp3|mp4|pdf|php|png|ppt|py"
    "|txt|wav|xls|xlsx|xml|zip"
)
_SPOKEN = {
    "co": "co",
    "jpg": "JPEG",
    "mp3": "M.P three",
    "nato": "NATO",
    "nasa": "NASA",
}
_INITIALISMS = (
    "api|cia|eia|epa|fda|iaea|icc|ihs|ilo|imf|irs|nyc|oas|sec|uae|un|usa|usda"
)
"""Sites whose name would be read as a word.  Seen in agency pages."""

_COUNTRY_LETTERS = 2
"""A top-level domain of two letters is a country and is spelt: "dot D.E"."""

_MAX_PATH_CHARACTERS = 24
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHOLE_NUMBER = re.compile(r"[1-9]\d?0{2,3}")


def _spell(address: str) -> str:
    pieces = re.findall(r"[A-Za-z]+|\d+|[^\W\d_]+|[^A-Za-z\d]", address)
    return " ".join(filter(None, (_say_piece(piece) for piece in pieces)))


def _say_piece(piece: str) -> str:
    if piece.isdecimal():
        return number(piece) if _WHOLE_NUMBER.fullmatch(piece) else digits(piece)
    if not piece.isalpha():
        return _SIGNS.get(piece, "")
    if piece.lower() in _SPOKEN:
        return _SPOKEN[piece.lower()]
    if piece == "A" or re.fullmatch(_INITIALISMS, piece.lower()):
        return letters(piece.upper())
    return piece


def _say_host(host: str) -> str:
    """Return the words of a host; the country at its end is spelt."""
    head, dot, ending = host.rpartition(".")
    if not dot or len(ending) != _COUNTRY_LETTERS or ending in _SPOKEN:
        return _spell(host)
    return f"{_spell(head)} dot {letters(ending.upper())}"


def _is_alone(match: re.Match[str]) -> bool:
    return not match.string[: match.start()].strip() and not match.string[
        match.end() :
    ].strip(" .")


def _say_site(match: re.Match[str]) -> str | None:
    scheme, host, path = (match[name] or "" for name in ("scheme", "host", "path"))
    if _is_alone(match):
        said = f"{letters(scheme[:-3].upper())} colon slash slash" if scheme else ""
        www = "W.W.W dot" if match["www"] else ""
        return " ".join(f"{said} {www} {_say_host(host)} {_spell(path)}".split())
    path = path.rstrip("/")
    if len(path) > _MAX_PATH_CHARACTERS or re.search(r"[?=%&]|\d{5}", path):
        path = ""
    return f"{_say_host(host)} {_spell(path)}".rstrip() or None


def _say_mail(match: re.Match[str]) -> str:
    return (
        f"{_spell(match['name'])} at {_say_host(match['host'])}"
        f" {_spell(match['path'] or '')}"
    ).rstrip()


def _words_of_tag(tag: str) -> str:
    words = re.findall(
        r"[A-Z]+(?=s\b|[A-Z][a-z]|[\d_]|$)|[A-Z]?[^\W\d_A-Z]+|\d+|[^\W\d_]", tag
    )
    return " ".join(_say_word_of_tag(word) for word in words)


def _say_word_of_tag(word: str) -> str:
    if word.isdecimal():
        return year(word) if _YEAR.fullmatch(word) else number(word)
    return (
        letters(word) if word.isupper() and word.isascii() and is_spelt(word) else word
    )


def _say_handle(handle: str) -> str:
    return " underscore ".join(_words_of_tag(word) for word in handle.split("_"))


def _say_network_address(match: re.Match[str]) -> str:
    said = " dot ".join(number(piece) for piece in match["address"].split("."))
    return f"{said} colon {number(match['port'])}" if match["port"] else said


_NAMED = re.compile(r"\bhashtags?\W+$", re.IGNORECASE)
"""Words that already name the sign: "the hashtag #Example"."""

_NO_SPACE = r"[^\s<>\"()]*[^\s<>\"().,;:!?'…—]"
_LABEL = r"[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?"

WEB_RULES = (
    Rule(
        "mail",
        re.compile(
            r"(?<![\w.])(?P<name>[A-Za-z\d][\w.+-]{0,63})"
            rf"@(?P<host>{_LABEL}(?:\.{_LABEL})+)(?P<path>(?:/[\w-]+)*)"
        ),
        _say_mail,
    ),
    Rule(
        "file of a machine",
        re.compile(rf"\b(?P<scheme>file)://(?P<path>{_NO_SPACE})"),
        lambda match: f"file colon slash slash {_spell(match['path'])}",
    ),
    Rule(
        "network address",
        re.compile(
            r"(?<![\w.])(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?::(?P<port>\d{1,5}))?"
            r"(?![\w]|\.\d)"
        ),
        _say_network_address,
    ),
    Rule(
        "site",
        re.compile(
            rf"(?:(?<!\w)(?P<scheme>(?i:https?|ftp)://)|(?<![\w@.-])(?=(?i:www)\.))"
            rf"(?P<www>(?i:www)\.)?(?P<host>{_LABEL}(?:\.{_LABEL})*(?::\d+)?)"
            rf"(?P<path>/(?:{_NO_SPACE}/?)?|(?=[^/\w]|\Z))"
        ),
        _say_site,
    ),
    Rule(
        "bare site",
        re.compile(
            r"(?<![\w@.])(?P<scheme>)(?P<www>)"
            rf"(?P<host>[A-Za-z\d][A-Za-z\d-]*(?:\.[A-Za-z\d-]+)*\.(?:{_ENDINGS}))"
            rf"(?P<path>/(?:{_NO_SPACE}/?)?)?(?![\w])"
        ),
        _say_site,
    ),
    Rule(
        "file",
        re.compile(rf"(?<![\w@.])[A-Za-z][\w-]*\.(?:{_FILES})(?![\w])"),
        lambda match: _spell(match[0]),
    ),
    Rule(
        "name with dots",
        re.compile(r"\A(?P<name>[a-z][a-z\d-]+(?:\.[a-z]{2,10}){1,3})\.?\Z"),
        lambda match: _spell(match["name"]),
    ),
    Rule(
        "forum",
        re.compile(r"(?<![\w/.])/?(?P<kind>[ru])/(?P<name>[A-Za-z]\w{2,30})(?![\w/])"),
        lambda match: f"{match['kind'].upper()} slash {_say_handle(match['name'])}",
    ),
    Rule(
        "hashtag",
        re.compile(r"(?<![\w&])#(?P<tag>[^\W\d_]\w{0,60}|\d+[^\W\d_]\w{0,60})"),
        lambda match: (
            _words_of_tag(match["tag"])
            if _NAMED.search(match.string[: match.start()])
            else f"hashtag {_words_of_tag(match['tag'])}"
        ),
    ),
    Rule(
        "handle",
        re.compile(r"(?<![\w.])@(?P<handle>[A-Za-z]\w{0,30})"),
        lambda match: f"at {_say_handle(match['handle'])}",
    ),
)
