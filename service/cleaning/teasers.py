"""Where an article ends and a stream of other stories begins that looks like it.

Under an article many pages go on with other stories, each as a headline and one
paragraph.  That is prose too, so the best run of prose reaches into it; but its
paragraphs stand alone under headlines, and their words are not the article's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

from service.cleaning.lines import Line
from service.cleaning.prose_score import SENTENCE

_STORIES = 4
"""Lone paragraphs on end from which they are a stream; guides have such rows too, but
in the words of their introduction."""

_TOGETHER = 4
"""Paragraphs beside another that the article above a stream has at least: fewer tell
too little of its words."""

_HEADLINE = 5
"""Words of the shortest headline; subheads are shorter more often than not."""

_ABOVE = 3
"""Lines above a paragraph among which its headline stands: a name or a date may stand
between."""

_SHARE = 0.6
"""Share of the article's own kinship that a stream stays under.  Streams that were
seen have .35 to .45, the sections of guides .8 and more."""


class _Paragraph(NamedTuple):
    place: int
    headline: int | None
    """The line of the headline it stands alone under, if it does."""

    together: bool
    """Whether another paragraph touches it."""


def trim_teasers(
    lines: Sequence[Line], run: range, furniture: Mapping[int, object]
) -> range:
    """Return the part of a run of prose that stands before a stream of other stories.

    Args:
        lines: the page, in order.
        run: indices of the best run of prose.
        furniture: indices of lines that are known for no prose.
    """
    paragraphs = list(_paragraphs([i for i in run if i not in furniture], lines))
    together = [paragraph.place for paragraph in paragraphs if paragraph.together]
    for stream in _streams(paragraphs):
        start = stream[0].headline or run.start
        article = [index for index in together if index < start]
        if len(article) >= _TOGETHER and _is_foreign(lines, article, stream):
            return range(run.start, start)
    return run


def _paragraphs(own: Sequence[int], lines: Sequence[Line]) -> Iterator[_Paragraph]:
    prose = [lines[i].ends and lines[i].size >= SENTENCE for i in own]
    touching = [False, *(a and b for a, b in pairwise(prose)), False]
    for at, index in enumerate(own):
        if prose[at]:
            together = touching[at] or touching[at + 1]
            above = [] if together else range(at - 1, max(-1, at - 1 - _ABOVE), -1)
            headline = None
            for higher in above:
                line = lines[own[higher]]
                if prose[higher]:
                    break
                if not line.ends and line.size >= _HEADLINE:
                    headline = own[higher]
                    break
            yield _Paragraph(index, headline, together)


def _streams(paragraphs: Sequence[_Paragraph]) -> Iterator[list[_Paragraph]]:
    stream: list[_Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.headline is not None:
            stream.append(paragraph)
            continue
        if len(stream) >= _STORIES:
            yield stream
        stream = []
    if len(stream) >= _STORIES:
        yield stream


def _is_foreign(
    lines: Sequence[Line], article: Sequence[int], stream: Sequence[_Paragraph]
) -> bool:
    """Whether a stream says fewer of the article's rare words than the article."""
    said = Counter(stem for line in lines for stem in line.stems)
    told = Counter(stem for index in article for stem in lines[index].stems)

    def kinship(index: int, *, own: int) -> float:
        weight = shared = 0.0
        for stem in lines[index].stems:
            rarity = log((len(lines) + 1) / said[stem])
            weight += rarity
            shared += rarity * (told[stem] > own)
        # A short line's kinship is chance: it counts as if it said more.
        return shared / (weight + 3)

    of_article = sum(kinship(index, own=1) for index in article) / len(article)
    of_stream = sum(kinship(story.place, own=0) for story in stream) / len(stream)
    return of_stream < _SHARE * of_article
