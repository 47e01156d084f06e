"""Find the lines at the edges of an article that belong to its page.

Above the first paragraph a page has its section, its date, its author and the caption
of a picture; below the last, the author again, an appeal and the address for letters.
Each is found by the known boilerplate next to it, never by its position alone.
"""

import re
from collections.abc import Container, Mapping, Sequence
from itertools import pairwise

from service.cleaning.line_patterns import introduces_author
from service.cleaning.lines import Line
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS, is_prose
from service.cleaning.text.surroundings import is_menu_label
from service.cleaning.title.byline import is_date
from service.cleaning.title.find_title import may_be_title

_MAX_NAME_WORDS = 5
"""Words of the longest name or role next to a byline."""

_MAX_CAPTION_WORDS = 30
"""Words of the longest caption between two lines of boilerplate."""

_TAIL_PARAGRAPHS = 3
"""Last lines of an article that are searched for what its page adds."""

_MAX_TAIL_LABEL_WORDS = 3
"""Words of a label below the article: of such lines below the last prose that were
read, 70 of 83 on 316 pages did not belong to it, of longer ones half."""

_MIN_COLUMN_LABELS = 3
"""Labels of a column above a headline."""

_MIN_HEADLINE_WORDS = 5
"""Words from which a line below such a column is the headline, not one more label."""

_MAX_BYLINE_DISTANCE_LINES = 4
"""Lines below a standfirst that may include the byline or the date."""

_MAX_HEAD_LINES = 20
"""Lines in which the first paragraph is expected."""

_MAX_CONTACT_WORDS = 60
"""Words of the longest appeal to write to the newsroom."""

_CONTACT = re.compile(
    r"(?=.*\b(?:contact|e-?mail|send|write)\b)(?=.*\b(?:articles?|comments?|feedback"
    r"|letters?|opinions?|story|tips?|views?|yours)\b).*\b[\w.+-]+@[\w-]+\.\w+"
)
"""A line that asks readers to write to the newsroom."""

_CAPTION = "caption-or-credit"
_AUTHOR_RULES = frozenset({"byline", "timestamp", "timestamp-alone"})


def is_paragraph(line: Line) -> bool:
    """Whether it is a sentence of some length."""
    return line.ends_sentence and line.size >= MIN_PARAGRAPH_WORDS


def find_first_paragraph(lines: Sequence[Line]) -> int:
    """Return the index of the first full paragraph; the number of lines if none is."""
    return next(
        (index for index, line in enumerate(lines) if is_paragraph(line)), len(lines)
    )


def find_head_end(lines: Sequence[Line], rules: Mapping[int, str]) -> int:
    """Return the index of the first paragraph below the byline and the date.

    Args:
        lines: the page, in order.
        rules: rule by place of the lines that are known boilerplate.
    """
    for index, line in enumerate(lines[:_MAX_HEAD_LINES]):
        if line.place in rules or introduces_author(line):
            continue
        below = lines[index + 1 : index + 1 + _MAX_BYLINE_DISTANCE_LINES]
        has_byline = any(rules.get(near.place) in _AUTHOR_RULES for near in below)
        if is_paragraph(line) and not has_byline:
            return index
    return min(len(lines), _MAX_HEAD_LINES)


def find_headline_below_labels(
    lines: Sequence[Line], rules: Container[int], *, is_live: bool = False
) -> Line | None:
    """Find the first long line below a column of labels: sections of a site.

    If other headlines are below it, above the first paragraph, it is one of a list,
    except on the page of a live blog, which lists its own.
    """
    labels = 0
    first = find_first_paragraph(lines)
    for index, line in enumerate(lines[:first]):
        if line.place in rules or is_date(line):
            continue
        if line.size >= _MIN_HEADLINE_WORDS:
            is_alone = is_live or not any(
                near.place not in rules and _is_headline(near)
                for near in lines[index + 1 : first]
            )
            is_below = labels >= _MIN_COLUMN_LABELS
            return line if is_alone and is_below and may_be_title(line) else None
        if not is_menu_label(line):
            return None
        labels += 1
    return None


def _is_headline(line: Line) -> bool:
    return (
        line.size >= _MIN_HEADLINE_WORDS
        and may_be_title(line)
        and line.text[-1] not in ",:;"
        and not is_date(line)
    )


def is_label_column(lines: Sequence[Line], rules: Container[int]) -> bool:
    """Whether lines are labels or boilerplate: what may be above a headline."""
    return all(line.place in rules or is_menu_label(line) for line in lines)


def find_head_lines(
    lines: Sequence[Line], headline: Line | None, rules: Mapping[int, str]
) -> dict[int, str]:
    """Return the rule by place of lines between a headline and the first paragraph.

    Args:
        lines: the lines below the headline, down to the first paragraph.
        headline: the headline, if one is known.
        rules: rule by place of the lines that are known boilerplate.
    """
    found: dict[int, str] = {}
    for index, line in enumerate(lines):
        if line.place in rules or line is headline:
            continue
        beside = [
            rules[lines[near].place]
            for near in (index - 1, index + 1)
            if 0 <= near < len(lines) and lines[near].place in rules
        ]
        if introduces_author(line):
            found[line.place] = "bio"
        elif not _AUTHOR_RULES.isdisjoint(beside) and _may_be_name(line):
            found[line.place] = "byline"
        elif len(beside) > 1 and _CAPTION in beside and line.size <= _MAX_CAPTION_WORDS:
            found[line.place] = _CAPTION
    return found


def find_tail_lines(kept: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place of the last lines that address the reader."""
    return {
        line.place: "contact"
        for line in kept[-_TAIL_PARAGRAPHS:]
        if "@" in line.text
        and line.size <= _MAX_CONTACT_WORDS
        and line.may_match_patterns
        and _CONTACT.match(line.lowered)
    }


def find_tail_labels(kept: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place of labels below the last prose of a copied page.

    Such as tags, sections and the author's name.  Items of a list and what is below a
    closing formula, "Yours sincerely,", belong to the article.
    """
    last = max(
        (at for at, line in enumerate(kept) if is_prose(line)), default=len(kept)
    )
    return {
        line.place: "after-body"
        for above, line in pairwise(kept[last:])
        if line.size <= _MAX_TAIL_LABEL_WORDS
        and not line.is_list_item
        and not {above.text[-1], line.text[-1]} & {",", ":"}
    }


def find_box_headings(
    lines: Sequence[Line], rules: Mapping[int, str]
) -> dict[int, str]:
    """Return the rule by place of labels above a box that repeats their words."""
    found: dict[int, str] = {}
    for line, below in pairwise(lines):
        if (
            line.place not in rules
            and below.place in rules
            and is_menu_label(line)
            and set(line.words) <= set(below.words)
            and is_prose(below)
        ):
            found[line.place] = rules[below.place]
    return found


def _may_be_name(line: Line) -> bool:
    return (
        line.size <= _MAX_NAME_WORDS
        and may_be_title(line)
        and not line.text.endswith((":", ","))
        and all(word[0].isupper() or word == "and" for word in line.text.split())
    )
