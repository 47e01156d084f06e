"""Measure the prose of a page, without regard to names of elements and classes."""

from collections.abc import Sequence

from service.page.blocks import Block

MAX_LINKED_RATIO = 0.5
"""Share of linked characters from which a block is another story's teaser."""

_MAX_BLOCK_WORDS = 100
"""Words that one block counts for at most, so that one giant block decides nothing."""

_LABEL_COST_WORDS = 3
"""Cost of a block without prose inside a run."""

_LINK_COST_WORDS = 6
"""Cost of a block that is mostly a link."""


def prose_words(block: Block) -> int:
    """Return the words of a block of prose; 0 for labels, links and skipped text."""
    if block.skip_rule or not block.is_prose or block.linked_ratio >= MAX_LINKED_RATIO:
        return 0
    return min(len(block.words), _MAX_BLOCK_WORDS)


def find_prose_run(blocks: Sequence[Block], rules: Sequence[str | None]) -> list[bool]:
    """Flag the prose in the best run of blocks, by Kadane's maximum subarray.

    Args:
        blocks: the page.
        rules: rule of each block that is excluded.

    Returns:
        For each block, whether it is prose inside the run.
    """
    best = total = start = 0
    span = range(0)
    words = [
        0 if rule else prose_words(block)
        for block, rule in zip(blocks, rules, strict=True)
    ]
    for index, (block, value) in enumerate(zip(blocks, words, strict=True)):
        if total <= 0:
            total, start = 0, index
        linked = block.linked_ratio >= MAX_LINKED_RATIO
        total += value or -(_LINK_COST_WORDS if linked else _LABEL_COST_WORDS)
        if total > best:
            best, span = total, range(start, index + 1)
    return [index in span and words[index] > 0 for index in range(len(blocks))]
