"""Locate the article on the page: the best run of prose.

The run is the slice with the largest sum of prose, less the cost of the gaps in it
(Kadane's maximum subarray, in one pass).  A gap is charged per line at first and then
at a lower rate, so that a box inside the article does not end it but a page of menu
does.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.cleaning.lines import Line
from service.cleaning.prose_score import prose_value

SHORT_GAP_LINE_COST_WORDS = 8
"""Cost of each line of a short gap."""

KNOWN_LINE_COST_WORDS = 1
"""Cost of a line of known boilerplate or a list item in a short gap."""

LONG_GAP_COST_WORDS = 60
"""Cost of a long gap, besides that of its lines."""

LONG_GAP_LINE_COST_WORDS = 4
"""Cost of each line of a long gap."""

CLOSING_COST_WORDS = 90
"""Cost of a line after which articles seldom continue, such as "Comments"."""


class _Run(NamedTuple):
    """The best slice that ends here; at equal score the one that starts first."""

    score: int
    minus_start: int

    def plus(self, words: int) -> "_Run":
        return _Run(self.score + words, self.minus_start)


_NONE = _Run(-(10**9), 0)


def find_prose_run(
    lines: Sequence[Line], boilerplate: set[int], closing: set[int]
) -> range | None:
    """Find the run of prose among lines; None if no line is prose.

    Args:
        lines: the page, in order.
        boilerplate: indices into `lines` that are never prose.
        closing: those of them after which an article seldom continues.

    Returns:
        Indices into `lines`; the first and the last are prose.
    """
    best, best_range = (0, 0), None
    for index, run in enumerate(_best_runs(lines, boilerplate, closing)):
        length = index + run.minus_start + 1
        if (run.score, length) > best and run.score > 0:
            best, best_range = (run.score, length), range(-run.minus_start, index + 1)
    return best_range


def _best_runs(
    lines: Sequence[Line], boilerplate: set[int], closing: set[int]
) -> Iterator[_Run]:
    prose, near, far = _NONE, _NONE, _NONE
    for index, line in enumerate(lines):
        value = 0 if index in boilerplate else prose_value(line)
        if value:
            prose = max(prose, near, far, _Run(0, -index)).plus(value)
            near = far = _NONE
            yield prose
            continue
        extra = CLOSING_COST_WORDS if index in closing else 0
        far = max(prose.plus(-LONG_GAP_COST_WORDS), far).plus(
            -LONG_GAP_LINE_COST_WORDS - extra
        )
        near = max(prose, near).plus(
            -_short_gap_cost(line, known=index in boilerplate) - extra
        )
        prose = _NONE
        yield _NONE


def _short_gap_cost(line: Line, *, known: bool) -> int:
    # Known boilerplate does not count against the prose around it, for advertisements
    # occur inside articles, and so do lists.
    free = known or line.is_list_item
    return KNOWN_LINE_COST_WORDS if free else SHORT_GAP_LINE_COST_WORDS
