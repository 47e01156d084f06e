"""Find lines that repeat other kept lines: `find_duplicates`."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from service.cleaning.lines import Line, Shingle
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

MIN_EXACT_WORDS = 6
"""Words from which an equal line is a repeat; shorter ones recur in interviews."""

MAX_LABEL_COPIES = 3
"""Copies above which a line of `MIN_LABEL_WORDS` is a label on every item of a list."""

MIN_LABEL_WORDS = 4
"""Words of the shortest such label; answers such as "Yeah." are shorter."""

MAX_ALONE_COPIES = 2
"""Copies above which an equal line of an article alone is a detail of its entries."""

MIN_NEAR_WORDS = 8
"""Words from which a line can be a repeat without being equal."""

MIN_SHARED = 0.9
"""Share of a line's shingles that recur elsewhere, from which it is a repeat."""

MIN_EDITED_SHARED = 0.8
"""Share of the pairs of words that an edited copy of one line has in common with it."""

MIN_TEASER_WORDS = 5
"""Words of the shortest line ended by "…" that is the opening of another."""

MIN_VERSE_LINES = 5
"""Consecutive short lines, none ending as a sentence, that make a verse."""

MAX_REFRAIN_COPIES = 5
"""Copies of a refrain in a verse; a line with more is a label."""

_MAX_QUOTE_WORDS = 45
"""Words of the longest pull quote."""

_MAX_CANDIDATES = 4
"""Lines that share a shingle with a line and are compared with it."""

_ELLIPSES = ("…", "...")
_QUOTES = "\"'“‘«"


def find_duplicates(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place for each line that repeats others; the first is kept.

    "repeat": the words of an earlier line, nine tenths of its four-word shingles in
    earlier lines, or an edited copy of one.  "pull-quote": the same, inside one longer
    paragraph below.  "teaser": the opening of another line, ended by "…".
    """
    cuts = _find_repeats(lines)
    kept = [line for line in lines if line.place not in cuts]
    cuts |= _find_pull_quotes(kept)
    return cuts | _find_teasers([line for line in kept if line.place not in cuts])


def find_duplicates_alone(lines: Sequence[Line]) -> dict[int, str]:
    """Return the same for an article alone, where labels and entries may be equal."""
    cuts = _find_copies(lines)
    kept = [line for line in lines if line.place not in cuts]
    quotes = _find_pull_quotes(kept)
    stated = {
        line.place
        for above, line in pairwise(kept)
        if line.ends_sentence
        or line.text[0] in _QUOTES
        # Below a paragraph, as pull quotes are; a standfirst is below the headline.
        or (line.size >= MIN_PARAGRAPH_WORDS and above.ends_sentence)
    }
    cuts |= {place: rule for place, rule in quotes.items() if place in stated}
    return cuts | _find_teasers([line for line in kept if line.place not in cuts])


def find_exact_repeats(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place for each paragraph equal to one earlier paragraph.

    A sentence of verse, or below different labels, is a detail of several entries.
    """
    cuts: dict[int, str] = {}
    first: dict[tuple[str, ...], int] = {}
    verse = _find_verse(lines)
    copies = Counter(line.words for line in lines)
    for index, line in enumerate(lines):
        if line.words not in first:
            first[line.words] = index
        elif (
            line.ends_sentence
            and len(line.words) >= MIN_EXACT_WORDS
            and copies[line.words] <= MAX_ALONE_COPIES
            and index not in verse
            and not _have_labels(lines, first[line.words], index)
        ):
            cuts[line.place] = "repeat"
    return cuts


def _find_copies(lines: Sequence[Line]) -> dict[int, str]:
    cuts = find_exact_repeats(lines)
    copies = Counter(line.words for line in lines)
    earlier = _EarlierLines()
    for line in lines:
        if line.place in cuts:
            continue
        if line.ends_sentence and copies[line.words] == 1 and earlier.has_copy(line):
            cuts[line.place] = "repeat"
            continue
        earlier.add(line)
    return cuts


def _find_repeats(lines: Sequence[Line]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    seen: set[tuple[str, ...]] = set()
    copies = Counter(line.words for line in lines)
    earlier = _EarlierLines()
    verse = _find_verse(lines)
    for index, line in enumerate(lines):
        is_label = (
            copies[line.words] > MAX_LABEL_COPIES and len(line.words) >= MIN_LABEL_WORDS
        )
        is_equal = (
            is_label or len(line.words) >= MIN_EXACT_WORDS
        ) and line.words in seen
        is_refrain = index in verse and copies[line.words] <= MAX_REFRAIN_COPIES
        if (
            is_equal or earlier.cover(line) or earlier.has_copy(line)
        ) and not is_refrain:
            cuts[line.place] = "repeat"
            continue
        seen.add(line.words)
        earlier.add(line)
    return cuts


class _EarlierLines:
    """The lines that are kept so far, by their shingles."""

    def __init__(self) -> None:
        self._by_shingle: defaultdict[Shingle, list[Line]] = defaultdict(list)

    def add(self, line: Line) -> None:
        for shingle in line.shingle_set:
            if len(self._by_shingle[shingle]) < _MAX_CANDIDATES:
                self._by_shingle[shingle].append(line)

    def cover(self, line: Line) -> bool:
        """Return whether nearly all shingles of the line are in earlier lines."""
        return _is_covered(line, self._by_shingle.keys())

    def has_copy(self, line: Line) -> bool:
        """Return whether one earlier line is the same with small edits."""
        if len(line.words) < MIN_PARAGRAPH_WORDS:
            return False
        return any(_is_edited(line, other) for other in self._most_similar(line))

    def _most_similar(self, line: Line) -> Iterator[Line]:
        shared: Counter[int] = Counter()
        by_place: dict[int, Line] = {}
        for shingle in line.shingle_set:
            for other in self._by_shingle.get(shingle, ()):
                shared[other.place] += 1
                by_place[other.place] = other
        return (by_place[place] for place, _ in shared.most_common(_MAX_CANDIDATES))


def _is_edited(line: Line, other: Line) -> bool:
    """Whether it is a copy of another line with a few words changed.

    A number or a name that differs makes it another statement: results, prices and
    entries of lists are worded alike.
    """
    own, pairs = set(pairwise(line.words)), set(pairwise(other.words))
    if len(own & pairs) < MIN_EDITED_SHARED * max(len(own), len(pairs)):
        return False
    changed = set(line.words) ^ set(other.words)
    return not any(
        token.casefold() in changed and (token[0].isupper() or token[0].isdigit())
        for token in (*line.tokens[1:], *other.tokens[1:])
    )


def _find_pull_quotes(lines: Sequence[Line]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    quotable = [line for line in lines if _may_be_quote(line)]
    # Paragraphs are only indexed by the shingles that a quote may begin with.
    openings = {line.shingles[0] for line in quotable}
    later: defaultdict[Shingle, list[Line]] = defaultdict(list)
    for line in reversed(lines):
        own = line.shingles
        if _may_be_quote(line) and any(
            _is_covered(line, whole.shingle_set) and len(whole.shingle_set) > len(own)
            for whole in later[own[0]][-_MAX_CANDIDATES:]
        ):
            cuts[line.place] = "pull-quote"
            continue
        for opening in filter(openings.__contains__, own):
            later[opening].append(line)
    return cuts


def _find_teasers(lines: Sequence[Line]) -> dict[int, str]:
    """Find lines that break off with "…" and that another line has as a whole."""
    wholes: defaultdict[Shingle, list[Line]] = defaultdict(list)
    for line in lines:
        wholes[line.words[:MIN_TEASER_WORDS]].append(line)
    return {
        line.place: "teaser"
        for line in lines
        if line.text.rstrip("]) ").endswith(_ELLIPSES)
        and len(line.words) >= MIN_TEASER_WORDS
        and any(
            len(whole.words) > len(line.words)
            # The last word may be broken off as well.
            and whole.words[: len(line.words) - 1] == line.words[:-1]
            for whole in wholes[line.words[:MIN_TEASER_WORDS]]
        )
    }


def _may_be_quote(line: Line) -> bool:
    return MIN_NEAR_WORDS <= len(line.words) <= _MAX_QUOTE_WORDS


def _is_covered(line: Line, shingles: AbstractSet[Shingle]) -> bool:
    if len(line.words) < MIN_NEAR_WORDS:
        return False
    own = line.shingles
    return sum(map(shingles.__contains__, own)) >= MIN_SHARED * len(own)


def _have_labels(lines: Sequence[Line], first: int, second: int) -> bool:
    """Whether both lines are below labels, and below different ones."""
    above = lines[first - 1], lines[second - 1]
    return (
        first > 0
        and above[0].words != above[1].words
        and not any(line.ends_sentence or line.is_list_item for line in above)
    )


def _find_verse(lines: Sequence[Line]) -> set[int]:
    """Return the indices of lines in verse, where refrains recur."""
    verse: set[int] = set()
    run: list[int] = []
    for index, line in enumerate(lines):
        if line.size < MIN_PARAGRAPH_WORDS and not line.ends_sentence:
            run.append(index)
            continue
        verse.update(run if len(run) >= MIN_VERSE_LINES else ())
        run = []
    return verse.union(run if len(run) >= MIN_VERSE_LINES else ())
