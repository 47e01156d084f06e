"""Exclude the blocks of a page outside its article, by their containers.

    votes ──► containers ──► span ──► a rule per excluded block

A candidate has most of an article and lacks some: a first paragraph in a container of
its own, the chunk after an advertisement, a subhead, a list.  It shows which containers
the site's template uses for paragraphs; all text in them, and voted text between them,
is the article.  Every site has such a template, so no rules per site are needed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.page.blocks import Block, Container
from service.page.elements import HEADINGS
from service.page.extraction.containers import (
    MAX_ARTICLE_LINKED_RATIO,
    MIN_LINK_RATIO,
    ArticleContainers,
    container_kind,
    find_containers,
    is_link_paragraph,
)
from service.page.extraction.prose import prose_words

_BEFORE = "before-body"
AFTER = "after-body"
_BESIDE_BODY = "beside-body"
LINK = "related-line"

_MIN_LIST_ITEMS = 2
"""Items from which a list between paragraphs is read even if all are links."""

_MIN_LEAD_WORDS = 12
"""Words of the shortest first paragraph that is restored."""

_MIN_UNENDED_LEAD_WORDS = 20
"""Words from which it may end without a full stop."""

_LEAD_REACH_BLOCKS = 40
"""Blocks above the body that are searched for a first paragraph."""

_MIN_TITLE_WORDS = 5
"""Words from which a link is a headline."""

_MAX_TAIL_GAP_BLOCKS = 2
"""Labels, such as "Advertisement", between the article and its last paragraphs."""

_MAX_LABEL_WORDS = 3
_FULL_STOPS = (".", "!", "…", '."', ".”", ".)", "?)")
_MAX_ITEM_LINKED_RATIO = 0.5
"""Share of linked characters below which a list item is not a link."""


def rule_blocks(
    blocks: Sequence[Block],
    votes: Sequence[bool],
    rules: Sequence[str | None],
    large: frozenset[Container],
) -> list[str | None]:
    """Return the rule that excludes each block, or None if it is read.

    Args:
        blocks: the page.
        votes: whether a candidate has each block.
        rules: rule of each block that is excluded by name.
        large: containers named like sidebars that contain most of the prose.
    """
    open_votes = [vote and not rule for vote, rule in zip(votes, rules, strict=True)]
    core = find_containers(blocks, open_votes, rules, large)
    if core is None:
        return [
            rule if vote else rule or _BESIDE_BODY
            for vote, rule in zip(votes, rules, strict=True)
        ]
    return _BlockClassifier(core, blocks, open_votes, rules).classify()


@dataclass(frozen=True, slots=True)
class _BlockClassifier:
    """Decides per block whether it belongs to the article."""

    core: ArticleContainers
    blocks: Sequence[Block]
    votes: Sequence[bool]
    rules: Sequence[str | None]

    def classify(self) -> list[str | None]:
        items = Counter(block.container.enclosing_list for block in self.blocks)
        rules = [
            self.rules[index] or self._rule(index, items)
            for index in range(len(self.blocks))
        ]
        lead = self._lead()
        if lead is not None:
            rules[lead] = None
        for index in self._tail():
            rules[index] = None
        return rules

    def _rule(self, index: int, items: Counter[Container | None]) -> str | None:
        block, span = self.blocks[index], self.core.span
        if self._is_listed(index, items):
            return None
        if index < span.start:
            read = self._is_voted_prose(index)
            return None if read else _BEFORE
        if index >= span.stop:
            read = self.votes[index] and block.shared_container in self.core.containers
            return None if read else AFTER
        if not self._is_inside(index):
            return _BESIDE_BODY
        return LINK if self._is_link(index) else None

    def _is_voted_prose(self, index: int) -> bool:
        block = self.blocks[index]
        return (
            self.votes[index]
            and block.is_prose
            and block.container.tag not in HEADINGS
            and not self.core.is_in_sidebar(block)
        )

    def _is_inside(self, index: int) -> bool:
        block = self.blocks[index]
        kind = container_kind(block.shared_container)
        if kind not in self.core.kinds:
            other = kind in self.core.teasers or self.core.is_in_sidebar(block)
            return self.votes[index] and not other
        return self.votes[index] or block.is_prose or self._is_own(block)

    def _is_own(self, block: Block) -> bool:
        """Whether a block in the article's containers is read without a vote."""
        if block.container.tag == "li":
            return block.linked_ratio < _MAX_ITEM_LINKED_RATIO
        return (
            block.container.tag in HEADINGS
            or block.container.tag == "p"
            or block.is_alone
        )

    def _is_listed(self, index: int, items: Counter[Container | None]) -> bool:
        """Whether it is an item of a list between the article's paragraphs."""
        block, listed = self.blocks[index], self.blocks[index].container.enclosing_list
        return (
            listed is not None
            and items[listed] >= _MIN_LIST_ITEMS
            and self.core.span.start <= index <= self.core.last_prose
            and listed.content_parent in self.core.nearby
            and not self.core.is_in_sidebar(block)
        )

    def _is_link(self, index: int) -> bool:
        """Whether it links to another story: a paragraph, or a list at the end."""
        block = self.blocks[index]
        if block.container.enclosing_list and index > self.core.last_prose:
            return block.linked_ratio > MIN_LINK_RATIO
        return (
            not self.core.has_link_paragraphs
            and is_link_paragraph(block)
            and len(block.words) >= _MIN_TITLE_WORDS
            and not block.text.endswith(_FULL_STOPS)
        )

    def _tail(self) -> Iterator[int]:
        """Find the prose that continues the body in the containers next to its own."""
        parents = {container.parent for container in self.core.containers}
        last = self.core.last_prose
        gap = 0
        for index in range(last + 1, len(self.blocks)):
            block = self.blocks[index]
            if gap < _MAX_TAIL_GAP_BLOCKS and _is_label(block):
                gap += 1
                continue
            continues = (
                not self.rules[index]
                and prose_words(block) > 0
                and (gap == 0 or self.votes[index])
                and block.container.tag == self.blocks[last].container.tag
                and block.shared_container.parent in parents
                and not self.core.is_in_sidebar(block)
            )
            if not continues:
                return
            gap = 0
            yield index

    def _lead(self) -> int | None:
        """Find a first paragraph above the body, in a container of its own."""
        start = self.core.span.start
        reach = range(max(0, start - _LEAD_REACH_BLOCKS), start)
        headlines = [i for i in reach if self.blocks[i].container.tag == "h1"]
        for index in range(start - 1, headlines[-1] if headlines else start, -1):
            block = self.blocks[index]
            if (
                not self.rules[index]
                and (block.is_prose or len(block.words) >= _MIN_UNENDED_LEAD_WORDS)
                and len(block.words) >= _MIN_LEAD_WORDS
                and block.linked_ratio < MAX_ARTICLE_LINKED_RATIO
                and not block.container.is_in_header
                and not self.core.is_in_sidebar(block)
            ):
                return index
        return None


def _is_label(block: Block) -> bool:
    return block.container.tag not in HEADINGS and len(block.words) <= _MAX_LABEL_WORDS
