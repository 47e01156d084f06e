"""Find verse, where refrains recur: `find_verse`."""

from collections.abc import Sequence

from service.cleaning.lines import Line
from service.cleaning.prose_score import MIN_PARAGRAPH_WORDS

_MIN_VERSE_LINES = 5
"""Consecutive short lines that make a verse."""

MAX_REFRAIN_COPIES = 5
"""Copies of a refrain in a verse; a line with more is a label."""


def find_verse(lines: Sequence[Line]) -> set[int]:
    """Return the indices of lines in verse: short, and few of them end as sentences.

    A line that does is part of a verse only as the last one of a stanza.
    """
    verse: set[int] = set()
    run: list[int] = []
    for index, line in enumerate(lines):
        is_short = line.size < MIN_PARAGRAPH_WORDS and not line.is_list_item
        ends_stanza = len(run) > 1 and not any(
            lines[above].ends_sentence for above in run[-2:]
        )
        if is_short and (not line.ends_sentence or ends_stanza):
            run.append(index)
            continue
        verse.update(run if len(run) >= _MIN_VERSE_LINES else ())
        run = []
    return verse.union(run if len(run) >= _MIN_VERSE_LINES else ())
