"""The rules of English, in the order in which they are tried.

First what is protected whole (datelines, addresses), then amounts from the most marked
to the least, then names and letters, then whatever digits and signs are left.
"""

from service.script.english.addresses import ADDRESS_RULES
from service.script.english.british import british
from service.script.english.coordinates import COORDINATE_RULES
from service.script.english.dates import date_rules
from service.script.english.fiscal import FISCAL_RULES
from service.script.english.fractions import FRACTION_RULES
from service.script.english.identifiers import IDENTIFIER_RULES
from service.script.english.initialisms import INITIALISM_RULES
from service.script.english.integers import FIXED_RULES, INTEGER_RULES
from service.script.english.letters import LETTER_RULES
from service.script.english.mathematics import MATHEMATICS_RULES
from service.script.english.measures import MEASURE_RULES
from service.script.english.models import CODE_RULES, MODEL_RULES
from service.script.english.money import MONEY_RULES
from service.script.english.names import NAME_RULES
from service.script.english.places import PLACE_RULES
from service.script.english.romans import ROMAN_RULES
from service.script.english.scores import SCORE_RULES
from service.script.english.symbols import EARLY_SYMBOL_RULES, SYMBOL_RULES
from service.script.english.telephones import TELEPHONE_RULES
from service.script.english.times import TIME_RULES
from service.script.english.titles import TITLE_RULES
from service.script.english.votes import VOTE_RULES
from service.script.english.web import WEB_RULES
from service.script.spoken import Rule


def english_rules(*, day_first: bool) -> tuple[Rule, ...]:
    """Build the ordered rules; `day_first` reads 02/08/2024 as the second of August."""
    rules = (
        *PLACE_RULES,
        *WEB_RULES,
        *IDENTIFIER_RULES,
        *ADDRESS_RULES,
        *TELEPHONE_RULES,
        *MONEY_RULES,
        *FISCAL_RULES,
        *FIXED_RULES,
        *MODEL_RULES,
        *EARLY_SYMBOL_RULES,
        *MATHEMATICS_RULES,
        *VOTE_RULES,
        *SCORE_RULES,
        *TIME_RULES,
        *date_rules(day_first=day_first),
        *COORDINATE_RULES,
        *FRACTION_RULES,
        *MEASURE_RULES,
        *TITLE_RULES,
        *ROMAN_RULES,
        *NAME_RULES,
        *LETTER_RULES,
        *CODE_RULES,
        *INITIALISM_RULES,
        *INTEGER_RULES,
        *SYMBOL_RULES,
    )
    return british(rules) if day_first else rules
