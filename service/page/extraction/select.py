"""Select the blocks of the article: `select_blocks`."""

from collections.abc import Sequence
from dataclasses import dataclass

import lxml.html

from service.article import Extraction
from service.page.blocks import Block
from service.page.extraction.block_rules import rule_blocks
from service.page.extraction.exclusions import find_exclusions
from service.page.extraction.main_text import main_text
from service.page.extraction.prose import find_prose_run, prose_words
from service.page.extraction.votes import vote


@dataclass(frozen=True, slots=True)
class Selection:
    """Which blocks of a page are its article."""

    rules: list[str | None]
    """Rule of each block that is excluded, None for the article's."""

    extraction: Extraction | None


def select_blocks(
    tree: lxml.html.HtmlElement, blocks: Sequence[Block], headline: str | None
) -> Selection:
    """Select the blocks of a page that are its article."""
    exclusions = find_exclusions(blocks, headline)
    for container in exclusions.lifted:
        if container.element is not None:
            container.element.tag = "div"
            container.element.attrib.clear()
    rules = [exclusions.rule(block) for block in blocks]
    run = find_prose_run(blocks, rules)
    large = exclusions.large
    fast = rule_blocks(blocks, vote(blocks, main_text(tree, fast=True)), rules, large)
    chosen = fast
    if _kept(blocks, fast, run) < _MIN_RUN_RATIO * _kept(blocks, rules, run):
        slow = rule_blocks(
            blocks, vote(blocks, main_text(tree, fast=False)), rules, large
        )
        if _kept(blocks, slow, run) > _kept(blocks, fast, run):
            chosen = slow
        if not _kept(blocks, chosen, run):
            chosen = rule_blocks(blocks, run, rules, large)
    if not any(_kept(blocks, chosen, [True] * len(blocks)) for _ in [0]):
        return Selection(rules, None)
    return Selection(chosen, Extraction(1.0))


_MIN_RUN_RATIO = 0.5


def _kept(
    blocks: Sequence[Block], rules: Sequence[str | None], run: Sequence[bool]
) -> int:
    """Return the words of the run's prose that no rule excludes."""
    return sum(
        prose_words(block)
        for block, rule, is_in_run in zip(blocks, rules, run, strict=True)
        if is_in_run and not rule
    )
