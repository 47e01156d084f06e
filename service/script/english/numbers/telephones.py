"""Telephone and card numbers, read digit by digit."""

import re

from service.script.english.numbers.number_words import digits
from service.script.normalization import Rule

_GROUP = re.compile(r"\d+")
_TOLL_FREE = "800|833|844|855|866|877|888"
_HUNDREDS = "800"

_DIALLED = (
    r"\b(?i:call|calling|called|contact|dial|dialed|dialing|dialled|dialling|helpline|"
    r"hotline|lifeline|line|number|phone|phoned|phoning|ring|ringing|tel|telephone|text|"
    r"texting|WhatsApp)\b"
)
_BEFORE_SHORT = re.compile(rf"(?:{_DIALLED}|\breached (?:at|on|by))[^.;]{{0,25}}$")
_BEFORE_LOCAL = re.compile(rf"(?:{_DIALLED}|\breached\b)[^;]{{0,60}}$")
_EXTENSION = r"(?:,?\ ?(?P<extension>ext\b\.?|extension|x|\#)\ ?(?P<more>\d{1,6}))?"
_SHORT = "000|101|105|111|112|116 123|119|211|311|411|511|711|811|911|988|995|999"
"""Numbers of emergency and help lines in American, British and Asian pages."""

EMERGENCY = ("911", "988", "999")
"""Numbers that are also names of a call or a service: "a 911 call"."""

_COUNTED = re.compile(
    r"\b(?:about|all|almost|by|killed|nearly|of|over|page|roughly|some|than|the|total|with)"
    r"\ $"
)
_COUNT = re.compile(
    r"\ (?:people|men|women|children|points?|percent|per\ cent|million|were)\b"
)
_CALLED = (
    r"(?:call|caller|center|centre|dispatch|dispatcher|line|operator|outage|recording"
    r"|response|service|system|tape|transcript)s?\b"
)


def _say_telephone(match: re.Match[str]) -> str:
    # "(0)" is dialled only inside the country.
    written = match["groups"].replace("(0)", " ")
    groups = [digits(group) for group in _GROUP.findall(written)]
    if re.match(rf"1[ -.]\(?{_HUNDREDS}\b", written):
        groups[:2] = ["one eight hundred"]
    said = ", ".join(groups)
    if match["more"]:
        said = f"{said}, extension {digits(match['more'])}"
    return f"plus {said}" if match["plus"] else said


def _say_vanity(match: re.Match[str]) -> str:
    area = "eight hundred" if match["area"] == _HUNDREDS else digits(match["area"])
    return f"one {area},"


def _say_local(match: re.Match[str]) -> str | None:
    before = match.string[: match.start()]
    if match["more"] or match["exchange"] == "555" or _BEFORE_LOCAL.search(before):
        said = f"{digits(match['exchange'])}, {digits(match['line'])}"
        more = match["more"]
        return f"{said}, extension {digits(more)}" if more else said
    return None


def _say_short(match: re.Match[str]) -> str | None:
    if not _BEFORE_SHORT.search(match.string[: match.start()]):
        return None
    return digits(match[0].replace(" ", ""))


def _say_groups(match: re.Match[str]) -> str:
    return ", ".join(digits(group) for group in _GROUP.findall(match[0]))


TELEPHONE_RULES = (
    Rule(
        "card number",
        re.compile(r"(?<![\w.,/-])\d{4}(?:[ -]\d{4}){3}(?![\w-])"),
        _say_groups,
    ),
    Rule(
        "telephone",
        re.compile(
            r"(?<![\w.,/$£€-])(?:(?P<plus>\+)\ ?(?=\d))?"
            r"(?P<groups>(?:\d{1,3}[ .-])?\(?\d{3}\)?[ .-]{0,2}\d{3}[.-]\d{4}"
            r"(?:-\d{1,5})?"
            r"|\(?0\d{1,4}\)?[ -]?\d{3,4}[ -]\d{3,4}"
            r"|\(?0\d{3,4}\)?[ -]\d{5,6}"
            r"|\(\d{2,3}\)\ ?\d{4}[ -]\d{4}"
            r"|(?<=\+)\d{1,3}(?:[ -]?\(0\)\ ?|[ -])\(?\d{1,5}\)?(?:[ -]\d{1,5}){1,4}"
            r"|(?<=\+\ )\d{1,3}(?:[ -]\d{1,5}){2,5}"
            rf"|(?<=\+)\d{{9,15}}){_EXTENSION}"
            r"(?![\w-]|[.,]\d)"
        ),
        _say_telephone,
    ),
    Rule(
        "telephone in letters",
        re.compile(rf"(?<![\w.-])1-(?P<area>{_TOLL_FREE})-(?=[A-Z\d]+\b)"),
        _say_vanity,
    ),
    Rule(
        "local telephone",
        re.compile(
            rf"(?<![\w.,/$£€-])(?!(?:19|20)\d\d-20)(?P<exchange>\d{{3,4}})[-.](?P<line>\d{{4}}){_EXTENSION}"
            r"(?![\w-]|[.,]\d|\ (?!and\b|or\b|for\b|to\b|if\b|with\b)[a-z])"
        ),
        _say_local,
    ),
    Rule(
        "short telephone",
        re.compile(rf"(?<![\w.,/$£€-])(?:{_SHORT}|\d{{5,6}})(?![\w%-]|[,.]\d)"),
        _say_short,
    ),
    Rule(
        "emergency call",
        re.compile(
            rf"(?<![\w.,$£€])(?:{'|'.join(EMERGENCY)})(?=[- ](?:emergency\ )?{_CALLED})"
        ),
        lambda match: digits(match[0]),
    ),
    Rule(
        "sports car",
        re.compile(r"(?<=\bPorsche\ )911(?![\w%]|[.,-]\d)"),
        lambda _: "nine eleven",
    ),
    Rule(
        "emergency number",
        re.compile(r"(?<![\w.,/$£€#-])911(?![\w%/-]|[.,]\d|\ [A-Za-z]{2,}[^s\W]s\b)"),
        lambda match: (
            digits(match[0])
            if not _COUNTED.search(match.string[: match.start()])
            and not _COUNT.match(match.string[match.end() :])
            else None
        ),
    ),
    Rule(
        "social security number",
        re.compile(r"(?<![\w.,/-])\d{3}-\d\d-\d{4}(?![\w-])"),
        _say_groups,
    ),
)
"""Seen in police notices, help boxes and small print, American, British and Asian."""
