"""Find lines whose words are those of another line: `find_equal`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from service.cleaning.duplicates.find_verse import MAX_REFRAIN_COPIES, find_verse
from service.cleaning.lines import Line

_MIN_EXACT_WORDS = 6
"""Words from which an equal line is a repeat; shorter ones recur in interviews."""

_MAX_LABEL_COPIES = 3
"""Copies above which a line of `_MIN_LABEL_WORDS` is a label on each item of a list."""

_MIN_LABEL_WORDS = 4
"""Words of the shortest such label; answers such as "Yeah." are shorter."""

_MAX_ALONE_COPIES = 2
"""Copies above which an equal line of an article alone is a detail of its entries."""

_MAX_DETAIL_WORDS = 20
"""Words of the longest detail or answer that several entries share."""

_MAX_LINK_WORDS = 3
"""Words of the longest link at the end of a teaser, such as "Read more"."""

_MIN_LINKED_WORDS = 8
"""Words of the shortest line that is known again with such a link after it."""


_QUESTION_MARKS = ("?", "\uff1f", "\u061f")


def find_equal(lines: Sequence[Line], *, has_entries: bool) -> dict[int, str]:
    """Return the rule by place of each line that is equal to an earlier one.

    A short line is a repeat only next to one: then a whole part of the page recurs.  A
    line with a link after it is equal to the line without one.
    """
    verse = find_verse(lines)
    copies = Counter(line.words for line in lines)
    first: dict[tuple[str, ...], int] = {}
    repeated: dict[int, int] = {}
    for index, line in enumerate(lines):
        source = first.setdefault(line.words, index)
        is_label = (
            copies[line.words] > _MAX_LABEL_COPIES and line.size >= _MIN_LABEL_WORDS
        )
        is_refrain = {source, index} <= verse and copies[
            line.words
        ] <= MAX_REFRAIN_COPIES
        if (
            source != index
            and (is_label or line.size >= _MIN_EXACT_WORDS)
            and not is_refrain
            and not _are_answers(lines, source, index)
            and not (has_entries and _have_labels(lines, source, index))
        ):
            repeated[index] = source
    _add_short_lines(lines, repeated)
    repeated |= dict(_find_linked(lines, first))
    return {lines[index].place: "repeat" for index in repeated}


def find_exact_repeats(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place for each paragraph equal to one earlier paragraph.

    A sentence of verse, or below different labels, is a detail of several entries.
    """
    cuts: dict[int, str] = {}
    first: dict[tuple[str, ...], int] = {}
    verse = find_verse(lines)
    copies = Counter(line.words for line in lines)
    for index, line in enumerate(lines):
        if line.words not in first:
            first[line.words] = index
        elif (
            line.ends_sentence
            and line.size >= _MIN_EXACT_WORDS
            and copies[line.words] <= _MAX_ALONE_COPIES
            and not {first[line.words], index} <= verse
            and not _have_labels(lines, first[line.words], index)
        ):
            cuts[line.place] = "repeat"
    return cuts


def find_repeated_labels(lines: Sequence[Line]) -> dict[int, str]:
    """Return the rule by place of each label that every item of a list has.

    Such as "Price comparison from several stores"; a refrain is not one.
    """
    copies = Counter(line.words for line in lines)
    verse = find_verse(lines)
    return {
        line.place: "label"
        for index, line in enumerate(lines)
        if copies[line.words] > _MAX_LABEL_COPIES
        and line.size >= _MIN_LABEL_WORDS
        and not line.ends_sentence
        and (index not in verse or copies[line.words] > MAX_REFRAIN_COPIES)
    }


def _have_labels(lines: Sequence[Line], first: int, second: int) -> bool:
    """Return whether both are details below labels, and below different ones."""
    return _are_below_different(
        lines,
        (first, second),
        lambda above: not above.ends_sentence and not above.is_list_item,
    )


def _are_answers(lines: Sequence[Line], first: int, second: int) -> bool:
    """Return whether both are below questions, and below different ones."""
    return _are_below_different(
        lines,
        (first, second),
        lambda above: above.text.rstrip("\"'”’»」 ").endswith(_QUESTION_MARKS),
    )


def _are_below_different(
    lines: Sequence[Line], equal: tuple[int, int], is_heading: Callable[[Line], bool]
) -> bool:
    """Return whether two equal short lines are below different headings."""
    first, second = equal
    above = lines[first - 1], lines[second - 1]
    return (
        first > 0
        and lines[second].size <= _MAX_DETAIL_WORDS
        and above[0].words != above[1].words
        and all(map(is_heading, above))
    )


def _add_short_lines(lines: Sequence[Line], repeated: dict[int, int]) -> None:
    """Add the short lines next to repeats that have copies next to their sources."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.size < _MIN_EXACT_WORDS:
            places[line.words].append(index)
    for step in (1, -1):
        for index in range(len(lines))[::step]:
            source = repeated.get(index - step)
            if source is None or index in repeated:
                continue
            copy = source + step
            if copy < index and copy in places.get(lines[index].words, ()):
                repeated[index] = copy


def _find_linked(
    lines: Sequence[Line], first: dict[tuple[str, ...], int]
) -> Iterator[tuple[int, int]]:
    for index, line in enumerate(lines):
        for count in range(1, _MAX_LINK_WORDS + 1):
            if line.size - count < _MIN_LINKED_WORDS:
                break
            source = first.get(line.words[:-count])
            if (
                source is not None
                and not line.ends_sentence
                and (lines[source].ends_sentence or _is_link(line, count))
            ):
                yield index, source
                break


def _is_link(line: Line, count: int) -> bool:
    """Return whether the last words are a link, "Read more", not a name or a day."""
    first, *others = line.text.split()[-count:]
    return first[0].isupper() and bool(others) and all(map(str.islower, others))
