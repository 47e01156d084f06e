"""Find the headline that a page displays: `find_headline`."""

import re
from collections.abc import Sequence

from service.page.blocks import Block
from service.page.extraction.stems import stems_of

_REACH_BLOCKS = 40
"""Blocks above the article that are searched."""

_MIN_WORDS = 4
"""Words of the shortest headline; section names are shorter."""

_MIN_SHARED_RATIO = 0.4
"""Share of its long words that the article has, from which an h1 is its headline.
The names of sites and of sections have less."""

_WORD = re.compile(r"\w+")


def find_headline(
    blocks: Sequence[Block], rules: Sequence[str | None], declared: str | None
) -> str | None:
    """Return the h1 above an article, or the declared title if there is none.

    The title that a page declares to browsers is often written for search engines;
    what is read is the headline that readers see.

    Args:
        blocks: the page.
        rules: rule of each block that is excluded.
        declared: the title that the page declares.
    """
    first = next((i for i, rule in enumerate(rules) if not rule), 0)
    shown = [
        block
        for block in blocks[max(0, first - _REACH_BLOCKS) : first + 1]
        if any(container.tag == "h1" for container in block.container.ancestry)
        and not block.skip_rule
        and len(block.words) >= _MIN_WORDS
    ]
    if not shown or (declared and any(_is_same(b.text, declared) for b in blocks)):
        return declared
    article = {
        stem
        for block, rule in zip(blocks, rules, strict=True)
        if not rule and block not in shown
        for stem in stems_of(block.text)
    }
    best = max(shown, key=lambda block: _shared_ratio(block.text, article))
    is_own = _shared_ratio(best.text, article) >= _MIN_SHARED_RATIO
    return best.text if is_own else declared


def _is_same(text: str, title: str) -> bool:
    return _WORD.findall(text.lower()) == _WORD.findall(title.lower())


def _shared_ratio(text: str, stems: set[str]) -> float:
    own = stems_of(text)
    return len(own & stems) / len(own) if own else 0.0
