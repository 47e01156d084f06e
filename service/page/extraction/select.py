"""Select the blocks of the article: `select_blocks`.

Several candidates are made, each a set of blocks; a witness that knows no names, the
best run of prose, and the text that the page declares for search engines show whether
a candidate is complete.  The costly candidates are only made if the first one is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import lxml.etree
import lxml.html

from service.article import Extraction
from service.page.blocks import Block
from service.page.extraction.block_rules import LINK, rule_blocks
from service.page.extraction.confidence import SelectedProse, estimate
from service.page.extraction.exclusions import find_exclusions
from service.page.extraction.main_text import main_text
from service.page.extraction.prose import MAX_LINKED_RATIO, find_prose_run, prose_words
from service.page.extraction.votes import vote
from service.page.metadata import Metadata

_MIN_RUN_RATIO = 0.5
"""Share of the best run of prose below which a candidate may be incomplete.  Pages with
long comments below a short article were seen with 36 %."""

_MIN_DECLARED_RATIO = 0.8
"""The same share of the text that the page declares."""

_LOST_RUN_RATIO = 0.2
"""Share of the best run below which the article is lost, and the run is read."""

_MAX_EXTRACTED_BLOCKS = 20_000
"""Blocks above which trafilatura, which takes 0.1 ms per block, is not asked."""

_MAX_EXTRACTED_DEPTH = 600_000
"""Sum of the depths of all elements, for the same reason: it looks at the elements
around each one.  Twenty thousand blocks of usual depth have half of it."""

_MAX_COMPARED_BLOCKS = 5_000
"""The same for its comparison with other extractors, which takes longer still."""

Rules = Sequence[str | None]
"""Rule of each block that is excluded, None for the article's."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The blocks of a page, and which of them are its article."""

    blocks: Sequence[Block]
    rules: Rules
    extraction: Extraction | None
    """None if the markup shows no article."""


def select_blocks(
    tree: lxml.html.HtmlElement, blocks: Sequence[Block], metadata: Metadata
) -> Selection:
    """Select the blocks of a page that are its article.

    Args:
        tree: the page, without the elements that its publisher excludes.
        blocks: the page.
        metadata: what it declares.
    """
    exclusions = find_exclusions(blocks, metadata.title)
    for container in exclusions.lifted:
        _rename(container.element)
    excluded = [exclusions.rule(block) for block in blocks]
    run = find_prose_run(blocks, excluded)

    def candidate(votes: Sequence[bool]) -> Rules:
        return rule_blocks(blocks, votes, excluded, exclusions.large)

    is_large = len(blocks) > _MAX_EXTRACTED_BLOCKS or _is_deep(tree)
    extracted = run if is_large else vote(blocks, main_text(tree, fast=True))
    referee = _Referee(blocks, run, extracted, _declared_votes(blocks, metadata.body))
    rules = candidate(extracted)
    if not referee.is_complete(rules):
        others = [candidate(referee.declared)] if referee.declared else []
        if len(blocks) <= _MAX_COMPARED_BLOCKS and not is_large:
            others.append(candidate(vote(blocks, main_text(tree, fast=False))))
        rules = max([rules, *others], key=referee.score)
    if referee.run_ratio(rules) < _LOST_RUN_RATIO:
        rules = candidate(run)
    if not referee.words(rules):
        return Selection(blocks, _exclude_links(blocks, excluded), None)
    return Selection(blocks, rules, estimate(referee.amounts(rules)))


def _is_deep(tree: lxml.html.HtmlElement) -> bool:
    depth = total = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        total += depth if event == "start" else 0
        if total > _MAX_EXTRACTED_DEPTH:
            return True
    return False


def _exclude_links(blocks: Sequence[Block], excluded: Rules) -> Rules:
    return [
        rule or (LINK if block.linked_ratio >= MAX_LINKED_RATIO else None)
        for block, rule in zip(blocks, excluded, strict=True)
    ]


def _rename(element: lxml.html.HtmlElement | None) -> None:
    # So that trafilatura does not exclude it by its name either.
    if element is not None:
        element.tag = "div"
        element.attrib.clear()


def _declared_votes(blocks: Sequence[Block], body: str | None) -> Sequence[bool]:
    """Return which blocks the declared text has; empty if none is declared."""
    return () if body is None else vote(blocks, (body, *body.splitlines()))


@dataclass(frozen=True, slots=True)
class _Referee:
    """Compares candidates with the witnesses."""

    blocks: Sequence[Block]
    run: Sequence[bool]
    extracted: Sequence[bool]
    declared: Sequence[bool]

    def is_complete(self, rules: Rules) -> bool:
        return (
            self.run_ratio(rules) >= _MIN_RUN_RATIO
            and self.declared_ratio(rules) >= _MIN_DECLARED_RATIO
        )

    def score(self, rules: Rules) -> tuple[float, int]:
        """Return a sort key: complete candidates first, then by words of the run."""
        return (
            min(self.declared_ratio(rules), _MIN_DECLARED_RATIO),
            self.words(rules, self.run),
        )

    def run_ratio(self, rules: Rules) -> float:
        return self._ratio(rules, self.run)

    def declared_ratio(self, rules: Rules) -> float:
        return self._ratio(rules, self.declared) if self.declared else 1.0

    def _ratio(self, rules: Rules, among: Sequence[bool]) -> float:
        total = self.words(None, among)
        return self.words(rules, among) / total if total else 1.0

    def words(
        self, rules: Rules | None = None, among: Sequence[bool] | None = None
    ) -> int:
        """Return the words of prose, among some blocks, that no rule excludes."""
        return sum(
            prose_words(block)
            for index, block in enumerate(self.blocks)
            if (among is None or among[index]) and not (rules and rules[index])
        )

    def amounts(self, rules: Rules) -> SelectedProse:
        sizes = [len(block.words) for block in self.blocks]
        declared = self.declared or None
        return SelectedProse(
            read=sum(size for size, rule in zip(sizes, rules, strict=True) if not rule),
            on_page=sum(sizes),
            prose=self.words(rules),
            prose_on_page=self.words(),
            run=self.words(None, self.run),
            run_read=self.words(rules, self.run),
            extracted=self.words(None, self.extracted),
            extracted_read=self.words(rules, self.extracted),
            declared=self.words(None, declared) if declared else 0,
            declared_read=self.words(rules, declared) if declared else 0,
        )
