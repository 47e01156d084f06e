"""Find the containers that a site's template uses for article paragraphs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from service.page.blocks import Block, Container
from service.page.elements import HEADINGS, SIDEBAR_CLASS

_MIN_WORDS_RATIO = 0.1
"""Share of the voted words from which containers of one kind are the article's.  Chunks
of one article between advertisements have more each, teasers of other stories less."""

MAX_ARTICLE_LINKED_RATIO = 0.3
"""Share of linked characters below which a container may be the article's: half of a
teaser is a link."""

MIN_LINK_RATIO = 0.75
"""Share of linked characters above which a paragraph links to another page."""

_USUAL_LINKS_RATIO = 0.25
"""Share of link paragraphs from which they are the article, as in a list of offers."""

_MAX_ANCESTORS = 5
"""Containers around a block whose class and id are examined."""

_MAX_UNNAMED = 3
"""Elements without a class that are compared by tag alone."""

ContainerKind = tuple[str | Container, ...]
"""Tags from a container up to one with a class, and that class without its numbers, or
the third container around it: what the boxes of one template have in common."""


@dataclass(frozen=True, slots=True)
class ArticleContainers:
    """The containers of an article's paragraphs."""

    kinds: frozenset[ContainerKind]

    teasers: frozenset[ContainerKind]
    """Kinds with a linked headline for every other paragraph: other stories."""

    containers: frozenset[Container]

    nearby: frozenset[Container]
    """Those, and others between them that contain voted prose."""

    span: range
    """Indices from the first to the last block in them."""

    last_prose: int
    """Index of the last prose in them."""

    large: frozenset[Container]
    """Containers named like sidebars that contain most of the page's prose."""

    has_link_paragraphs: bool
    """Whether paragraphs that are links are usual in them."""

    def is_in_sidebar(self, block: Block) -> bool:
        """Whether a container around a block, inside the article's, is a sidebar."""
        return is_in_sidebar(block, self.containers, self.large)


@dataclass(frozen=True, slots=True)
class _ContainerStats:
    """Counts of the text in each kind of container."""

    prose: Counter[ContainerKind] = field(default_factory=Counter)
    """Words of voted prose."""

    paragraphs: Counter[ContainerKind] = field(default_factory=Counter)
    """Paragraphs of voted prose."""

    titles: Counter[ContainerKind] = field(default_factory=Counter)
    """Headings that are links."""

    size: Counter[ContainerKind] = field(default_factory=Counter)
    """Characters, without lists."""

    linked: Counter[ContainerKind] = field(default_factory=Counter)
    """Characters of links, without lists."""

    def add(self, block: Block, *, vote: bool) -> None:
        """Count a block."""
        kind = container_kind(block.shared_container)
        if block.container.tag != "li":
            self.size[kind] += len(block.text)
            self.linked[kind] += round(len(block.text) * block.linked_ratio)
        if vote and block.is_prose:
            self.prose[kind] += len(block.words)
            self.paragraphs[kind] += 1
        self.titles[kind] += (
            block.container.tag in HEADINGS and block.linked_ratio > MIN_LINK_RATIO
        )

    def teasers(self) -> frozenset[ContainerKind]:
        count = self.paragraphs
        return frozenset(k for k, n in self.titles.items() if 2 * n >= count[k] > 0)

    def without_teasers(self) -> dict[ContainerKind, int]:
        """Return the voted words by kind, with teasers only if nothing else is left."""
        teasers = self.teasers()
        return {
            kind: words
            for kind, words in self.prose.items()
            if self.linked[kind] < MAX_ARTICLE_LINKED_RATIO * self.size[kind]
            and kind not in teasers
        } or dict(self.prose)

    def core(self) -> frozenset[ContainerKind]:
        """Return the kinds that contain enough voted words."""
        without_teasers = self.without_teasers()
        least = _MIN_WORDS_RATIO * sum(without_teasers.values())
        most = max(without_teasers.values(), default=0)
        # One paragraph makes no pattern, unless it is the article.
        return frozenset(
            kind
            for kind, words in without_teasers.items()
            if words == most or (words >= least and self.paragraphs[kind] > 1)
        )


def find_containers(
    blocks: Sequence[Block],
    votes: Sequence[bool],
    rules: Sequence[str | None],
    large: frozenset[Container],
) -> ArticleContainers | None:
    """Find the article's containers; None if no voted block is prose."""
    stats = _ContainerStats()
    for block, vote, rule in zip(blocks, votes, rules, strict=True):
        if not rule:
            stats.add(block, vote=vote)
    kinds, without_teasers = stats.core(), stats.without_teasers()
    block_kinds = [container_kind(block.shared_container) for block in blocks]
    voted = [i for i, block in enumerate(blocks) if votes[i] and block.is_prose]
    containers = frozenset(
        blocks[i].shared_container for i in voted if block_kinds[i] in kinds
    )
    inside = [
        i
        for i, block in enumerate(blocks)
        if not rules[i]
        and block_kinds[i] in kinds
        and (block.is_prose or (votes[i] and block.shared_container in containers))
    ]
    if not inside:
        return None
    span = range(inside[0], inside[-1] + 1)
    own = [blocks[i] for i in span if not rules[i] and block_kinds[i] in kinds]
    between = [
        blocks[i] for i in voted if i in span and block_kinds[i] in without_teasers
    ]
    links = sum(is_link_paragraph(block) for block in own)
    return ArticleContainers(
        kinds=kinds,
        teasers=stats.teasers() - kinds,
        containers=containers,
        nearby=containers
        | {
            b.shared_container
            for b in between
            if not is_in_sidebar(b, containers, large)
        },
        span=span,
        last_prose=max(i for i in inside if blocks[i].is_prose),
        large=large,
        has_link_paragraphs=links >= _USUAL_LINKS_RATIO * len(own),
    )


def container_kind(container: Container) -> ContainerKind:
    """Return the kind of a container: what containers of one template share."""
    path: list[str | Container] = []
    for around in islice(container.ancestry, _MAX_UNNAMED):
        if around.css_class:
            return *path, around.tag, around.template_class
        path.append(around.tag)
    return *path, around


def is_in_sidebar(
    block: Block, core: frozenset[Container], large: frozenset[Container]
) -> bool:
    """Whether a container around the block, inside the article's, is a sidebar."""
    for container in islice(block.container.ancestry, _MAX_ANCESTORS):
        if container in core or container in large:
            return False
        if SIDEBAR_CLASS.search(container.labels):
            return True
    return False


def is_link_paragraph(block: Block) -> bool:
    """Whether it is a paragraph that consists of a link."""
    return block.linked_ratio > MIN_LINK_RATIO and block.container.tag in {"p", "div"}
