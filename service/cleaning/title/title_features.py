"""What speaks for a line being the headline: figures by name, most from 0 to 1.

They are what a reader goes by who knows none of the words: the headline says what the
article says, stands above the byline and the date, and is no entry of a list.
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

OPENING = 8
"""Lines of the body that are looked at for a headline that stands in it."""

_FIRST = 5
"""Lines of the body that say what the article is about."""

_LETTERS = 4
"""Letters from which a word tells something; shorter ones stand in every line."""

_STEM = 5
"""Letters that stand for a word, so that "strike" meets "strikes"."""

_DOUBT = 4.0
"""Weight added to a line's own, so that one shared word of one proves little."""

_LABEL = 3
"""Words of the longest section name or kicker."""

_SHORT = 5
"""Words below which few headlines stay."""

_FULL = 12
"""Words from which more of them say nothing more."""

LONGEST = 34
"""Words of the longest line that is taken for a headline."""

_DATED = 16
"""Words of the longest line that is a date rather than has one."""

_BYLINE = 8
"""Words of the longest byline that no rule knows."""

_NEAR = 6
"""Lines below a headline in which its byline and standfirst stand."""

_BOX = 8
"""Lines below a headline that are mostly furniture: share, save, print."""

_STANDFIRST = 8
"""Words from which the line below may be a standfirst."""

_BESIDE = 2
"""Lines that a headline and its standfirst stand apart at most."""

_LEFT = 4
"""Lines below a date in which no headline of the same story stands."""

_DATES = frozenset({"byline", "timestamp", "timestamp-alone"})
_BY = frozenset({"by", "par", "por", "von"})
_SIGNS = re.compile(r"[|©@/]")
_QUOTES = "\"'”’"
# In any language: a time of day, a date in figures, a year.
_WHEN = re.compile(
    r"\b(?:\d{1,2}:\d\d|\d{1,4}([-/.])\d{1,2}\1\d{2,4}|(?:19|20)\d\d)(?:\b|T)"
)


@dataclass(frozen=True)
class TitleContext:
    """The lines down to the opening of the body, and what holds for all of them."""

    above: Sequence[Line]
    body: Sequence[Line]
    furniture: Mapping[int, MarkerRule]
    """Rule by place."""

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Those above the body and the first of the body."""
        return (*self.above, *self.body[:OPENING])

    @cached_property
    def candidates(self) -> tuple[bool, ...]:
        """Whether each line may be the headline at all."""
        start = len(self.above)
        return tuple(
            self._may_be(line) and not (index >= start and _is_stopped(line))
            for index, line in enumerate(self.lines)
        )

    @cached_property
    def dated(self) -> tuple[bool, ...]:
        """Whether each line is a date or a byline that a rule knows."""
        return tuple(map(self._is_dated, self.lines))

    @cached_property
    def boxed(self) -> tuple[bool, ...]:
        """Whether each line is furniture or a date."""
        return tuple(
            dated or line.place in self.furniture
            for line, dated in zip(self.lines, self.dated, strict=True)
        )

    @cached_property
    def prose_before(self) -> tuple[int, ...]:
        """How many paragraphs of the body stand above each line."""
        start = len(self.above)
        prose = (
            index >= start and line.ends and line.size >= _FULL
            for index, line in enumerate(self.lines)
        )
        return (0, *accumulate(map(int, prose)))

    @cached_property
    def copies(self) -> Counter[tuple[str, ...]]:
        """How often each line stands above the body."""
        return Counter(line.words for line in self.above)

    @cached_property
    def told(self) -> tuple[float, ...]:
        """How much of each candidate the body says; 0 for other lines."""
        return tuple(
            self.share(line, self._elsewhere(index)) if self.candidates[index] else 0.0
            for index, line in enumerate(self.lines)
        )

    def share(self, line: Line, others: AbstractSet[str]) -> float:
        """Return the share of a line's stems that are among others, by rarity."""
        weights = {stem: self._weight(stem) for stem in self.stems[line.place]}
        shared = sum(weight for stem, weight in weights.items() if stem in others)
        return shared / (sum(weights.values()) + _DOUBT)

    def opening_beside(self, line: Line) -> AbstractSet[str]:
        """Return the stems of the body's first lines, those of this line left out."""
        if all(line.words != other.words for other in self.body[:_FIRST]):
            return self._opening
        return self._stems_of(
            other for other in self.body[:_FIRST] if other.words != line.words
        )

    @cached_property
    def stems(self) -> Mapping[int, AbstractSet[str]]:
        """Each line's telling words by its place, cut so that inflections meet."""
        return {line.place: _stems(line) for line in (*self.above, *self.body)}

    def _elsewhere(self, index: int) -> AbstractSet[str]:
        """Return the stems of the body, those left out that only this line has."""
        said, own = self._said, self.stems[self.lines[index].place]
        if index < len(self.above):
            return said.keys()
        return said.keys() - {stem for stem in own if said[stem] == 1}

    @cached_property
    def _opening(self) -> AbstractSet[str]:
        return self._stems_of(self.body[:_FIRST])

    def _stems_of(self, lines: Iterable[Line]) -> AbstractSet[str]:
        return {stem for line in lines for stem in self.stems[line.place]}

    @cached_property
    def _said(self) -> Counter[str]:
        return self._counted(self.body)

    @cached_property
    def _listed(self) -> Counter[str]:
        return self._counted(self.above)

    def _counted(self, lines: Sequence[Line]) -> Counter[str]:
        return Counter(chain.from_iterable(self.stems[line.place] for line in lines))

    def _weight(self, stem: str) -> float:
        # Inverse document frequency, with the page's lines for documents.
        count = self._said[stem] + self._listed[stem]
        return math.log1p((len(self.above) + len(self.body)) / max(1, count))

    def _may_be(self, line: Line) -> bool:
        rule = self.furniture.get(line.place)
        # Below a heading such as "Latest" the headline is taken for one of a list.
        listed = rule is not None and rule.heads and line.size > _LABEL
        free = rule is None and line.size > 1 and "://" not in line.text
        return (free or listed) and line.size <= LONGEST

    def _is_dated(self, line: Line) -> bool:
        rule = self.furniture.get(line.place)
        if rule is not None and rule.name in _DATES:
            return True
        return line.size <= _DATED and _WHEN.search(line.text) is not None


def compute_title_features(scene: TitleContext, index: int) -> dict[str, float]:
    """Return the figures of a line, by its index in the scene's lines."""
    return (
        _of_itself(scene.lines[index])
        | _of_words(scene, index)
        | _of_lines_above(scene, index)
        | _of_lines_below(scene, index)
    )


def _stems(line: Line) -> AbstractSet[str]:
    words = [word[:_STEM] for word in line.words if len(word) >= _LETTERS]
    return dict.fromkeys(words).keys()


def _of_itself(line: Line) -> dict[str, float]:
    return {
        "long": min(line.size, _FULL) / _FULL,
        "short": max(0, _SHORT - line.size) / _SHORT,
        "signs": float(_SIGNS.search(line.text) is not None),
        "stopped": float(_is_stopped(line)),
    }


def _of_words(scene: TitleContext, index: int) -> dict[str, float]:
    line, told = scene.lines[index], scene.told[index]
    return {
        "told": told,
        "told-and-recurs": told if scene.copies[line.words] > 1 else 0.0,
        "told-first": scene.share(line, scene.opening_beside(line)),
    }


def _of_lines_above(scene: TitleContext, index: int) -> dict[str, float]:
    line = scene.lines[index]
    above = scene.lines[index - 1].size if index else 0
    return {
        "below-date": float(any(scene.dated[max(0, index - _LEFT) : index])),
        "below-label": float(index > 0 and above <= _LABEL),
        "below-prose": math.log1p(scene.prose_before[index]),
        "below-shorter-told": (
            scene.told[index - 1] if index and _LABEL < above < line.size else 0.0
        ),
    }


def _of_lines_below(scene: TitleContext, index: int) -> dict[str, float]:
    line, lines = scene.lines[index], scene.lines
    below = range(index + 1, min(len(lines), index + 1 + _NEAR))
    after = next((lines[near] for near in below if not scene.boxed[near]), None)
    return {
        "above-byline": next(
            (1 / (near - index) for near in below if _is_byline(lines[near])), 0.0
        ),
        "above-furniture": sum(scene.boxed[index + 1 : index + 1 + _BOX]) / _BOX,
        "above-standfirst": float(
            after is not None and _is_standfirst(scene, after, line)
        ),
        "above-told": max(
            (scene.told[near] for near in below[:_BESIDE] if lines[near].size > _LABEL),
            default=0.0,
        ),
    }


def _is_standfirst(scene: TitleContext, line: Line, headline: Line) -> bool:
    longer = line.size >= _STANDFIRST and line.size > headline.size
    shared = scene.stems[line.place] & scene.stems[headline.place]
    return longer and bool(shared)


def _is_byline(line: Line) -> bool:
    return line.size <= _BYLINE and bool(line.words) and line.words[0] in _BY


def _is_stopped(line: Line) -> bool:
    return line.text.rstrip(_QUOTES).endswith(".")
