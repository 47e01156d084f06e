"""Numbers in English words, without "and" or hyphens."""

import re

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = (
    *("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty"),
    "ninety",
)
_SCALES = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (10**3, "thousand"),
    (10**2, "hundred"),
)
_IRREGULAR_ORDINALS = {
    "eight": "eighth",
    "five": "fifth",
    "nine": "ninth",
    "one": "first",
    "three": "third",
    "twelve": "twelfth",
    "two": "second",
}
_MAX_DIGITS = 15
"""A longer run of digits is a code and is read digit by digit."""

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}|\d+)(?:\.\d+)?"
"""A written number: thousands with or without commas, optional decimals; or Indian
notation, with a comma before every two figures: "1,20,000"."""

_INDIAN = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")


def cardinal(number: int) -> str:
    """Return the words of a whole number from 0 to below 10**15."""
    for scale, name in _SCALES:
        if number >= scale:
            rest = number % scale
            words = f"{cardinal(number // scale)} {name}"
            return f"{words} {cardinal(rest)}" if rest else words
    if number < len(_ONES):
        return _ONES[number]
    tens = _TENS[number // 10]
    return f"{tens} {_ONES[number % 10]}" if number % 10 else tens


def ordinal(number: int) -> str:
    """Return the words of an ordinal: 21 is "twenty first"."""
    head, _, last = cardinal(number).rpartition(" ")
    if last in _IRREGULAR_ORDINALS:
        last = _IRREGULAR_ORDINALS[last]
    elif last.endswith("y"):
        last = f"{last[:-1]}ieth"
    else:
        last = f"{last}th"
    return f"{head} {last}".lstrip()


def plural(words: str) -> str:
    """Return the plural of a number: "twenty tens", "nineties"."""
    if words.endswith("y"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith("x") else f"{words}s"


def digits(written: str) -> str:
    """Return the words of the digits, one by one."""
    return " ".join(_ONES[int(digit)] for digit in written)


def number(written: str) -> str:
    """Return the words of a written number: "2,500", "007", ".5"."""
    whole, _, decimals = written.replace(",", "").partition(".")
    if not whole:
        return f"point {digits(decimals)}"
    if _INDIAN.fullmatch(written):
        return lakhs(int(whole))
    if len(whole) > _MAX_DIGITS or (len(whole) > 1 and whole[0] == "0"):
        words = digits(whole)
    else:
        words = cardinal(int(whole))
    return f"{words} point {digits(decimals)}" if decimals else words


def lakhs(number: int) -> str:
    """Return a number in words of crores (10**7), lakhs (10**5) and the rest."""
    crores, rest = divmod(number, 10**7)
    lakhs, rest = divmod(rest, 10**5)
    said = [
        f"{cardinal(crores)} crore" if crores else "",
        f"{cardinal(lakhs)} lakh" if lakhs else "",
        cardinal(rest) if rest else "",
    ]
    return " ".join(filter(None, said))


def pairs(written: str) -> str:
    """Return three or four digits in pairs: "seven thirty seven"."""
    head, tail = written[:-2], written[-2:]
    if tail == "00":
        return f"{cardinal(int(head))} hundred"
    if tail[0] == "0":
        return f"{cardinal(int(head))} oh {cardinal(int(tail))}"
    return f"{cardinal(int(head))} {cardinal(int(tail))}"


def year(written: str) -> str:
    """Return the words of a year of four digits: 1905 is "nineteen oh five"."""
    value = int(written)
    if written[1:3] == "00":
        return cardinal(value)
    return pairs(written)


def decade(written: str) -> str:
    """Return the words of "1990s" from "1990", of "'90s" from "90"."""
    century, tens = written[:-2], written[-2:]
    if written.endswith("000"):
        return f"{cardinal(int(written))}s"
    if tens == "00":
        return f"{cardinal(int(century))} hundreds"
    head = f"{cardinal(int(century))} " if century else ""
    return head + plural(cardinal(int(tens)))
