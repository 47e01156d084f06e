"""Exclude the elements that are separate from the article by their name.

`<aside>`, `<nav>` or a class of hidden text usually is; but some pages are one form,
some galleries have their text in captions, and an element that is never closed contains
the rest of its page.  A name alone may not exclude more prose than it leaves: an element
that contains most of the page's prose, and the words of its headline, is read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.page.blocks import Block, Container
from service.page.elements import SIDEBAR_CLASS
from service.page.extraction.prose import prose_words

HIDDEN = "hidden"

_MAX_EXCLUDED_RATIO = 0.5
"""Share of the page's prose above which an element is read in spite of its name."""

_MIN_STEM_LETTERS = 4
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"[0-9]+")

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


def find_exclusions(blocks: Sequence[Block], headline: str | None) -> Exclusions:
    """Find the elements that their names exclude, and those that hold the article."""
    inside: Counter[ExcludedKind] = Counter()
    members: dict[ExcludedKind, set[Container]] = {}
    sidebars: Counter[Container] = Counter()
    blocks_inside: dict[ExcludedKind, set[int]] = {}
    total = 0
    for index, block in enumerate(blocks):
        words = prose_words(block)
        total += words
        if not words:
            continue
        kinds = set()
        for container in block.container.ancestry:
            if rule := _declared_rule(container):
                kind = (rule, container.tag, _DIGITS.sub("0", container.css_class))
                members.setdefault(kind, set()).add(container)
                kinds.add(kind)
            if SIDEBAR_CLASS.search(container.labels):
                sidebars[container] += words
        for kind in kinds:
            inside[kind] += words
            blocks_inside.setdefault(kind, set()).add(index)
    limit = _MAX_EXCLUDED_RATIO * total
    lifted = frozenset(
        container
        for kind, words in inside.items()
        if words > limit and _has_headline(blocks, blocks_inside[kind], headline)
        for container in members[kind]
    )
    large = frozenset(c for c, words in sidebars.items() if words > limit)
    return Exclusions(lifted, large)


def _declared_rule(container: Container) -> str | None:
    return container.declared_rule or (HIDDEN if container.hides else None)


def _has_headline(
    blocks: Sequence[Block], inside: set[int], headline: str | None
) -> bool:
    """Whether the prose inside has as many of the headline's words as the rest."""
    stems = set(_stems(headline or ""))
    within, without = set[str](), set[str]()
    for index, block in enumerate(blocks):
        if prose_words(block):
            own = within if index in inside else without
            own.update(stems.intersection(_stems(block.text)))
    return len(within) >= len(without)


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if len(word) >= _MIN_STEM_LETTERS:
            yield word[:5]
