"""Clean an article that has a few lines of its page: `clean_traces`.

The headline separates what is above it; lines next to boilerplate are cut with it only
above the first paragraph.  All lines below that are kept, unless a phrase or a pattern
shows that one is boilerplate.
"""

from collections.abc import Mapping, Sequence

from service.cleaning.boilerplate import Boilerplate
from service.cleaning.cleaning_pass import CleaningPass
from service.cleaning.duplicates import find_duplicates_alone
from service.cleaning.line_patterns import find_author_lines, match_patterns
from service.cleaning.lines import Line
from service.cleaning.text.edges import (
    find_box_headings,
    find_first_paragraph,
    find_head_end,
    find_head_lines,
    find_headline_below_labels,
    find_tail_lines,
    is_label_column,
    is_paragraph,
)
from service.cleaning.text.embedded_posts import find_posts
from service.cleaning.text.teasers import trim_teasers
from service.cleaning.title.find_title import find_title, may_be_title

_BYLINE = "byline"
_MAX_BYLINE_LINES = 3
"""Lines below the first paragraph, perhaps a standfirst, that may have the byline."""


def clean_traces(
    lines: Sequence[Line], boilerplate: Boilerplate, *, has_title: bool
) -> CleaningPass:
    """Cut boilerplate, and the lines above the article that belong to it."""
    paragraphs = [index for index, line in enumerate(lines) if is_paragraph(line)]
    first, last = (paragraphs[0], paragraphs[-1]) if paragraphs else (0, len(lines))
    rules = find_posts(lines) | {
        lines[index].place: rule.name
        for index, rule in boilerplate.rules.items()
        # Further below, a byline is a part of a list or of a quotation; and after the
        # last paragraph a list of headlines may be the article's own.
        if (rule.name != _BYLINE or index <= first + _MAX_BYLINE_LINES)
        and not (rule.heads and index > last)
    }
    rules |= {p: rule.name for p, rule in match_patterns(lines, rules).items()}
    headline = None if has_title else find_headline(lines, boilerplate, rules)
    top = 0
    if headline is not None:
        top = lines.index(headline)
        rules |= {
            line.place: rules.get(line.place, "before-body") for line in lines[:top]
        }
        rules |= {
            line.place: "title-repeated"
            for line in lines
            if line.words == headline.words
        }
        rules.pop(headline.place, None)
    rules |= find_head_lines(lines[top : find_head_end(lines, rules)], headline, rules)
    rules |= find_box_headings(lines, rules)
    for line in lines[_find_teasers(lines, boilerplate) :]:
        rules.setdefault(line.place, "after-body")
    kept = [line for line in lines if line.place not in rules and line != headline]
    rules |= {place: rule.name for place, rule in find_author_lines(kept).items()}
    rules |= find_tail_lines([line for line in kept if line.place not in rules])
    kept = [line for line in kept if line.place not in rules]
    rules |= find_duplicates_alone(kept)
    left = tuple(line for line in kept if line.place not in rules)
    return CleaningPass(left, rules, headline=headline)


def _find_teasers(lines: Sequence[Line], boilerplate: Boilerplate) -> int:
    """Return the index where a list of teasers begins; the number of lines if none."""
    paragraphs = [index for index, line in enumerate(lines) if is_paragraph(line)]
    if not paragraphs:
        return len(lines)
    run = range(paragraphs[0], paragraphs[-1] + 1)
    trimmed = trim_teasers(lines, run, boilerplate.rules)
    return len(lines) if trimmed == run else trimmed.stop


def find_headline(
    lines: Sequence[Line], boilerplate: Boilerplate, rules: Mapping[int, str]
) -> Line | None:
    """Find the headline above the first paragraph, with only labels above it."""
    found = find_headline_below_labels(lines, rules) or _find_by_words(
        lines, boilerplate, rules
    )
    if found is not None:
        return found
    top = next((line for line in lines if line.place not in rules), None)
    others = sum(line.place not in rules for line in lines)
    return top if top and others > 1 and may_be_title(top) else None


def _find_by_words(
    lines: Sequence[Line], boilerplate: Boilerplate, rules: Mapping[int, str]
) -> Line | None:
    """Find the headline by the words that the article repeats."""
    first = find_first_paragraph(lines)
    known = {lines[index].place: rule for index, rule in boilerplate.rules.items()}
    body = [line for line in lines[first:] if line.place not in rules]
    found = find_title(lines[:first], body, known) if body else None
    if found is None or found not in lines[:first]:
        return None
    return found if is_label_column(lines[: lines.index(found)], rules) else None
