"""Extend the best run of prose by the opening of its article: `extend_to_opening`.

A long list parts the first paragraphs from the rest.  Other texts are above many
articles too: but they introduce no list, and they have other words.
"""

from collections import Counter
from collections.abc import Container, Sequence
from math import log1p

from service.cleaning.lines import Line

_MAX_LIST_LINES = 30
"""Lines of the longest list between the opening and the rest."""

_MIN_PARAGRAPH_WORDS = 20
"""Words of the shortest paragraph of an opening: a teaser or a caption is shorter."""

_MIN_PARAGRAPHS = 2

_MIN_SHARED_RATIO = 0.33
"""Share of the opening's words, by rarity, that the run has too.  Of 316 pages five
have paragraphs of the article so far above, with .37 to .66; two comments share .17."""

_SMOOTHING_WEIGHT = 4.0
"""Weight added to a paragraph's own, so that a few shared words prove little."""


def extend_to_opening(
    lines: Sequence[Line], run: range, boilerplate: Container[int]
) -> range:
    """Return the run from paragraphs above it that introduce a list in between.

    Args:
        lines: the page, in order.
        run: indices of the best run of prose.
        boilerplate: indices of lines that are known not to be prose.
    """

    def is_paragraph(index: int) -> bool:
        line = lines[index]
        return (
            index not in boilerplate
            and line.ends_sentence
            and line.size >= _MIN_PARAGRAPH_WORDS
        )

    for introduction in range(max(0, run.start - _MAX_LIST_LINES), run.start):
        start = introduction
        while start and is_paragraph(start - 1):
            start -= 1
        opening = lines[start:introduction]
        if len(opening) >= _MIN_PARAGRAPHS and lines[introduction].text.endswith(":"):
            body = [lines[index] for index in run if index not in boilerplate]
            if _shared_ratio(opening, body, lines) >= _MIN_SHARED_RATIO:
                return range(start, run.stop)
    return run


def _shared_ratio(
    opening: Sequence[Line], body: Sequence[Line], page: Sequence[Line]
) -> float:
    """Return the share of the words of each paragraph that a body has, on average."""
    on_page = Counter(stem for line in page for stem in line.stems)
    in_body = {stem for line in body for stem in line.stems}

    def shared(line: Line) -> float:
        weights = {stem: log1p(len(page) / on_page[stem]) for stem in line.stems}
        common = sum(weight for stem, weight in weights.items() if stem in in_body)
        return common / (sum(weights.values()) + _SMOOTHING_WEIGHT)

    return sum(map(shared, opening)) / len(opening)
