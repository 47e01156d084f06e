"""Numbers of books and programs: "ISBN 978-0-...", "Python 3.11", "P.O. Box 771"."""

import re

from service.script.english.numbers.number_words import cardinal, digits
from service.script.normalization import Rule, part

_PROGRAMS = (
    "Android|CUDA|Chrome|Debian|Django|Firefox|Go|Java|Kotlin|Kubernetes|Linux|Node"
    "|PHP|PostgreSQL|Python|Ruby|Rust|Safari|Swift|TLS|Ubuntu|[Vv]ersion|Windows"
    "|WordPress|iOS|iPadOS|macOS|visionOS|watchOS"
)
"""Programs whose versions have two whole numbers.  Seen in technology pages."""

_BOX = re.compile(r"\b(?:P\. ?O\.?|PO|Post Office) Box $")


def _say_book(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+|X", match["code"])
    return ", ".join("X" if group == "X" else digits(group) for group in groups)


def _say_version(match: re.Match[str]) -> str:
    minor = match["minor"]
    said = digits(minor) if minor[0] == "0" else cardinal(int(minor))
    return f"{cardinal(int(match['major']))} point {said}"


VERSION_RULES = (
    Rule(
        "number of a book",
        re.compile(
            r"\b(?P<kind>IS[BS]N)(?:-1[03])?:?\ (?P<code>\d[\d -]{6,16}[\dX])(?![\w-])"
        ),
        lambda match: (
            part(match, "kind", ".".join(match["kind"])),
            part(match, "code", _say_book(match)),
        ),
    ),
    Rule(
        "version of a program",
        re.compile(
            rf"\b(?P<name>{_PROGRAMS})\ "
            r"(?P<version>(?P<major>\d{1,2})\.(?P<minor>\d\d))(?![\w]|\.\d)"
        ),
        lambda match: (
            part(match, "name", match["name"]),
            part(match, "version", _say_version(match)),
        ),
    ),
    Rule(
        "box of the post",
        re.compile(r"(?<=\ Box\ )(?P<number>\d{2,6})(?![\w]|[-.,]\d)"),
        lambda match: (
            digits(match["number"])
            if _BOX.search(match.string[max(0, match.start() - 20) : match.start()])
            else None
        ),
    ),
    Rule(
        "name with a dot",
        re.compile(r"(?<![\w.])\.(?P<name>NET)\b"),
        lambda _: "dot net",
    ),
)
"""Tried before telephones and ranges, which look like them."""
