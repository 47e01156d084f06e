"""Features of a headline candidate, by name; most are from 0 to 1.

They do not depend on particular words: the headline repeats words of the article, is
above the byline and the date, and is not an entry of a list.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain

from service.cleaning.lines import Line
from service.cleaning.markers import MarkerRule
from service.cleaning.title.byline import is_byline, is_date
from service.cleaning.title.never_headline import is_never_headline, joins_label

_OPENING_LINES = 8
"""First lines of the body that may include the headline."""

_LEAD_LINES = 5
"""First lines of the body that state what the article is about."""

_SMOOTHING_WEIGHT = 4.0
"""Weight added to a line's own, so that a single shared word proves little."""

_MAX_LABEL_WORDS = 3
"""Words of the longest section name or kicker."""

_SHORT_WORDS = 5
"""Words below which few lines are headlines."""

_FULL_WORDS = 12
"""Words from which additional ones make a headline no likelier."""

MAX_HEADLINE_WORDS = 34
"""Words of the longest line that is taken for a headline."""

_LINES_BELOW = 6
"""Lines below a headline that may be its byline and standfirst."""

_BOX_LINES = 8
"""Lines below a headline that are mostly boilerplate: share, save, print."""

_MIN_STANDFIRST_WORDS = 8
"""Words of the shortest standfirst."""

_MAX_STANDFIRST_DISTANCE_LINES = 2
"""Largest distance between a headline and its standfirst."""

_LINES_BELOW_DATE = 4
"""Lines below a date that do not include the headline of the same story."""

_DATE_RULES = frozenset({"byline", "timestamp", "timestamp-alone"})
_SYMBOLS = re.compile(r"[|©@/]")
_QUOTES = "\"'”’»」』"
_FULL_STOPS = (".", "。", "।", "\u06d4")


@dataclass(frozen=True)
class TitleContext:
    """The candidate lines of a page, and values that their features share."""

    above: Sequence[Line]
    body: Sequence[Line]
    boilerplate: Mapping[int, MarkerRule]
    """Rule by place."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines above the body and the first of the body."""
        return (*self.above, *self.body[:_OPENING_LINES])

    @cached_property
    def candidates(self) -> tuple[bool, ...]:
        """Whether each line may be the headline at all."""
        start = len(self.above)
        return tuple(
            self._may_be_headline(line)
            and not (index >= start and _ends_with_full_stop(line))
            for index, line in enumerate(self.lines)
        )

    @cached_property
    def is_date(self) -> tuple[bool, ...]:
        """Whether each line is a date, or a byline that a rule matches."""
        return tuple(map(self._is_date, self.lines))

    @cached_property
    def is_box(self) -> tuple[bool, ...]:
        """Whether each line is boilerplate or a date."""
        return tuple(
            is_date or line.place in self.boilerplate
            for line, is_date in zip(self.lines, self.is_date, strict=True)
        )

    @cached_property
    def paragraphs_above(self) -> tuple[int, ...]:
        """Number of the body's paragraphs above each line."""
        start = len(self.above)
        is_paragraph = (
            index >= start and line.ends_sentence and line.size >= _FULL_WORDS
            for index, line in enumerate(self.lines)
        )
        return (0, *accumulate(map(int, is_paragraph)))

    @cached_property
    def copies(self) -> Counter[tuple[str, ...]]:
        """Number of copies of each line above the body, by its words."""
        return Counter(line.words for line in self.above)

    @cached_property
    def overlap(self) -> tuple[float, ...]:
        """Share of each candidate that the body repeats; 0 for other lines."""
        return tuple(
            self._share_elsewhere(line, is_in_body=index >= len(self.above))
            if self.candidates[index]
            else 0.0
            for index, line in enumerate(self.lines)
        )

    def share(self, line: Line, others: AbstractSet[str]) -> float:
        """Return the share of a line's stems that are among others, by rarity."""
        weights = {stem: self._weight(stem) for stem in self.stems[line.place]}
        shared = sum(weight for stem, weight in weights.items() if stem in others)
        return shared / (sum(weights.values()) + _SMOOTHING_WEIGHT)

    def lead_stems_without(self, line: Line) -> AbstractSet[str]:
        """Return the stems of the body's first lines, except those of this line."""
        lead = self.body[:_LEAD_LINES]
        if all(line.words != other.words for other in lead):
            return self._lead_stems
        return self._stems_of(other for other in lead if other.words != line.words)

    @cached_property
    def stems(self) -> Mapping[int, AbstractSet[str]]:
        """Stems of each line's longer words, by its place."""
        return {line.place: _stems(line) for line in (*self.above, *self.body)}

    def _share_elsewhere(self, line: Line, *, is_in_body: bool) -> float:
        """Return the share of a line's stems that other lines of the body have."""
        in_body = self._body_counts
        if not is_in_body:
            return self.share(line, in_body.keys())
        own = self.stems[line.place]
        return self.share(line, {stem for stem in own if in_body[stem] > 1})

    @cached_property
    def _lead_stems(self) -> AbstractSet[str]:
        return self._stems_of(self.body[:_LEAD_LINES])

    def _stems_of(self, lines: Iterable[Line]) -> AbstractSet[str]:
        return {stem for line in lines for stem in self.stems[line.place]}

    @cached_property
    def _body_counts(self) -> Counter[str]:
        return self._count_stems(self.body)

    @cached_property
    def _above_counts(self) -> Counter[str]:
        return self._count_stems(self.above)

    def _count_stems(self, lines: Sequence[Line]) -> Counter[str]:
        return Counter(chain.from_iterable(self.stems[line.place] for line in lines))

    def _weight(self, stem: str) -> float:
        # Inverse document frequency, with the page's lines for documents.
        count = self._body_counts[stem] + self._above_counts[stem]
        return math.log1p((len(self.above) + len(self.body)) / max(1, count))

    def _may_be_headline(self, line: Line) -> bool:
        rule = self.boilerplate.get(line.place)
        # Below a heading such as "Latest" the headline is taken for one of a list.
        listed = rule is not None and rule.heads and line.size > _MAX_LABEL_WORDS
        free = rule is None and line.size > 1 and not is_never_headline(line)
        return (
            (free or listed)
            and line.size <= MAX_HEADLINE_WORDS
            and not joins_label(line, self._texts)
        )

    @cached_property
    def _texts(self) -> AbstractSet[str]:
        return {line.text for line in (*self.above, *self.body)}

    def _is_date(self, line: Line) -> bool:
        rule = self.boilerplate.get(line.place)
        if rule is not None and rule.name in _DATE_RULES:
            return True
        return is_date(line)


def compute_title_features(context: TitleContext, index: int) -> dict[str, float]:
    """Compute the features of a line, by its index in the context's lines."""
    return (
        _own_features(context.lines[index])
        | _overlap_features(context, index)
        | _features_of_lines_above(context, index)
        | _features_of_lines_below(context, index)
    )


def _stems(line: Line) -> AbstractSet[str]:
    return dict.fromkeys([stem for stem, _ in line.all_stems]).keys()


def _own_features(line: Line) -> dict[str, float]:
    return {
        "long": min(line.size, _FULL_WORDS) / _FULL_WORDS,
        "short": max(0, _SHORT_WORDS - line.size) / _SHORT_WORDS,
        "symbols": float(_SYMBOLS.search(line.text) is not None),
        "full-stop": float(_ends_with_full_stop(line)),
    }


def _overlap_features(context: TitleContext, index: int) -> dict[str, float]:
    line, overlap = context.lines[index], context.overlap[index]
    return {
        "overlap": overlap,
        "overlap-if-repeated": overlap if context.copies[line.words] > 1 else 0.0,
        "overlap-opening": context.share(line, context.lead_stems_without(line)),
    }


def _features_of_lines_above(context: TitleContext, index: int) -> dict[str, float]:
    line = context.lines[index]
    above = context.lines[index - 1].size if index else 0
    shorter = index and _MAX_LABEL_WORDS < above < line.size
    dates = context.is_date[max(0, index - _LINES_BELOW_DATE) : index]
    return {
        "below-date": float(any(dates)),
        "below-label": float(index > 0 and above <= _MAX_LABEL_WORDS),
        "below-prose": math.log1p(context.paragraphs_above[index]),
        "below-shorter-overlap": context.overlap[index - 1] if shorter else 0.0,
    }


def _features_of_lines_below(context: TitleContext, index: int) -> dict[str, float]:
    line, lines = context.lines[index], context.lines
    below = range(index + 1, min(len(lines), index + 1 + _LINES_BELOW))
    after = next((lines[near] for near in below if not context.is_box[near]), None)
    return {
        "above-byline": next(
            # Between a headline and its byline there may be a standfirst.
            (min(1.0, 2 / (near - index)) for near in below if is_byline(lines[near])),
            0.0,
        ),
        "above-boilerplate": sum(context.is_box[index + 1 : index + 1 + _BOX_LINES])
        / _BOX_LINES,
        "above-standfirst": float(
            after is not None and _is_standfirst(context, after, line)
        ),
        "above-overlap": max(
            (
                context.overlap[near]
                for near in below[:_MAX_STANDFIRST_DISTANCE_LINES]
                if lines[near].size > _MAX_LABEL_WORDS
            ),
            default=0.0,
        ),
    }


def _is_standfirst(context: TitleContext, line: Line, headline: Line) -> bool:
    longer = line.size >= _MIN_STANDFIRST_WORDS and line.size > headline.size
    shared = context.stems[line.place] & context.stems[headline.place]
    return longer and bool(shared)


def _ends_with_full_stop(line: Line) -> bool:
    return line.text.rstrip(_QUOTES).endswith(_FULL_STOPS)
