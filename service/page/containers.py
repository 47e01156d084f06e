"""The boxes that a site's template puts an article's paragraphs into: its core."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.page.blocks import Block, Container
from service.page.markup import HEADINGS, SIDEBAR_CLASS

SHARE = 0.1
"""Share of the voted words from which boxes of one kind are core.  Chunks of one
article between advertisements have more each, teasers of other stories less."""

LINKED = 0.3
"""Share of linked characters up to which a box is core: a teaser is half a link."""

ALONE = 0.75
"""Share of linked characters from which a paragraph leads elsewhere."""

USUAL = 0.25
"""Share of such paragraphs from which they are the article, as in a list of offers."""

_CHAIN = 5
"""Boxes around a block whose class is looked at."""

ContainerKind = tuple[str, str] | Container
"""Tag and class, which repeat from box to box; a box without a class is only itself."""


@dataclass(frozen=True, slots=True)
class ArticleContainers:
    """Where the article's paragraphs stand."""

    kinds: frozenset[ContainerKind]

    teasers: frozenset[ContainerKind]
    """Boxes that hold a linked headline for every other paragraph: other stories."""

    boxes: frozenset[Container]

    near: frozenset[Container]
    """Those, and others between them that hold voted prose."""

    span: range
    """Indices from the first to the last block in them."""

    prose_until: int
    """Index of their last prose."""

    linked: bool
    """Whether paragraphs that are links are usual in them."""


@dataclass(frozen=True, slots=True)
class _ContainerStats:
    """What stands in each kind of box."""

    prose: Counter[ContainerKind] = field(default_factory=Counter)
    """Words of prose that were voted for."""

    paragraphs: Counter[ContainerKind] = field(default_factory=Counter)
    titles: Counter[ContainerKind] = field(default_factory=Counter)
    """Headings that are links."""

    size: Counter[ContainerKind] = field(default_factory=Counter)
    """Characters, without lists."""

    linked: Counter[ContainerKind] = field(default_factory=Counter)

    def add(self, block: Block, *, vote: bool) -> None:
        """Count a block in."""
        kind = kind_of(block.place)
        if block.box.tag != "li":
            self.size[kind] += len(block.text)
            self.linked[kind] += round(len(block.text) * block.linked)
        if vote and block.prose:
            self.prose[kind] += len(block.words)
            self.paragraphs[kind] += 1
        self.titles[kind] += block.box.tag in HEADINGS and block.linked > ALONE

    def teasers(self) -> frozenset[ContainerKind]:
        count = self.paragraphs
        return frozenset(k for k, n in self.titles.items() if 2 * n >= count[k] > 0)

    def plain(self) -> dict[ContainerKind, int]:
        """Return the voted words by kind, without teasers if anything else is left."""
        teasers = self.teasers()
        return {
            kind: words
            for kind, words in self.prose.items()
            if self.linked[kind] < LINKED * self.size[kind] and kind not in teasers
        } or dict(self.prose)

    def core(self) -> frozenset[ContainerKind]:
        """Return the kinds that hold enough of what was voted for."""
        plain = self.plain()
        least = SHARE * sum(plain.values())
        most = max(plain.values(), default=0)
        # One paragraph makes no pattern, unless it is the article.
        return frozenset(
            kind
            for kind, words in plain.items()
            if words == most or (words >= least and self.paragraphs[kind] > 1)
        )


def find_containers(
    blocks: Sequence[Block], votes: Sequence[bool], rules: Sequence[str | None]
) -> ArticleContainers | None:
    """Find the core boxes; None when nothing that was voted for is prose."""
    stats = _ContainerStats()
    for block, vote, rule in zip(blocks, votes, rules, strict=True):
        if not rule:
            stats.add(block, vote=vote)
    kinds, plain = stats.core(), stats.plain()
    places = [kind_of(block.place) for block in blocks]
    voted = [i for i, block in enumerate(blocks) if votes[i] and block.prose]
    boxes = frozenset(blocks[i].place for i in voted if places[i] in kinds)
    inside = [
        i
        for i, block in enumerate(blocks)
        if not rules[i]
        and places[i] in kinds
        and (block.prose or (votes[i] and block.place in boxes))
    ]
    if not inside:
        return None
    span = range(inside[0], inside[-1] + 1)
    own = [blocks[i] for i in span if not rules[i] and places[i] in kinds]
    between = [blocks[i] for i in voted if i in span and places[i] in plain]
    return ArticleContainers(
        kinds=kinds,
        teasers=stats.teasers() - kinds,
        boxes=boxes,
        near=boxes | {b.place for b in between if not is_in_sidebar(b, boxes)},
        span=span,
        prose_until=max(i for i in inside if blocks[i].prose),
        linked=sum(is_link_paragraph(block) for block in own) >= USUAL * len(own),
    )


def kind_of(box: Container) -> ContainerKind:
    """Return what a box is one of."""
    return (box.tag, box.css_class) if box.css_class else box


def is_in_sidebar(block: Block, core: frozenset[Container]) -> bool:
    """Whether a box around the block, below the core, is one that stands beside."""
    box: Container | None = block.box
    for _ in range(_CHAIN):
        if box is None or box in core:
            return False
        if SIDEBAR_CLASS.search(box.labels):
            return True
        box = box.parent
    return False


def is_link_paragraph(block: Block) -> bool:
    """Whether it is a paragraph that is a link."""
    return block.linked > ALONE and block.box.tag in {"p", "div"}
