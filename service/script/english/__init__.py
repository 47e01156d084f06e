"""The rules of English, in the order in which they are tried.

First texts that are protected whole (datelines, addresses), then amounts from the most
to the least specific notation, then names and letters, then the remaining digits and
signs.
"""

from service.script.english.dates.dates import date_rules
from service.script.english.dates.dotted_times import DOTTED_TIME_RULES
from service.script.english.dates.durations import DURATION_RULES
from service.script.english.dates.eras import ERA_RULES
from service.script.english.dates.fiscal_periods import FISCAL_RULES
from service.script.english.dates.times import TIME_RULES
from service.script.english.names.abbreviations import NAME_RULES
from service.script.english.names.dotted_letters import LETTER_RULES
from service.script.english.names.grades import GRADE_RULES
from service.script.english.names.homographs import HOMOGRAPH_RULES
from service.script.english.names.initialisms import INITIALISM_RULES
from service.script.english.names.numbered_names import CODE_RULES, MODEL_RULES
from service.script.english.names.roman_numerals import ROMAN_RULES
from service.script.english.names.sections import SECTION_RULES
from service.script.english.names.signed_names import SIGNED_NAME_RULES
from service.script.english.names.titles import TITLE_RULES
from service.script.english.names.versions import VERSION_RULES
from service.script.english.numbers.british import INDIAN_NUMBER_RULES, british
from service.script.english.numbers.fractions import FRACTION_RULES
from service.script.english.numbers.identifiers import IDENTIFIER_RULES
from service.script.english.numbers.mathematics import MATHEMATICS_RULES
from service.script.english.numbers.number_rules import FIXED_RULES, INTEGER_RULES
from service.script.english.numbers.powers import POWER_RULES
from service.script.english.numbers.telephones import TELEPHONE_RULES
from service.script.english.places.addresses import ADDRESS_RULES
from service.script.english.places.coordinates import COORDINATE_RULES
from service.script.english.places.datelines import PLACE_RULES
from service.script.english.quantities.bare_units import (
    BARE_UNIT_RULES,
    LENGTH_SIGN_RULES,
)
from service.script.english.quantities.continental_money import CONTINENTAL_MONEY_RULES
from service.script.english.quantities.measures import MEASURE_RULES
from service.script.english.quantities.money import MONEY_RULES
from service.script.english.results.ratings import RATING_RULES
from service.script.english.results.scores import SCORE_RULES
from service.script.english.results.votes import VOTE_RULES
from service.script.english.symbols import EARLY_SYMBOL_RULES, SYMBOL_RULES
from service.script.english.web import WEB_RULES
from service.script.normalization import Rule
from service.script.unreadable.long_tokens import long_code_rule


def english_rules(*, day_first: bool, indian: bool = False) -> tuple[Rule, ...]:
    """Build the ordered rules; `day_first` reads 02/08 as 2 August.

    Where the day is first, numbers and units are British too.  `indian` counts whole
    thousands in lakhs and crores.
    """
    rules = (
        *PLACE_RULES,
        *WEB_RULES,
        long_code_rule("a long code"),
        *SIGNED_NAME_RULES,
        *VERSION_RULES,
        *IDENTIFIER_RULES,
        *ADDRESS_RULES,
        *TELEPHONE_RULES,
        *CONTINENTAL_MONEY_RULES,
        *MONEY_RULES,
        *FISCAL_RULES,
        *FIXED_RULES,
        *SECTION_RULES,
        *MODEL_RULES,
        *EARLY_SYMBOL_RULES,
        *POWER_RULES,
        *MATHEMATICS_RULES,
        *GRADE_RULES,
        *VOTE_RULES,
        *SCORE_RULES,
        *RATING_RULES,
        *DURATION_RULES,
        *TIME_RULES,
        *DOTTED_TIME_RULES,
        *ERA_RULES,
        *date_rules(day_first=day_first),
        *COORDINATE_RULES,
        *FRACTION_RULES,
        *BARE_UNIT_RULES,
        *MEASURE_RULES,
        *LENGTH_SIGN_RULES,
        *HOMOGRAPH_RULES,
        *TITLE_RULES,
        *ROMAN_RULES,
        *NAME_RULES,
        *LETTER_RULES,
        *CODE_RULES,
        *INITIALISM_RULES,
        *(INDIAN_NUMBER_RULES if indian else ()),
        *INTEGER_RULES,
        *SYMBOL_RULES,
    )
    return british(rules) if day_first else rules
