"""Lines that say again what another kept line says."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from service.cleaning.lines import Line, Shingle
from service.cleaning.prose_score import SENTENCE

EXACT = 6
"""Words from which an equal line is a repeat; shorter ones recur in interviews."""

STAMPED = 3
"""Times after which a line of `STAMP` words is a label on every item of a list."""

STAMP = 4
"""Words of such a label; answers such as "Yeah." are shorter."""

NEAR = 8
"""Words from which a line can be a repeat without being equal."""

SHARE = 0.9
"""Share of a line's shingles that stand elsewhere, from which it is a repeat."""

VERSE = 5
"""Short lines on end, none of them ending as a sentence, that make a verse."""

SUNG = 5
"""Times that a refrain is sung; what stands oftener is a label."""

_QUOTE = 45
"""Words of the longest pull quote."""

_LATEST = 4
"""Lines with a shingle that are looked at for a quote, the nearest first."""


def find_duplicates(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place for each line that repeats others; the first is kept.

    "repeat": the words of an earlier line, or nine tenths of its four-word shingles
    in earlier lines.  "pull-quote": the same, inside one longer paragraph further on.
    """
    cuts = _told_before(lines)
    kept = [line for line in lines if line.place not in cuts]
    return cuts | _quoted_from_later(kept)


def _told_before(lines: Sequence[Line]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    seen: set[tuple[str, ...]] = set()
    copies = Counter(line.words for line in lines)
    told: set[Shingle] = set()
    verse = _verse(lines)
    for index, line in enumerate(lines):
        stamped = copies[line.words] > STAMPED and len(line.words) >= STAMP
        equal = (stamped or len(line.words) >= EXACT) and line.words in seen
        sung = index in verse and copies[line.words] <= SUNG
        if (equal or _is_told(line, told)) and not sung:
            cuts[line.place] = "repeat"
            continue
        seen.add(line.words)
        told.update(line.shingles)
    return cuts


def _quoted_from_later(lines: Sequence[Line]) -> dict[int, str]:
    cuts: dict[int, str] = {}
    quotable = [line for line in lines if NEAR <= len(line.words) <= _QUOTE]
    # Wholes are only looked up by what a quote may begin with.
    openings = {line.shingles[0] for line in quotable}
    later: defaultdict[Shingle, list[Line]] = defaultdict(list)
    for line in reversed(lines):
        own = line.shingles
        if NEAR <= len(line.words) <= _QUOTE and any(
            _is_told(line, whole.shingle_set) and len(whole.shingle_set) > len(own)
            for whole in later[own[0]][-_LATEST:]
        ):
            cuts[line.place] = "pull-quote"
            continue
        for opening in filter(openings.__contains__, own):
            later[opening].append(line)
    return cuts


def _is_told(line: Line, told: AbstractSet[Shingle]) -> bool:
    if len(line.words) < NEAR:
        return False
    own = line.shingles
    return sum(map(told.__contains__, own)) >= SHARE * len(own)


def _verse(lines: Sequence[Line]) -> set[int]:
    """Return the indices of lines in verse: a refrain is sung as often as it stands."""
    found: set[int] = set()
    run: list[int] = []
    for index, line in enumerate(lines):
        if line.size < SENTENCE and not line.ends:
            run.append(index)
            continue
        found.update(run if len(run) >= VERSE else ())
        run = []
    return found.union(run if len(run) >= VERSE else ())
