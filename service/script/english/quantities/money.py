"""Amounts of money: "$3.2 billion", "S$1.5m", "£4.99", "Rs 500 crore"."""

import re

from service.script.english.numbers.number_words import NUMBER, cardinal, number
from service.script.english.quantities.amount_context import is_adjective
from service.script.english.quantities.currencies import (
    CODES,
    COUNTRIES,
    SCALED_LETTERS,
    SIGNS,
    Currency,
    currency,
)
from service.script.normalization import Rule
from service.script.regex_alternation import alternation

SCALES = {
    "b": "billion",
    "billion": "billion",
    "bln": "billion",
    "bn": "billion",
    "cr": "crore",
    "crore": "crore",
    "crores": "crore",
    "hundred": "hundred",
    "k": "thousand",
    "lac": "lakh",
    "lakh": "lakh",
    "lakh crore": "lakh crore",
    "lakh crores": "lakh crore",
    "lakhs": "lakh",
    "m": "million",
    "mil": "million",
    "mill": "million",
    "million": "million",
    "mio": "million",
    "mln": "million",
    "mn": "million",
    "mrd": "billion",
    "quadrillion": "quadrillion",
    "t": "trillion",
    "thousand": "thousand",
    "tn": "trillion",
    "trillion": "trillion",
    "trln": "trillion",
    "trn": "trillion",
}
"""Seen in American, British, Indian and German papers, in capitals too."""

_MIN_PADDED_DECIMALS = 3
"""With at least this many decimals, trailing zeros are not coins: "$2.000"."""


_SCALE_WORDS = alternation(scale for scale in SCALES if len(scale) > 1)
MONEY_SCALE = rf"(?:[ -]?(?i:{_SCALE_WORDS})|(?i:[bkmt])|\ [bm])(?![A-Za-z])"
_LARGE = r"(?:[ -]?(?:[mbt]n|million|billion|trillion)|m)(?![A-Za-z])"
MONEY_SIGN = rf"(?:(?<![A-Za-z.])(?:{alternation(COUNTRIES)}))?[{''.join(SIGNS)}]"
MONEY_CODE = rf"(?<![\w.])(?:{alternation(CODES)})"
_FIGURE = rf"(?:{NUMBER}|\.\d+)"
_AMOUNT = rf"{_FIGURE}(?:{MONEY_SCALE})?"
_DETERMINED = re.compile(r"(?:\b(?:an?|its|new|the|their|this)|'s)\ $", re.IGNORECASE)
_NAME_AFTER = re.compile(
    r"(?:\ (?:[A-Z][\w'-]+|\d{1,3}\b(?![,.]\d))){2,5}(?![\w-])"
    r"(?!\ (?:allegedly|also|\w+ly|[a-z]{2,}ed|gave|gets?|gives?|got|ha[ds]|have|lost"
    r"|loses?|made|makes?|owes?|paid|pays?|sought|spends?|spent|wants?|will|won|would"
    r"|(?:are|is|was|were)\ \w+ing)\b)"
)
"""A name that neither pays nor gets the money: not "the $5 Ann Lee paid"."""

_BETWEEN = re.compile(r"\b[Bb]etween $")
_CENT = re.compile(r"(?P<whole>[\d,]*)\.(?P<part>\d\d)")
_SCALED_FIGURE = re.compile(rf"(?P<figure>{_FIGURE})[ -]?(?P<scale>[A-Za-z ]*)")
_PRICE_BEFORE = re.compile(
    r"\b(?:about|and|are|around|at|by|cost|costs|down|for|from|is|just|of|only|or|paid|pay"
    r"|rose|than|to|up|was|were)\ $|[,(]\ ?$"
)
"""Words before a price, not before an item or a model: not "an iPhone 5c"."""

_VIDEO = r"(?!(?:360|480|720|1080|1200|1440|1600|2160)p)"
"""Lines of a video picture, not pence."""


def _amount(written: str) -> tuple[str, bool]:
    """Return the words of "3.2bn", and whether it is exactly one."""
    match = _SCALED_FIGURE.fullmatch(written)
    if match is None:
        return number(written), False
    figure, scale = match["figure"], SCALES.get(match["scale"].lower())
    whole, point, decimals = figure.partition(".")
    if not scale and not decimals.strip("0"):
        figure = whole
    elif not scale and len(decimals) >= _MIN_PADDED_DECIMALS:
        figure = whole + point + decimals.rstrip("0")
    words = number(figure)
    return (f"{words} {scale}", False) if scale else (words, figure == "1")


def _coins(written: str, unit: Currency, *, adjective: bool) -> str | None:
    """Return the words of "$4.99"; None for an amount without hundredths."""
    match = _CENT.fullmatch(written)
    if match is None and re.fullmatch(r"0?\.\d", written):
        match = _CENT.fullmatch(f"{written}0")
    if match is None or not unit.cent or match["part"] == "00":
        return None
    whole = int(match["whole"].replace(",", "") or "0")
    part = int(match["part"])
    coins = f"{cardinal(part)} {unit.cent if part == 1 or adjective else unit.cents}"
    if unit.cents == "pence" and adjective:
        coins = f"{cardinal(part)} pence"
    if whole == 0:
        return coins
    name = unit.singular if whole == 1 or adjective else unit.plural
    # Pounds and pence need no "and", but "two pounds five" would be a weight.
    joint = " " if adjective or (unit.cents == "pence" and part > 1) else " and "
    return f"{cardinal(whole)} {name}{joint}{coins}"


def _is_of_a_name(match: re.Match[str]) -> bool:
    """Return whether a name follows an amount: "the $2bn Jobs Act"."""
    return (
        _DETERMINED.search(match.string[: match.start()]) is not None
        and _NAME_AFTER.match(match.string[match.end() :]) is not None
    )


def say_money(match: re.Match[str], unit: Currency, amount: str) -> str:
    """Return the words of an amount; it is singular if the match is an adjective."""
    adjective = is_adjective(match) or _is_of_a_name(match)
    if coins := _coins(amount, unit, adjective=adjective):
        return coins
    words, is_one = _amount(amount)
    return f"{words} {unit.singular if is_one or adjective else unit.plural}"


def _say_amount(match: re.Match[str]) -> str:
    return say_money(match, currency(match["sign"]), match["amount"])


def _say_range(match: re.Match[str]) -> str:
    unit, adjective = currency(match["sign"]), is_adjective(match)
    joint = "and" if _BETWEEN.search(match.string[: match.start()]) else "to"
    coins = [
        _coins(match[end], unit, adjective=adjective) if "." in match[end] else None
        for end in ("low", "high")
    ]
    low, high = (_amount(match[end])[0] for end in ("low", "high"))
    if any(coins) or match["low"].endswith(".00"):
        low = coins[0] or f"{low} {unit.plural}"
        return f"{low} {joint} {coins[1] or f'{high} {unit.plural}'}"
    return f"{low} {joint} {high} {unit.singular if adjective else unit.plural}"


def _shares_scale(low: str, high: str) -> bool:
    """Return whether the scale of the higher amount applies to the lower too."""
    scaled = _SCALED_FIGURE.fullmatch(high)
    return (
        scaled is not None
        and bool(scaled["scale"])
        and re.fullmatch(r"\d{1,3}(?:\.\d)?", low) is not None
        and float(low) < float(scaled["figure"].replace(",", ""))
    )


def _say_pair(match: re.Match[str]) -> str | None:
    low, high = match["low"], match["high"]
    unit, adjective = currency(match["sign"]), is_adjective(match)
    head = match.string[: match.start()]
    joint = match["joint"] or match["tied"]
    scaled = _shares_scale(low, high)
    described = match["tied"] or (joint != "and" and adjective)
    if "." in low + high and not (scaled or high[-1].isalpha()):
        return None
    if not described and (not scaled or (joint == "and" and not _BETWEEN.search(head))):
        return None
    tied = match["tied"] and re.match(r" [a-z]", match.string[match.end() :])
    name = unit.singular if adjective or tied else unit.plural
    return f"{_amount(low)[0]} {joint} {_amount(high)[0]} {name}"


def _say_coins(match: re.Match[str]) -> str | None:
    is_lone_letter = match["unit"] == "c" and len(match["amount"]) == 1
    if is_lone_letter and not _PRICE_BEFORE.search(match.string[: match.start()]):
        return None
    is_penny = match["unit"] == "p"
    singular, plural = ("penny", "pence") if is_penny else ("cent", "cents")
    is_singular = match["amount"] == "1" or (not is_penny and is_adjective(match))
    return f"{number(match['amount'])} {singular if is_singular else plural}"


MONEY_RULES = (
    Rule(
        "money range",
        re.compile(
            rf"(?P<sign>{MONEY_SIGN}|{MONEY_CODE})\ ?(?P<low>{_AMOUNT})\ ?-\ ?"
            rf"(?:(?P=sign)\ ?)?(?P<high>{_AMOUNT})(?![\w]|[.,]\d)"
        ),
        _say_range,
    ),
    Rule(
        "money pair",
        re.compile(
            rf"(?P<sign>{MONEY_SIGN})(?P<low>{_AMOUNT})"
            r"(?:\ (?P<joint>and|or|to)\ |-(?P<tied>or|to)-)"
            rf"(?:(?P=sign))(?P<high>{_AMOUNT})(?![\w]|[.,]\d)"
        ),
        _say_pair,
    ),
    Rule(
        "money",
        re.compile(
            rf"(?P<sign>{MONEY_SIGN}|{MONEY_CODE})\ ?(?P<amount>{_AMOUNT})(?![.,]?\d)"
        ),
        _say_amount,
    ),
    Rule(
        "money of one letter",
        re.compile(
            rf"(?<![\w.])(?P<sign>[{''.join(SCALED_LETTERS)}])"
            rf"(?P<amount>{NUMBER}{_LARGE})"
        ),
        lambda match: say_money(match, SCALED_LETTERS[match["sign"]], match["amount"]),
    ),
    Rule(
        "money in spaced thousands",
        # Seen in southern African pages; before an unspaced number it names a road.
        re.compile(
            r"(?<![\w.])(?P<sign>[MR])(?P<amount>\d{1,3}(?:\ \d{3})+)(?!\w|[ .,]\d)"
        ),
        lambda match: (
            f"{number(match['amount'].replace(' ', ''))} "
            + ("maloti" if match["sign"] == "M" else "rand")
        ),
    ),
    Rule(
        "money, unit behind",
        re.compile(
            rf"(?<![\w.,])(?P<amount>{_AMOUNT})\ ?"
            rf"(?P<sign>[{''.join(SIGNS)}](?![\d.])|(?:{alternation(CODES)})\b)"
        ),
        _say_amount,
    ),
    Rule(
        "coins",
        re.compile(
            rf"(?<![\w.,]){_VIDEO}(?P<amount>(?:\d{{1,2}},)?\d{{1,4}}(?:\.\d\d?)?)"
            r"(?P<unit>¢|p\b|c(?=[\s,;)/]|\.?\Z|\.\ ))"
        ),
        _say_coins,
    ),
)
"""A sign always means money; coins and single letters only in a fixed form."""
