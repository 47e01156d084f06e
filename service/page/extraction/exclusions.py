"""Exclude the elements that are separate from the article by their name.

`<aside>`, `<nav>` or a class of hidden text usually is; but some pages are one form,
some galleries have their text in captions, and an element that is never closed has the
rest of its page inside.  A name alone may not exclude more prose than it leaves: an
element that contains most of the page's prose, and the words of its headline, is read.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.page.blocks import Block, Container
from service.page.elements import SIDEBAR_CLASS
from service.page.extraction.prose import prose_words
from service.page.extraction.stems import stems_of

_HIDDEN = "hidden"

_MAX_EXCLUDED_RATIO = 0.5
"""Share of the page's prose above which an element is read in spite of its name."""

ExcludedKind = tuple[str, str, str]
"""Rule, tag and class of elements that are excluded, or read, together."""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The elements of a page that are excluded by name, and those that are not."""

    lifted: frozenset[Container]
    """Elements that contain the article in spite of their names."""

    large: frozenset[Container]
    """Elements named like sidebars that contain most of the prose."""

    def rule(self, block: Block) -> str | None:
        """Return the rule of the nearest excluded element around a block."""
        if block.skip_rule:
            return block.skip_rule
        for container in block.container.ancestry:
            rule = _declared_rule(container)
            if rule and container not in self.lifted:
                return rule
        return None


@dataclass(frozen=True, slots=True)
class _ExcludedGroup:
    """Elements of one kind, and the prose inside them."""

    members: set[Container] = field(default_factory=set)
    blocks: set[int] = field(default_factory=set)


def find_exclusions(blocks: Sequence[Block], headline: str | None) -> Exclusions:
    """Find the elements that their names exclude, and those that hold the article.

    Args:
        blocks: the page.
        headline: the title that it declares, if any.
    """
    words = {index: prose_words(block) for index, block in enumerate(blocks)}
    prose = {index: blocks[index] for index, count in words.items() if count}
    limit = _MAX_EXCLUDED_RATIO * sum(words.values())
    lifted = [
        container
        for group in _group_by_kind(prose).values()
        if sum(words[index] for index in group.blocks) > limit
        and _has_headline(prose, group.blocks, headline)
        for container in group.members
    ]
    in_sidebars = Counter[Container]()
    for index, block in prose.items():
        for container in block.container.ancestry:
            if SIDEBAR_CLASS.search(container.labels):
                in_sidebars[container] += words[index]
    large = [container for container, count in in_sidebars.items() if count > limit]
    return Exclusions(frozenset(lifted), frozenset(large))


def _group_by_kind(prose: Mapping[int, Block]) -> dict[ExcludedKind, _ExcludedGroup]:
    groups: defaultdict[ExcludedKind, _ExcludedGroup] = defaultdict(_ExcludedGroup)
    for index, block in prose.items():
        for container in block.container.ancestry:
            if rule := _declared_rule(container):
                group = groups[rule, container.tag, container.template_class]
                group.members.add(container)
                group.blocks.add(index)
    return groups


def _declared_rule(container: Container) -> str | None:
    return container.declared_rule or (_HIDDEN if container.hides else None)


def _has_headline(
    prose: Mapping[int, Block], inside: set[int], headline: str | None
) -> bool:
    """Whether the prose inside has as many of the headline's words as the rest."""
    stems = stems_of(headline or "")
    within, without = set[str](), set[str]()
    for index, block in prose.items():
        found = within if index in inside else without
        found.update(stems & stems_of(block.text))
    return len(within) >= len(without)
