"""Find lines that repeat other kept lines: `find_duplicates`."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from service.cleaning.lines import Line, Shingle
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

MIN_EXACT_WORDS = 6
"""Words from which an equal line is a repeat; shorter ones recur in interviews."""

MAX_LABEL_COPIES = 3
"""Copies above which a line of `MIN_LABEL_WORDS` is a label on every item of a list."""

MIN_LABEL_WORDS = 4
"""Words of the shortest such label; answers such as "Yeah." are shorter."""

MIN_NEAR_WORDS = 8
"""Words from which a line can be a repeat without being equal."""

MIN_SHARED = 0.9
"""Share of a line's shingles that recur elsewhere, from which it is a repeat."""

MIN_VERSE_LINES = 5
"""Consecutive short lines, none ending as a sentence, that make a verse."""

MAX_REFRAIN_COPIES = 5
"""Copies of a refrain in a verse; a line with more is a label."""

_MAX_QUOTE_WORDS = 45
"""Words of the longest pull quote."""

_MAX_CANDIDATES = 4
"""Lines that share a shingle with a quote and are compared, the nearest first."""


def find_duplicates(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place for each line that repeats others; the first is kept.

    "repeat": the words of an earlier line, or nine tenths of its four-word shingles
    in earlier lines.  "pull-quote": the same, inside one longer paragraph below.
    """
    cuts = _find_repeats(lines)
    kept = [line for line in lines if line.place not in cuts]
    return cuts | _find_pull_quotes(kept)


def _find_repeats(lines: Sequence[Line]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    seen: set[tuple[str, ...]] = set()
    copies = Counter(line.words for line in lines)
    seen_shingles: set[Shingle] = set()
    verse = _find_verse(lines)
    for index, line in enumerate(lines):
        is_label = (
            copies[line.words] > MAX_LABEL_COPIES and len(line.words) >= MIN_LABEL_WORDS
        )
        is_equal = (
            is_label or len(line.words) >= MIN_EXACT_WORDS
        ) and line.words in seen
        is_refrain = index in verse and copies[line.words] <= MAX_REFRAIN_COPIES
        if (is_equal or _is_covered(line, seen_shingles)) and not is_refrain:
            cuts[line.place] = "repeat"
            continue
        seen.add(line.words)
        seen_shingles.update(line.shingles)
    return cuts


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


def _may_be_quote(line: Line) -> bool:
    return MIN_NEAR_WORDS <= len(line.words) <= _MAX_QUOTE_WORDS


def _is_covered(line: Line, shingles: AbstractSet[Shingle]) -> bool:
    if len(line.words) < MIN_NEAR_WORDS:
        return False
    own = line.shingles
    return sum(map(shingles.__contains__, own)) >= MIN_SHARED * len(own)


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
