"""Amounts of money: "$3.2 billion", "S$1.5m", "£4.99", "Rs 500 crore"."""

import re

from service.script.english.context import is_adjective
from service.script.english.numbers import NUMBER, cardinal, number
from service.script.spoken import Rule

_UNITS = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₦": ("naira", "naira", "kobo", "kobo"),
    "₩": ("won", "won", "jeon", "jeon"),
    "€": ("euro", "euros", "cent", "cents"),
    "₱": ("peso", "pesos", "centavo", "centavos"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}
"""One, several; one hundredth, several hundredths."""

_COUNTRIES = {
    "A": "Australian",
    "AU": "Australian",
    "C": "Canadian",
    "CA": "Canadian",
    "HK": "Hong Kong",
    "NT": "New Taiwan",
    "NZ": "New Zealand",
    "S": "Singapore",
    "US": "US",
}
"""Seen before a dollar sign in Asian and Pacific business pages."""

_CODES = {
    "AUD": ("Australian dollar", "Australian dollars"),
    "CHF": ("Swiss franc", "Swiss francs"),
    "CNY": ("yuan", "yuan"),
    "EUR": ("euro", "euros"),
    "GBP": ("pound", "pounds"),
    "HKD": ("Hong Kong dollar", "Hong Kong dollars"),
    "INR": ("rupee", "rupees"),
    "JPY": ("yen", "yen"),
    "MYR": ("ringgit", "ringgit"),
    "RM": ("ringgit", "ringgit"),
    "RMB": ("yuan", "yuan"),
    "Rp": ("rupiah", "rupiah"),
    "Rs": ("rupee", "rupees"),
    "Rs.": ("rupee", "rupees"),
    "SGD": ("Singapore dollar", "Singapore dollars"),
    "USD": ("US dollar", "US dollars"),
}
"""Seen before or after an amount in market pages."""

SCALES = {
    "b": "billion",
    "billion": "billion",
    "bn": "billion",
    "crore": "crore",
    "k": "thousand",
    "lakh": "lakh",
    "m": "million",
    "mil": "million",
    "million": "million",
    "mn": "million",
    "t": "trillion",
    "thousand": "thousand",
    "tn": "trillion",
    "trillion": "trillion",
    "trn": "trillion",
}

_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_SIGN = (
    rf"(?:(?<![A-Za-z])(?:{'|'.join(sorted(_COUNTRIES, key=len, reverse=True))}))?"
    rf"[{''.join(_UNITS)}]"
)
_CODE = "|".join(re.escape(code) for code in sorted(_CODES, key=len, reverse=True))
_AMOUNT = rf"{NUMBER}(?:(?:\ |-)?(?i:{_SCALE})(?![A-Za-z]))?"


def _amount(written: str) -> tuple[str, bool]:
    """Words for "3.2bn", and whether it is exactly one."""
    match = re.match(rf"({NUMBER})[ -]?([A-Za-z]*)", written)
    if match is None:
        return written, False
    scale = SCALES.get(match[2].lower())
    if not scale and match[1].endswith(".00"):
        return _amount(match[1].removesuffix(".00"))
    words = number(match[1])
    return (f"{words} {scale}", False) if scale else (words, match[1] == "1")


def _coins(written: str, sign: str) -> str | None:
    """Words for an amount with exactly two decimals: "$4.99"."""
    match = re.fullmatch(r"([\d,]+)\.(\d\d)", written)
    if match is None:
        return None
    one, many, one_part, parts = _UNITS[sign[-1]]
    country = f"{_COUNTRIES[sign[:-1]]} " if sign[:-1] else ""
    whole, part = int(match[1].replace(",", "")), int(match[2])
    head = f"{number(match[1])} {country}{one if whole == 1 else many}"
    if part == 0:
        return head
    tail = f"{cardinal(part)} {one_part if part == 1 else parts}"
    if whole == 0:
        return tail
    # "four dollars five" would be heard as a list.
    return f"{head} and {tail}" if match[2][0] == "0" else f"{head} {cardinal(part)}"


def _unit(sign: str) -> tuple[str, str]:
    if sign in _CODES:
        return _CODES[sign]
    one, many, _, _ = _UNITS[sign[-1]]
    country = f"{_COUNTRIES[sign[:-1]]} " if sign[:-1] else ""
    return country + one, country + many


def _say_amount(match: re.Match[str]) -> str:
    sign, written = match["sign"], match["amount"]
    if sign[-1] in _UNITS and (coins := _coins(written, sign)):
        return coins
    one, many = _unit(sign)
    words, single = _amount(written)
    return f"{words} {one if single or is_adjective(match) else many}"


def _say_range(match: re.Match[str]) -> str:
    one, many = _unit(match["sign"])
    low, high = _amount(match["low"])[0], _amount(match["high"])[0]
    return f"{low} to {high} {one if is_adjective(match) else many}"


def _say_coins(match: re.Match[str]) -> str:
    one, many = ("cent", "cents") if match["unit"] == "¢" else ("penny", "pence")
    return f"{number(match['amount'])} {one if match['amount'] == '1' else many}"


MONEY_RULES = (
    Rule(
        "money range",
        re.compile(
            rf"(?P<sign>{_SIGN}|\b(?:{_CODE}))\ ?(?P<low>{_AMOUNT})\ ?-\ ?"
            rf"(?:(?P=sign)\ ?)?(?P<high>{_AMOUNT})(?![\w])"
        ),
        _say_range,
    ),
    Rule(
        "money",
        re.compile(
            rf"(?P<sign>{_SIGN}|(?<![\w.])(?:{_CODE}))\ ?(?P<amount>{_AMOUNT})(?!\d)"
        ),
        _say_amount,
    ),
    Rule(
        "money, unit behind",
        re.compile(
            rf"(?<![\w.,])(?P<amount>{_AMOUNT})\ ?"
            rf"(?P<sign>[{''.join(_UNITS)}](?!\d)|(?:[A-Z]{{3}})\b)"
        ),
        lambda match: (
            _say_amount(match)
            if match["sign"] in _CODES or match["sign"] in _UNITS
            else None
        ),
    ),
    Rule(
        "coins",
        re.compile(r"(?<![\w.,])(?P<amount>\d{1,2})(?P<unit>¢|p\b)"),
        _say_coins,
    ),
)
