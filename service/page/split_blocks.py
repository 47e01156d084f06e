"""Split a page into blocks: the lines that a reader would copy."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import lxml.etree
import lxml.html

from service.article import ParagraphKind
from service.page.blocks import Block, Container
from service.page.elements import (
    BLOCKS,
    EMBEDS,
    HEADINGS,
    HIDDEN_CLASSES,
    NON_ARTICLE_TAGS,
    NON_TEXT_TAGS,
    PARAGRAPH_KINDS,
)
from service.page.hidden_text import UNSEEN

_WHITE_SPACE = re.compile(r"\s+")
_MAX_LABEL_CHARACTERS = 200
"""Characters of a class or id that are examined; a page may have a megabyte."""

_LABEL_END = re.compile(r"[a-z0-9.!?:]$")
_CAPITALISED = re.compile(r"[A-Z][a-z]")
"""End of an inline element and start of the next, between which stylesheets put a
distance: "Update" and "The pier is open"."""


def split_blocks(
    tree: lxml.html.HtmlElement,
    skipped: Mapping[lxml.html.HtmlElement, str],
    included: Collection[lxml.html.HtmlElement] = (),
) -> list[Block]:
    """Split a page into the lines that a reader would copy, in order.

    Args:
        tree: the page.
        skipped: excluded elements with their rules; the text of one inside a
            paragraph becomes a block after it.
        included: elements to which reading is limited; none for the whole page.
    """
    return list(_BlockSplitter(skipped, included).blocks(tree))


@dataclass(slots=True)
class _LineBuilder:
    """Collects the text of a line."""

    texts: list[str] = field(default_factory=list)
    size: int = 0
    linked: int = 0
    is_between_elements: bool = False
    """Whether one inline element has ended and another begun, without text between."""

    def add(self, text: str, *, linked: bool) -> None:
        size = len(text.strip())
        if (
            self.is_between_elements
            and self.texts
            and _LABEL_END.search(self.texts[-1])
            and _CAPITALISED.match(text)
        ):
            self.texts.append(" ")
        self.is_between_elements = False
        self.texts.append(text)
        self.size += size
        self.linked += size if linked else 0

    def take(self, container: Container, skipped: str | None = None) -> Iterator[Block]:
        """Yield the line, unless it is white space, and begin the next."""
        if self.size:
            text = _WHITE_SPACE.sub(" ", "".join(self.texts)).strip()
            container.block_count += skipped is None
            yield Block(text, container, self.linked / self.size, skipped)
        self.texts.clear()
        self.size = self.linked = 0


@dataclass(slots=True)
class _BlockSplitter:
    """Walks a tree without recursion, because a page may be nested deep."""

    skipped: Mapping[lxml.html.HtmlElement, str]
    included: Collection[lxml.html.HtmlElement]
    line: _LineBuilder = field(default_factory=_LineBuilder)
    aside: _LineBuilder = field(default_factory=_LineBuilder)
    asides: list[Block] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    non_text_depth: int = 0
    link_depth: int = 0
    included_depth: int = 0
    has_ended: bool = False
    """Whether an inline element has just ended."""

    def blocks(self, tree: lxml.html.HtmlElement) -> Iterator[Block]:
        container = Container("html", "", "", None, None, None, hides=False)
        for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
            starts = event == "start"
            if element.tag in BLOCKS or element in self.included:
                yield from self._take(container)
            elif element in self.skipped:
                self._put_aside(container)
            self._count(element, 1 if starts else -1)
            if element.tag in BLOCKS and element.tag != "br":
                # It has a parent: each container that ends has begun.
                container = (
                    _open_container(element, container)
                    if starts
                    else (container.parent or container)
                )
            elif starts and self.has_ended:
                self.line.is_between_elements = True
            text = element.text if starts else element.tail
            self.has_ended = not starts and not text
            self._add(text)
        yield from self._take(container)

    def _take(self, container: Container) -> Iterator[Block]:
        rule = None if self.included_depth or not self.included else "not-included"
        yield from self.line.take(container, rule)
        self._put_aside(container)
        yield from self.asides
        self.asides.clear()

    def _put_aside(self, container: Container) -> None:
        self.asides += self.aside.take(container, self.rules[0] if self.rules else None)

    def _count(self, element: lxml.html.HtmlElement, step: int) -> None:
        tag = element.tag
        if tag in NON_TEXT_TAGS:
            self.non_text_depth += step
        elif tag == "a":
            self.link_depth += step
        if element in self.included:
            self.included_depth += step
        if element in self.skipped:
            if step > 0:
                self.rules.append(self.skipped[element])
            else:
                self.rules.pop()

    def _add(self, text: str | None) -> None:
        if text and not self.non_text_depth:
            line = self.aside if self.rules else self.line
            line.add(text, linked=self.link_depth > 0)


def _open_container(element: lxml.html.HtmlElement, parent: Container) -> Container:
    tag, css_class = element.tag, (element.get("class") or "")[:_MAX_LABEL_CHARACTERS]
    parent.child_count += 1
    kind, level = _declared_kind(element, parent)
    container = Container(
        tag=tag,
        css_class=css_class,
        css_id=(element.get("id") or "")[:_MAX_LABEL_CHARACTERS],
        parent=parent,
        declared_rule=_declared_rule(tag, css_class),
        enclosing_list=parent.enclosing_list,
        hides=_is_hidden(element),
        element=element,
        is_in_header=parent.is_in_header or tag in HEADINGS or tag == "header",
        kind=kind,
        level=level,
    )
    if tag in {"ul", "ol"}:
        container.enclosing_list = container
    return container


def _declared_kind(
    element: lxml.html.HtmlElement, parent: Container
) -> tuple[ParagraphKind, int | None]:
    """Return the kind and the heading level of the paragraphs in an element."""
    tag = element.tag
    if tag in HEADINGS:
        return ParagraphKind.HEADING, int(tag[1:])
    # A `pre` alone may be verse, or a whole page of plain text.
    if tag == "pre" and element.find("code") is not None:
        return ParagraphKind.CODE, None
    if tag in PARAGRAPH_KINDS:
        return PARAGRAPH_KINDS[tag], None
    return parent.kind, parent.level


def _declared_rule(tag: str, css_class: str) -> str | None:
    if tag in NON_ARTICLE_TAGS:
        return NON_ARTICLE_TAGS[tag]
    names = css_class.split()
    if tag == "blockquote" and not EMBEDS.isdisjoint(names):
        return "embed"
    return UNSEEN if not HIDDEN_CLASSES.isdisjoint(names) else None


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    style = (element.get("style") or "")[:_MAX_LABEL_CHARACTERS]
    return element.get("hidden") is not None or "display:none" in style.replace(" ", "")
