"""Where the article stands on the page: the best run of prose.

The run is the slice with the largest sum of prose, less what the gaps in it cost
(Kadane's maximum subarray, in one pass).  A gap is charged by the line at first and
then at a lower rate, so that a box inside the article does not end it while a page of
menu does.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.cleaning.lines import Line
from service.cleaning.prose_score import prose_value

NEAR_COST = 8
"""Words that each line of a short gap costs."""

LITTLE = 1
"""Words that a line of known furniture or a list item costs in a short gap."""

FAR_ENTRY = 60
"""Words that a long gap costs at once, whatever its length."""

FAR_COST = 4
"""Words that each line of a long gap costs."""

CLOSING_COST = 90
"""Words that a line costs after which articles seldom go on, such as "Comments"."""


class _Run(NamedTuple):
    """The best slice that ends here; at equal score the one that starts first."""

    score: int
    minus_start: int

    def plus(self, words: int) -> "_Run":
        return _Run(self.score + words, self.minus_start)


_NONE = _Run(-(10**9), 0)


def find_prose_run(
    lines: Sequence[Line], furniture: set[int], closing: set[int]
) -> range | None:
    """Find the run of prose among lines; None when no line is prose.

    Args:
        lines: the page, in order.
        furniture: indices into `lines` that are no prose, whatever they look like.
        closing: those of them after which an article seldom goes on.

    Returns:
        Indices into `lines`; the first and the last are prose.
    """
    best, found = (0, 0), None
    for index, run in enumerate(_runs(lines, furniture, closing)):
        length = index + run.minus_start + 1
        if (run.score, length) > best and run.score > 0:
            best, found = (run.score, length), range(-run.minus_start, index + 1)
    return found


def _runs(
    lines: Sequence[Line], furniture: set[int], closing: set[int]
) -> Iterator[_Run]:
    prose, near, far = _NONE, _NONE, _NONE
    for index, line in enumerate(lines):
        value = 0 if index in furniture else prose_value(line)
        if value:
            prose = max(prose, near, far, _Run(0, -index)).plus(value)
            near = far = _NONE
            yield prose
            continue
        extra = CLOSING_COST if index in closing else 0
        far = max(prose.plus(-FAR_ENTRY), far).plus(-FAR_COST - extra)
        near = max(prose, near).plus(
            -_near_cost(line, known=index in furniture) - extra
        )
        prose = _NONE
        yield _NONE


def _near_cost(line: Line, *, known: bool) -> int:
    # Known furniture says nothing against the prose around it, for advertisements
    # stand inside articles; and so do lists.
    return LITTLE if known or line.listed else NEAR_COST
