"""Which blocks of a page are its article, by where they stand.

    trafilatura ──► votes ──► core boxes ──► span ──► a rule for every block left out

trafilatura finds most of an article and loses some: a first paragraph in a box of its
own, the chunk behind an advertisement, a subhead, a list.  What it found tells which
boxes the site's template puts paragraphs into; everything that stands in those boxes,
or between them where it was voted for, is the article.  A template's boxes repeat on
every site, so no site has to be known.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.page.blocks import Block, Container
from service.page.containers import (
    ALONE,
    LINKED,
    ArticleContainers,
    find_containers,
    is_in_sidebar,
    is_link_paragraph,
    kind_of,
)
from service.page.markup import HEADINGS

BEFORE = "before-body"
AFTER = "after-body"
BESIDE_BODY = "beside-body"
LINK = "related-line"
HIDDEN = "hidden"

LISTED = 2
"""Items from which a list between paragraphs is read although it is all links."""

LEAD = 12
"""Words of the shortest first paragraph that is restored."""

_LONG_LEAD = 20
"""Words from which it may end without a full stop."""

LEAD_REACH = 40
"""Blocks between a headline and the body in which a first paragraph is looked for."""

_VOTED = 0.7
"""Share of a line's shingles in the main text from which it is voted for."""

_SHINGLE = 4
_TITLE_WORDS = 5
"""Words from which a link is a headline."""

_FULL_STOPS = (".", "!", "…", '."', ".”", ".)", "?)")
_PLAIN_ITEM = 0.5
"""Share of linked characters below which an item is no link to elsewhere."""

_NOWHERE = Container("html", "", "", None, None, None, hidden=False)


def rule_blocks(blocks: Sequence[Block], found: Iterable[str]) -> list[str | None]:
    """Return for each block the rule that leaves it out, or None where it is read.

    Args:
        blocks: the page.
        found: paragraphs of the main text, in trafilatura's opinion.  Without one that
            stands on the page every block is read, save what its author left out.
    """
    rules = [block.skipped for block in blocks]
    votes = _votes(blocks, found)
    if not any(votes):
        return rules
    hidden = _are_hidden(blocks, votes)
    for index, block in enumerate(blocks):
        rules[index] = rules[index] or block.box.outside
        if hidden and block.box.hidden:
            rules[index] = rules[index] or HIDDEN
    open_votes = [vote and not rule for vote, rule in zip(votes, rules, strict=True)]
    core = find_containers(blocks, open_votes, rules)
    if core is None:
        return [
            rule if vote else rule or BESIDE_BODY
            for vote, rule in zip(votes, rules, strict=True)
        ]
    judge = _BlockClassifier(core, blocks, open_votes, rules)
    return judge.ruled()


def _votes(blocks: Sequence[Block], found: Iterable[str]) -> list[bool]:
    lines: set[tuple[str, ...]] = set()
    shingles: set[tuple[str, ...]] = set()
    for text in found:
        line = Block(text, _NOWHERE, 0.0, None).words
        lines.add(line)
        shingles.update(_shingles(line))
    return [
        bool(words)
        and (
            words in lines
            or (len(words) >= _SHINGLE and _told(words, shingles) >= _VOTED)
        )
        for words in (block.words for block in blocks)
    ]


def _shingles(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for start in range(max(1, len(words) - _SHINGLE + 1)):
        yield words[start : start + _SHINGLE]


def _told(words: tuple[str, ...], shingles: set[tuple[str, ...]]) -> float:
    own = list(_shingles(words))
    return sum(shingle in shingles for shingle in own) / len(own)


def _are_hidden(blocks: Sequence[Block], votes: Sequence[bool]) -> bool:
    """Whether hidden boxes hold none of the article: "read more" may unfold it."""
    words = [len(block.words) * vote for block, vote in zip(blocks, votes, strict=True)]
    hidden = sum(n for block, n in zip(blocks, words, strict=True) if block.box.hidden)
    return 2 * hidden < sum(words)


@dataclass(frozen=True, slots=True)
class _BlockClassifier:
    """Says of each block whether it is the article's."""

    core: ArticleContainers
    blocks: Sequence[Block]
    votes: Sequence[bool]
    rules: Sequence[str | None]

    def ruled(self) -> list[str | None]:
        items = Counter(block.box.listed for block in self.blocks)
        ruled = [
            self.rules[index] or self._rule(index, items)
            for index in range(len(self.blocks))
        ]
        lead = self._lead()
        if lead is not None:
            ruled[lead] = None
        return ruled

    def _rule(self, index: int, items: Counter[Container | None]) -> str | None:
        block, span = self.blocks[index], self.core.span
        if self._is_listed(index, items):
            return None
        if index < span.start:
            read = self._is_voted_prose(index)
            return None if read else BEFORE
        if index >= span.stop:
            read = self.votes[index] and block.place in self.core.boxes
            return None if read else AFTER
        if not self._is_inside(index):
            return BESIDE_BODY
        return LINK if self._is_link(index) else None

    def _is_voted_prose(self, index: int) -> bool:
        block = self.blocks[index]
        return (
            self.votes[index]
            and block.prose
            and block.box.tag not in HEADINGS
            and not is_in_sidebar(block, self.core.boxes)
        )

    def _is_inside(self, index: int) -> bool:
        block, kind = self.blocks[index], kind_of(self.blocks[index].place)
        if kind not in self.core.kinds:
            other = kind in self.core.teasers or is_in_sidebar(block, self.core.boxes)
            return self.votes[index] and not other
        return self.votes[index] or block.prose or self._is_own(block)

    def _is_own(self, block: Block) -> bool:
        """Whether a block in a core box is read although nothing voted for it."""
        if block.box.tag == "li":
            return block.linked < _PLAIN_ITEM
        return block.box.tag in HEADINGS or block.box.tag == "p" or block.alone

    def _is_listed(self, index: int, items: Counter[Container | None]) -> bool:
        """Whether it is an item of a list that paragraphs of the article surround."""
        block, listed = self.blocks[index], self.blocks[index].box.listed
        return (
            listed is not None
            and items[listed] >= LISTED
            and self.core.span.start <= index <= self.core.prose_until
            and listed.above in self.core.near
            and not is_in_sidebar(block, self.core.boxes)
        )

    def _is_link(self, index: int) -> bool:
        """Whether it leads to another story: a paragraph, or a list at the end."""
        block = self.blocks[index]
        if block.box.listed and index > self.core.prose_until:
            return block.linked > ALONE
        return (
            not self.core.linked
            and is_link_paragraph(block)
            and len(block.words) >= _TITLE_WORDS
            and not block.text.endswith(_FULL_STOPS)
        )

    def _lead(self) -> int | None:
        """Find a first paragraph between the headline and the body, in its own box."""
        start = self.core.span.start
        reach = range(max(0, start - LEAD_REACH), start)
        above = [i for i in reach if self.blocks[i].box.tag == "h1"]
        for index in range(start - 1, above[-1] if above else start, -1):
            block = self.blocks[index]
            if (
                not self.rules[index]
                and (block.prose or len(block.words) >= _LONG_LEAD)
                and len(block.words) >= LEAD
                and block.linked < LINKED
                and not block.box.heads
                and not is_in_sidebar(block, self.core.boxes)
            ):
                return index
        return None
