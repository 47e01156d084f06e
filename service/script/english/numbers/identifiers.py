"""Numbers of accounts, cards and codes, read digit by digit."""

import re

from service.script.english.names.initialisms import is_spelt, letters
from service.script.english.numbers.number_words import digits, number
from service.script.normalization import Rule

_CONTEXT = re.compile(
    r"\b(?:(?:a/c|acct\.?|account|badge|booking|case|confirmation|docket|inmate|licen[cs]e"
    r"|passport|phone|reference|routing|serial|tracking)\ (?:number|no\.?|\#)"
    r"|ABA:?|access\ code|area\ code|dialing\ code|ending\ (?:in|with)|IBAN:?|passcode"
    r"|PIN|pin\ code|VIN|postcode|ref\.?|reference|sort\ code|use\ code|zip\ code|ZIP)"
    r"(?:\ (?:is|was|of))?\ ?$",
    re.IGNORECASE,
)
"""Words before digits that are not an amount.  Seen in consumer and police pages."""

_BY_FOUR = re.compile(r".{1,4}")


def _say_letters(piece: str) -> str:
    word = piece.upper()
    return letters(word) if is_spelt(word) else word


def _say_characters(written: str) -> str:
    pieces = re.findall(r"\d+|[A-Z]+|[a-z]+", written)
    return " ".join(
        digits(piece) if piece.isdigit() else _say_letters(piece) for piece in pieces
    )


def _say_account(match: re.Match[str]) -> str:
    characters = re.sub(r"\W", "", match["account"])
    return ", ".join(_say_characters(four) for four in _BY_FOUR.findall(characters))


def _say_code(match: re.Match[str]) -> str | None:
    if not _CONTEXT.search(match.string[: match.start()]):
        return None
    return ", ".join(_say_characters(group) for group in re.split("[ -]", match[0]))


IDENTIFIER_RULES = (
    Rule(
        "docket",
        re.compile(r"(?<=\b[Nn]o\.\ )(?P<term>\d\d)-(?P<case>\d{2,5})(?![\w-]|[.,]\d)"),
        lambda match: f"{number(match['term'])}, {digits(match['case'])}",
    ),
    Rule(
        "code of a market",
        # Newsreaders leave it out: the name of the price comes before it.
        re.compile(
            r"(?<=[a-z]\ )(?:(?:AUD|CAD|CHF|CNH|CNY|EUR|GBP|JPY|NZD|XAG|XAU)=[A-Z]{0,4}"
            r"|[A-Z]{2}\d{1,2}YT=[A-Z]{2,4}|CM[A-Z]{2}3"
            r"|[A-Z]{1,4}c[1-9]|\.?MI[A-Z]{3}0{4,}PUS)(?!\w)"
        ),
        lambda _: (),
    ),
    Rule(
        "bank account",
        re.compile(
            r"(?<!\w)(?P<account>[A-Z]{2}\d{2}(?:\ ?(?=[A-Z]*\d)[A-Z\d]{4}|\ ?[A-Z]{4})"
            r"{2,7}(?:\ ?[A-Z\d]{1,3})?)(?!\w)"
        ),
        _say_account,
    ),
    Rule(
        "digits of a code",
        re.compile(r"(?<![\w.,])(?=[A-Z]*\d)[A-Z\d]{2,}(?:[ -]\d{2,})*(?![\w]|[.,]\d)"),
        _say_code,
    ),
)
