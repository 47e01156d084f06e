"""Continental amounts and losses in accounts: "€1,5 Mio.", "5,00 €", "$(2.5)"."""

import re

from service.script.english.numbers.number_words import NUMBER, number
from service.script.english.quantities.currencies import CODES, SIGNS, currency
from service.script.english.quantities.money import (
    MONEY_CODE,
    MONEY_SCALE,
    MONEY_SIGN,
    SCALES,
    say_money,
)
from service.script.normalization import Rule
from service.script.regex_alternation import alternation

_DECIMAL_COMMA = r"(?:\d{1,3}(?:\.\d{3})+|\d+),\d\d?(?![\d,]|\.\d)"
"""One or two figures behind the comma; three would be thousands."""

_GERMAN_SCALES = r"(?i:mio|mrd)\b\.?"
_SCALE = rf"(?:\ ?{_GERMAN_SCALES}|{MONEY_SCALE})?"
_FIGURE = rf"(?P<amount>{_DECIMAL_COMMA}{_SCALE}|{NUMBER}\ ?{_GERMAN_SCALES})"
_AFTER = rf"[{''.join(SIGNS)}](?!\d)|(?:{alternation(CODES)})\b"


def _with_point(written: str) -> str:
    """Return an amount in English notation: "1.250,5 Mio." is "1250.5 Mio"."""
    figure, comma, rest = written.rstrip(".").partition(",")
    return f"{figure.replace('.', '')}.{rest}" if comma else written.rstrip(".")


def _say_amount(match: re.Match[str]) -> str:
    return say_money(match, currency(match["sign"]), _with_point(match["amount"]))


def _say_scaled(match: re.Match[str]) -> str:
    figure = number(_with_point(match["figure"]))
    return f"{figure} {SCALES[match['scale'].rstrip('.').lower()]}"


def _say_loss(match: re.Match[str]) -> str:
    scale = match["scale"] or match["inside"] or ""
    amount = f"{match['figure']}{scale}"
    return f"minus {say_money(match, currency(match['sign']), amount)}"


CONTINENTAL_MONEY_RULES = (
    Rule(
        "money with a decimal comma",
        re.compile(rf"(?P<sign>{MONEY_SIGN}|{MONEY_CODE})\ ?{_FIGURE}"),
        _say_amount,
    ),
    Rule(
        "money with a decimal comma, unit behind",
        re.compile(rf"(?<![\w.,]){_FIGURE}\ ?(?P<sign>{_AFTER})"),
        _say_amount,
    ),
    Rule(
        "German millions",
        re.compile(
            rf"(?<![\w.,])(?P<figure>{_DECIMAL_COMMA}|{NUMBER})"
            r"\ ?(?P<scale>(?:Mio|Mrd)\b\.?)"
        ),
        _say_scaled,
    ),
    Rule(
        "loss in brackets",
        re.compile(
            rf"(?P<sign>{MONEY_SIGN})\ ?\((?P<figure>{NUMBER})"
            rf"(?:\)(?P<scale>{MONEY_SCALE})?|(?P<inside>{MONEY_SCALE})\))"
        ),
        _say_loss,
    ),
)
"""Seen in continental papers in English and in annual accounts; tried before money."""
