"""Trim a list of teasers of other stories off the end of the prose run.

Below an article many pages list other stories, each as a headline and one paragraph.
That is prose too, so the best run of prose reaches into it; but its paragraphs stand
alone under headlines, and their words differ from the article's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

from service.cleaning.lines import Line
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

_MIN_TEASERS = 4
"""Consecutive lone paragraphs from which they are a list of teasers; guides have such
rows too, but in the words of their introduction."""

_MIN_ARTICLE_PARAGRAPHS = 4
"""Adjacent paragraphs that the article above the teasers has at least: fewer say too
little about its words."""

_MIN_HEADLINE_WORDS = 5
"""Words of the shortest headline; subheads are usually shorter."""

_MAX_HEADLINE_DISTANCE_LINES = 3
"""Lines above a paragraph that are searched for its headline: a name or a date may
be between them."""

_MAX_OVERLAP_RATIO = 0.6
"""Share of the article's own overlap that teasers stay under.  Teasers that were seen
have .35 to .45, the sections of guides .8 and more."""


class _RunParagraph(NamedTuple):
    line: int
    headline: int | None
    """Index of the headline above it, if it is the only line under it."""

    is_adjacent: bool
    """Whether another paragraph is next to it."""


def trim_teasers(
    lines: Sequence[Line], run: range, boilerplate: Mapping[int, object]
) -> range:
    """Return the part of a run of prose above a list of teasers.

    Args:
        lines: the page, in order.
        run: indices of the best run of prose.
        boilerplate: keyed by the indices of lines that are known not to be prose.
    """
    paragraphs = list(_find_paragraphs([i for i in run if i not in boilerplate], lines))
    adjacent = [paragraph.line for paragraph in paragraphs if paragraph.is_adjacent]
    for teasers in _find_teaser_lists(paragraphs):
        start = teasers[0].headline or run.start
        article = [index for index in adjacent if index < start]
        if len(article) >= _MIN_ARTICLE_PARAGRAPHS and _are_other_stories(
            lines, article, teasers
        ):
            return range(run.start, start)
    return run


def _find_paragraphs(
    indices: Sequence[int], lines: Sequence[Line]
) -> Iterator[_RunParagraph]:
    is_paragraph = [
        lines[i].ends_sentence and lines[i].size >= MIN_PARAGRAPH_WORDS for i in indices
    ]
    touches = [False, *(a and b for a, b in pairwise(is_paragraph)), False]
    for position, index in enumerate(indices):
        if not is_paragraph[position]:
            continue
        is_adjacent = touches[position] or touches[position + 1]
        headline = None
        if not is_adjacent:
            farthest = max(0, position - _MAX_HEADLINE_DISTANCE_LINES)
            for above in range(position - 1, farthest - 1, -1):
                line = lines[indices[above]]
                if is_paragraph[above]:
                    break
                if (
                    not line.ends_sentence
                    and line.size >= _MIN_HEADLINE_WORDS
                    # A numbered heading is an entry of the article's own list.
                    and not line.is_list_item
                ):
                    headline = indices[above]
                    break
        yield _RunParagraph(index, headline, is_adjacent)


def _find_teaser_lists(
    paragraphs: Sequence[_RunParagraph],
) -> Iterator[list[_RunParagraph]]:
    teasers: list[_RunParagraph] = []
    for paragraph in paragraphs:
        if paragraph.headline is not None:
            teasers.append(paragraph)
            continue
        if len(teasers) >= _MIN_TEASERS:
            yield teasers
        teasers = []
    if len(teasers) >= _MIN_TEASERS:
        yield teasers


def _are_other_stories(
    lines: Sequence[Line], article: Sequence[int], teasers: Sequence[_RunParagraph]
) -> bool:
    """Whether teasers have fewer of the article's rare words than the article."""
    on_page = Counter(stem for line in lines for stem in line.stems)
    in_article = Counter(stem for index in article for stem in lines[index].stems)

    def overlap(index: int, *, own: int) -> float:
        weight = shared = 0.0
        for stem in lines[index].stems:
            rarity = log((len(lines) + 1) / on_page[stem])
            weight += rarity
            shared += rarity * (in_article[stem] > own)
        # A short line's overlap is chance: it counts as if it had more words.
        return shared / (weight + 3)

    of_article = sum(overlap(index, own=1) for index in article) / len(article)
    of_teasers = sum(overlap(teaser.line, own=0) for teaser in teasers) / len(teasers)
    return of_teasers < _MAX_OVERLAP_RATIO * of_article
