"""Exclude the elements that are separate from the article by their name.

`<aside>`, `<nav>` or a class of hidden text usually is; but some pages are one form,
some galleries have their text in captions, and an element that is never closed has the
rest of its page inside.  A name alone may not exclude more prose than it leaves: an
element that contains most of the page's prose, and the words of its headline, is read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.page.blocks import Block, Container
from service.page.elements import SIDEBAR_CLASS
from service.page.extraction.ancestors import sum_inside
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

    _rules: dict[Container, str | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """The rule of each container that was asked for."""

    def rule(self, block: Block) -> str | None:
        """Return the rule of the nearest excluded element around a block."""
        if block.skip_rule:
            return block.skip_rule
        path: list[Container] = []
        rule = None
        for container in block.container.ancestry:
            if container in self._rules:
                rule = self._rules[container]
                break
            path.append(container)
            rule = None if container in self.lifted else _declared_rule(container)
            if rule:
                break
        self._rules.update(dict.fromkeys(path, rule))
        return rule


@dataclass(frozen=True, slots=True)
class _Prose:
    """The prose inside the same kinds of excluded elements."""

    words: int
    headline_stems: frozenset[str]
    """Stems of the headline that it has."""


def find_exclusions(blocks: Sequence[Block], headline: str | None) -> Exclusions:
    """Find the elements that their names exclude, and those that hold the article.

    Args:
        blocks: the page.
        headline: the title that it declares, if any.
    """
    words = Counter[Container]()
    stems = defaultdict[Container, set[str]](set)
    wanted = stems_of(headline or "")
    for block in blocks:
        if count := prose_words(block):
            words[block.container] += count
            stems[block.container] |= wanted & stems_of(block.text)
    limit = _MAX_EXCLUDED_RATIO * words.total()
    kinds = _kinds_around(words)
    inside = _group_by_kinds(words, stems, kinds)
    held = Counter[ExcludedKind]()
    for around, prose in inside.items():
        held.update(dict.fromkeys(around, prose.words))
    lifted_kinds = {
        kind
        for kind, count in held.items()
        if count > limit and _has_headline(inside, kind)
    }
    lifted = [container for container in kinds if _kind(container) in lifted_kinds]
    large = [
        container
        for container, count in sum_inside(words).items()
        if count > limit and SIDEBAR_CLASS.search(container.labels)
    ]
    return Exclusions(frozenset(lifted), frozenset(large))


def _kinds_around(
    containers: Iterable[Container],
) -> dict[Container, frozenset[ExcludedKind]]:
    """Return the kinds around containers, and around all that contain them."""
    kinds: dict[Container, frozenset[ExcludedKind]] = {}
    for container in containers:
        path = []
        around = frozenset[ExcludedKind]()
        for ancestor in container.ancestry:
            if ancestor in kinds:
                around = kinds[ancestor]
                break
            path.append(ancestor)
        for ancestor in reversed(path):
            kind = _kind(ancestor)
            # Mostly the same set as around it, so that it takes no memory.
            around = around if kind is None or kind in around else around | {kind}
            kinds[ancestor] = around
    return kinds


def _group_by_kinds(
    words: Mapping[Container, int],
    stems: Mapping[Container, set[str]],
    kinds: Mapping[Container, frozenset[ExcludedKind]],
) -> dict[frozenset[ExcludedKind], _Prose]:
    nothing = _Prose(0, frozenset())
    groups: dict[frozenset[ExcludedKind], _Prose] = {}
    for container, count in words.items():
        group = groups.get(kinds[container], nothing)
        groups[kinds[container]] = _Prose(
            group.words + count, group.headline_stems | stems[container]
        )
    return groups


def _kind(container: Container) -> ExcludedKind | None:
    rule = _declared_rule(container)
    return (rule, container.tag, container.template_class) if rule else None


def _declared_rule(container: Container) -> str | None:
    return container.declared_rule or (_HIDDEN if container.hides else None)


def _has_headline(
    inside: Mapping[frozenset[ExcludedKind], _Prose], kind: ExcludedKind
) -> bool:
    """Whether the prose inside has as many of the headline's words as the rest."""
    within, without = set[str](), set[str]()
    for around, prose in inside.items():
        (within if kind in around else without).update(prose.headline_stems)
    return len(within) >= len(without)
