"""Compare lines by their consecutive words: `ComparedLines`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

from service.cleaning.lines import Line, Shingle, split_words

MIN_NEAR_WORDS = 8
"""Words from which a line can be a repeat without being equal."""

_MIN_SHARED_RATIO = 0.9
"""Share of a line's shingles that recur elsewhere, from which it is a repeat."""

_MIN_EDITED_WORDS = 10
"""Words from which a line can be an edited copy, or an edited quotation."""

_MIN_EDITED_SHARED_RATIO = 0.8
"""Share of the pairs of words that an edited copy of one line has in common with it."""

_MIN_TITLE_WORDS = 6
"""Words of the shortest headline that has edited copies."""

_MAX_CANDIDATES = 4
"""Lines that share a shingle with a line and are compared with it."""


class ComparedLines:
    """Lines by their shingles: a line is compared with few of them."""

    def __init__(self, shared: AbstractSet[Shingle]) -> None:
        """Start without lines.

        Args:
            shared: the shingles that several of the lines to come have; most lines
                have none, and are neither indexed nor compared.
        """
        self._shared = shared
        self._by_shingle: defaultdict[Shingle, list[Line]] = defaultdict(list)
        self._words: set[str] = set()
        self._uncounted: list[Line] = []

    def add(self, line: Line) -> None:
        """Add a line; of many lines with one shingle, the first few are compared."""
        self._uncounted.append(line)
        for shingle in self._shared & line.shingle_set:
            others = self._by_shingle[shingle]
            if len(others) < _MAX_CANDIDATES:
                others.append(line)

    def cover(self, line: Line) -> bool:
        """Return whether nearly all shingles of the line are in some lines."""
        if not is_covered(line, self._by_shingle.keys()):
            return False
        # Few lines are covered: only for those are the words of all lines needed.
        self._words.update(*[added.words for added in self._uncounted])
        self._uncounted.clear()
        return not _states_another(line, self._words)

    def has(self, line: Line, is_alike: Callable[[Line, Line], bool]) -> bool:
        """Return whether one of the most similar lines is alike."""
        return any(is_alike(line, other) for other in self._most_similar(line))

    def _most_similar(self, line: Line) -> Iterator[Line]:
        shared: Counter[int] = Counter()
        by_place: dict[int, Line] = {}
        for shingle in self._shared & line.shingle_set:
            for other in self._by_shingle.get(shingle, ()):
                shared[other.place] += 1
                by_place[other.place] = other
        return (by_place[place] for place, _ in shared.most_common(_MAX_CANDIDATES))


def find_shared_shingles(lines: Iterable[Line]) -> AbstractSet[Shingle]:
    """Find the shingles that more than one of the lines has."""
    seen: set[Shingle] = set()
    shared: set[Shingle] = set()
    for line in lines:
        shared |= seen & line.shingle_set
        seen |= line.shingle_set
    return shared


def is_covered(line: Line, shingles: AbstractSet[Shingle]) -> bool:
    """Return whether nearly all shingles of a long enough line are among others."""
    if line.size < MIN_NEAR_WORDS:
        return False
    own = line.shingles
    return sum(map(shingles.__contains__, own)) >= _MIN_SHARED_RATIO * len(own)


def is_edited_copy(line: Line, other: Line) -> bool:
    """Return whether a line is another one with a few words changed."""
    own, pairs = _pairs(line), _pairs(other)
    return (
        min(line.size, other.size) >= _MIN_EDITED_WORDS
        and len(own & pairs) >= _MIN_EDITED_SHARED_RATIO * max(len(own), len(pairs))
        and not _states_another(line, set(other.words))
        and not _states_another(other, set(line.words))
    )


def is_edited_title(line: Line, title: Line) -> bool:
    """Return whether a line is the headline with one word changed."""
    words, own = set(line.words), set(title.words)
    return (
        min(line.size, title.size) >= _MIN_TITLE_WORDS
        and not line.ends_sentence
        and len(words - own) <= 1
        and len(own - words) <= 1
        and not _states_another(line, own)
        and not _states_another(title, words)
    )


def is_edited_part(line: Line, other: Line) -> bool:
    """Return whether a line is a part of another one with a few words changed."""
    own = _pairs(line)
    return (
        line.size >= _MIN_EDITED_WORDS
        and len(own & _pairs(other)) >= _MIN_EDITED_SHARED_RATIO * len(own)
        and not _states_another(line, set(other.words))
    )


def _pairs(line: Line) -> set[tuple[str, str]]:
    return set(pairwise(line.words))


def _states_another(line: Line, words: AbstractSet[str]) -> bool:
    """Return whether it has a number or a name that is not among some words.

    Results, prices and entries of lists are worded alike.
    """
    return any(
        word.casefold() not in words and (word[0].isupper() or word[0].isdigit())
        for word in split_words(line.tokens[1:])
    )
