"""The rules of English, in the order in which they are tried.

First what is protected whole (datelines, addresses), then amounts from the most marked
to the least, then names and letters, then whatever digits and signs are left.
"""

import re

from service.script.english.dates import date_rules
from service.script.english.integers import INTEGER_RULES
from service.script.english.letters import LETTER_RULES
from service.script.english.measures import MEASURE_RULES
from service.script.english.money import MONEY_RULES
from service.script.english.names import NAME_RULES
from service.script.english.places import PLACE_RULES
from service.script.english.scores import SCORE_RULES
from service.script.english.times import TIME_RULES
from service.script.english.web import WEB_RULES
from service.script.spoken import Rule

_SIGNS = {
    "#": "number",
    "$": "dollar",
    "%": "percent",
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "£": "pound",
    "§": "section",
    "°": "degrees",
    "±": "plus or minus",
    "\N{MULTIPLICATION SIGN}": "times",
    "÷": "divided by",
    "€": "euro",
    "≈": "about",
}
"""Signs that are words; all others are silent."""

_SIGN_RULES = (
    Rule(
        "sign",
        re.compile(
            rf"(?:(?<=\w)|(?<=\s)|\A)[{re.escape(''.join(_SIGNS))}](?=\s|\w|\Z)"
        ),
        lambda match: _SIGNS[match[0]],
    ),
)


def english_rules(*, day_first: bool) -> tuple[Rule, ...]:
    """Build the ordered rules; `day_first` reads 02/08/2024 as the second of August."""
    return (
        *PLACE_RULES,
        *WEB_RULES,
        *MONEY_RULES,
        *SCORE_RULES,
        *TIME_RULES,
        *date_rules(day_first=day_first),
        *MEASURE_RULES,
        *NAME_RULES,
        *LETTER_RULES,
        *INTEGER_RULES,
        *_SIGN_RULES,
    )
