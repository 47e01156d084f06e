"""Clean the lines that markup has selected: `clean_marked_up`.

The containers of a page show what is its article, better than the words of a line do.
So only lines are cut that are boilerplate in any place, or that repeat others.
"""

from collections.abc import Sequence

from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.duplicates import find_duplicates
from service.cleaning.lines import Line
from service.cleaning.markers import Markers
from service.cleaning.prose_score import (
    MIN_PARAGRAPH_WORDS,
    is_between_prose,
    is_prose,
    prose_value,
)

_MENU = "menu"
_COPYRIGHT = "copyright"


def clean_marked_up(
    lines: Sequence[Line], markers: Markers, language: str, title: str | None
) -> CleaningPass:
    """Cut known boilerplate and duplicates from lines that markup has selected."""
    boilerplate = find_boilerplate(lines, markers, language, title)
    rules = {
        lines[i].place: rule.name
        for i, rule in boilerplate.rules.items()
        if not (
            # Between paragraphs a word of a menu, such as "Jobs", is a subhead.
            (rule.name == _MENU and is_between_prose(lines, i))
            or (rule.name == _COPYRIGHT and _begins_prose(lines, i))
        )
    }
    kept = [line for line in lines if line.place not in rules]
    rules |= find_duplicates(kept, has_entries=True)
    return CleaningPass(
        tuple(line for line in kept if line.place not in rules),
        rules,
    )


def _begins_prose(lines: Sequence[Line], index: int) -> bool:
    """Whether a credit is the beginning of a paragraph in the article's first half.

    Notices of rights are at the end.
    """
    return (
        prose_value(lines[index]) >= MIN_PARAGRAPH_WORDS
        and 2 * index < len(lines) - 1
        and is_prose(lines[index + 1])
    )
