"""Find the lines of a page that repeat others: `find_duplicates`."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice, pairwise

from service.cleaning.duplicates.find_equal import find_equal, find_exact_repeats
from service.cleaning.duplicates.find_verse import find_verse
from service.cleaning.duplicates.resemblance import (
    MIN_NEAR_WORDS,
    ComparedLines,
    find_shared_shingles,
    is_covered,
    is_edited_copy,
    is_edited_part,
)
from service.cleaning.lines import Line, Shingle
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

_MAX_QUOTE_WORDS = 45
"""Words of the longest pull quote."""

_QUOTE_WORDS = range(MIN_NEAR_WORDS, _MAX_QUOTE_WORDS + 1)

_MIN_REST_WORDS = 3
"""Words that a paragraph has besides its pull quote, unless the quote is unchanged."""

_MIN_TITLE_CASE_RATIO = 0.7
"""Share of capitalised words from which a line without an end mark is a name."""

_MIN_TEASER_WORDS = 5
"""Words of the shortest line ended by "…" that is the opening of another."""

_MAX_TEASED_LINES = 20
"""Lines with one opening that are compared with a teaser."""

_QUOTES = "\"'“‘«„"
_BROKEN_OFF = re.compile(r"(?P<opening>.*?)(?:…|\.\.\.)[\])]?(?: \S+){0,3}\s*")
"""A line that breaks off, and the link after it."""


def find_duplicates(
    lines: Sequence[Line], *, has_entries: bool = False
) -> dict[int, str]:
    """Return the rule by place for each line that repeats others.

    "repeat": an earlier line again, also with small edits, or nine tenths of its
    four-word shingles in earlier lines.  "pull-quote": the same, inside one longer
    paragraph below.  "teaser": the opening of another line, ended by "…".

    Args:
        lines: in order.
        has_entries: whether a line below a label may be the detail of an entry; on a
            copied page, such lines belong to boxes.
    """
    cuts = find_equal(lines, has_entries=has_entries)
    shared = find_shared_shingles(_without(lines, cuts))
    cuts |= _find_pull_quotes(_without(lines, cuts), shared, _is_quote_of)
    cuts |= _find_near(_without(lines, cuts), shared)
    return cuts | _find_teasers(_without(lines, cuts))


def find_duplicates_alone(lines: Sequence[Line]) -> dict[int, str]:
    """Return the same for an article alone, where labels and entries may be equal.

    There, a sentence that resembles a part of a paragraph may be the article's.
    """
    cuts = find_exact_repeats(lines)
    copies = Counter(line.words for line in lines)
    once = [line for line in lines if copies[line.words] == 1]
    shared = find_shared_shingles(once)
    quotes = _find_pull_quotes(once, shared, _is_exact_quote_of)
    cuts |= {
        line.place: quotes[line.place]
        for above, line in pairwise(once)
        if line.place in quotes and _is_stated(line, above)
    }
    cuts |= _find_copies(_without(once, cuts), shared)
    return cuts | _find_teasers(_without(once, cuts))


def _is_stated(line: Line, above: Line) -> bool:
    """Return whether a quotation is a sentence, not a subhead or a standfirst."""
    # A standfirst is below the headline, a pull quote below a paragraph.
    is_below_paragraph = line.size >= MIN_PARAGRAPH_WORDS and above.ends_sentence
    return line.ends_sentence or line.text[0] in _QUOTES or is_below_paragraph


def _without(lines: Sequence[Line], cuts: dict[int, str]) -> list[Line]:
    return [line for line in lines if line.place not in cuts]


def _find_pull_quotes(
    lines: Sequence[Line],
    shared: AbstractSet[Shingle],
    is_quote_of: Callable[[Line, Line], bool],
) -> dict[int, str]:
    cuts: dict[int, str] = {}
    later = ComparedLines(shared)
    for line in reversed(lines):
        if (
            line.size in _QUOTE_WORDS
            and later.has(line, is_quote_of)
            and not _is_name(line)
        ):
            cuts[line.place] = "pull-quote"
        else:
            later.add(line)
    return cuts


def _is_name(line: Line) -> bool:
    """Whether it is in title case: the heading of an entry that names a work."""
    initials = [token[0] for token in line.tokens if token[0].isalpha()]
    capitals = sum(map(str.isupper, initials))
    return not line.ends_sentence and capitals >= _MIN_TITLE_CASE_RATIO * len(initials)


def _is_quote_of(line: Line, whole: Line) -> bool:
    return _is_exact_quote_of(line, whole) or (
        whole.size - line.size >= _MIN_REST_WORDS and is_edited_part(line, whole)
    )


def _is_exact_quote_of(line: Line, whole: Line) -> bool:
    rest = whole.size - line.size
    if rest >= _MIN_REST_WORDS:
        return is_covered(line, whole.shingle_set)
    return rest > 0 and _has_run(whole.words, line.words)


def _has_run(words: Shingle, run: Shingle) -> bool:
    return any(
        words[start : start + len(run)] == run
        for start in range(len(words) - len(run) + 1)
    )


def _find_near(lines: Sequence[Line], shared: AbstractSet[Shingle]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    earlier = ComparedLines(shared)
    seen: set[Shingle] = set()
    verse = find_verse(lines)
    for index, line in enumerate(lines):
        # What equals an earlier line by now is a detail of another entry.
        may_repeat = index not in verse and line.words not in seen
        seen.add(line.words)
        if may_repeat and (
            earlier.cover(line)
            or earlier.has(line, is_edited_copy)
            or (
                line.size in _QUOTE_WORDS
                and earlier.has(line, is_edited_part)
                and not _is_name(line)
            )
        ):
            cuts[line.place] = "repeat"
        else:
            earlier.add(line)
    return cuts


def _find_copies(lines: Sequence[Line], shared: AbstractSet[Shingle]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    earlier = ComparedLines(shared)
    for line in lines:
        if line.ends_sentence and earlier.has(line, is_edited_copy):
            cuts[line.place] = "repeat"
        else:
            earlier.add(line)
    return cuts


def _find_teasers(lines: Sequence[Line]) -> dict[int, str]:
    """Find lines that break off with "…" and that another line has as a whole."""
    wholes: defaultdict[Shingle, list[Line]] = defaultdict(list)
    for line in lines:
        wholes[line.words[:_MIN_TEASER_WORDS]].append(line)
    return {
        line.place: "teaser"
        for line in lines
        # Searching for plain marks is faster than matching every line.
        if ("…" in line.text or "..." in line.text)
        and (match := _BROKEN_OFF.fullmatch(line.text))
        and _opens_another(match["opening"], line, wholes)
    }


def _opens_another(
    text: str, line: Line, wholes: defaultdict[Shingle, list[Line]]
) -> bool:
    # The last word may be broken off as well.
    opening = Line(line.place, text).words[:-1]
    return len(opening) >= _MIN_TEASER_WORDS - 1 and any(
        whole is not line and whole.words[: len(opening)] == opening
        for whole in islice(wholes[line.words[:_MIN_TEASER_WORDS]], _MAX_TEASED_LINES)
    )
