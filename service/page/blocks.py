"""A page is cut into blocks: its lines, each with the boxes it stands in."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import lxml.etree
import lxml.html

from service.article import Paragraph, ParagraphKind
from service.page.markup import (
    BLOCKS,
    EMBEDS,
    HEADINGS,
    HIDDEN_CLASSES,
    NON_ARTICLE_TAGS,
    NON_TEXT_TAGS,
    PARAGRAPH_KINDS,
    WRAPPERS,
)

_BLANK = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_LABEL = 200
"""Characters of a class or id that are looked at; a page may have a megabyte."""

_SENTENCE = 8
_LONG = 30
_ENDS = re.compile(r"[.!?…:][\"'\u201d\u2019»)\]]*$")
_LINKED = 0.9
"""Share of linked characters from which a line is a link and no prose."""


@dataclass(eq=False, slots=True)
class Container:
    """A block element; equal only to itself."""

    tag: str
    css_class: str
    css_id: str
    parent: "Container | None"

    outside: str | None
    """The rule of the nearest element around that is beside the article, if any."""

    listed: "Container | None"
    """The nearest list around it."""

    hidden: bool
    """Whether it is not shown at all."""

    heads: bool = False
    """Whether it is a heading, or stands in the page's or the article's header."""

    lines: int = 0
    """Blocks that stand in it directly."""

    boxes: int = 0
    """Boxes that stand in it directly."""

    kind: ParagraphKind = ParagraphKind.PARAGRAPH
    """Kind of its paragraphs: of the nearest element around that declares one."""

    level: int | None = None
    """Level of a heading."""

    @property
    def labels(self) -> str:
        """Its class and id."""
        return f"{self.css_class} {self.css_id}"

    @property
    def above(self) -> "Container":
        """The box around it, past lists, tables and quotations."""
        box = self
        while box.parent is not None:
            box = box.parent
            if box.tag not in WRAPPERS:
                break
        return box


@dataclass(frozen=True)
class Block:
    """One line of the page."""

    text: str
    box: Container

    linked: float
    """Share of its characters that are links, 0 to 1."""

    skipped: str | None
    """The rule by which its author or publisher leaves it out, if any."""

    @property
    def paragraph(self) -> Paragraph:
        """Its text with the kind that the markup declares."""
        return Paragraph(self.text, self.box.kind, self.box.level)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in small letters."""
        return tuple(_WORD.findall(self.text.lower()))

    @cached_property
    def prose(self) -> bool:
        """Whether it is a sentence or long, and not a link alone."""
        size = len(self.words)
        ends = size >= _SENTENCE and _ENDS.search(self.text) is not None
        return self.linked < _LINKED and (ends or size >= _LONG)

    @cached_property
    def alone(self) -> bool:
        """Whether its box holds nothing else, as a paragraph's does."""
        return self.box.lines == 1 and not self.box.boxes

    @cached_property
    def place(self) -> Container:
        """The box that holds it as one of many: its own, or the one around that."""
        own = self.box.tag in {"div", "section", "article", "main", "body", "td"}
        return self.box if own and not self.alone else self.box.above


@dataclass(slots=True)
class _LineBuilder:
    """Text that is being gathered."""

    texts: list[str] = field(default_factory=list)
    size: int = 0
    linked: int = 0

    def add(self, text: str, *, linked: bool) -> None:
        size = len(text.strip())
        self.texts.append(text)
        self.size += size
        self.linked += size if linked else 0

    def take(self, box: Container, skipped: str | None = None) -> Iterator[Block]:
        """Yield what was gathered, if it is more than white space."""
        if self.size:
            text = _BLANK.sub(" ", "".join(self.texts)).strip()
            box.lines += skipped is None
            yield Block(text, box, self.linked / self.size, skipped)
        self.texts.clear()
        self.size = self.linked = 0


def split_blocks(
    tree: lxml.html.HtmlElement,
    skipped: Mapping[lxml.html.HtmlElement, str],
    included: Collection[lxml.html.HtmlElement] = (),
) -> list[Block]:
    """Cut a page into the lines that a reader would copy, in order.

    Args:
        tree: the page.
        skipped: elements that are left out, by rule; inside a paragraph they leave it
            whole and follow it as a block of their own.
        included: elements that alone are read; none for the whole page.
    """
    return list(_Walk(skipped, included).blocks(tree))


@dataclass(slots=True)
class _Walk:
    """One way through a tree, without recursion: a page may be nested deep."""

    skipped: Mapping[lxml.html.HtmlElement, str]
    included: Collection[lxml.html.HtmlElement]
    line: _LineBuilder = field(default_factory=_LineBuilder)
    aside: _LineBuilder = field(default_factory=_LineBuilder)
    asides: list[Block] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    unread: int = 0
    links: int = 0
    inside: int = 0

    def blocks(self, tree: lxml.html.HtmlElement) -> Iterator[Block]:
        box = Container("html", "", "", None, None, None, hidden=False)
        for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
            starts = event == "start"
            if element.tag in BLOCKS or element in self.included:
                yield from self._take(box)
            elif element in self.skipped:
                self._put_aside(box)
            self._count(element, 1 if starts else -1)
            if element.tag in BLOCKS and element.tag != "br":
                # `parent` is there: every box that ends has begun.
                box = _inner(element, box) if starts else (box.parent or box)
            self._add(element.text if starts else element.tail)
        yield from self._take(box)

    def _take(self, box: Container) -> Iterator[Block]:
        rule = None if self.inside or not self.included else "not-included"
        yield from self.line.take(box, rule)
        self._put_aside(box)
        yield from self.asides
        self.asides.clear()

    def _put_aside(self, box: Container) -> None:
        self.asides += self.aside.take(box, self.rules[0] if self.rules else None)

    def _count(self, element: lxml.html.HtmlElement, step: int) -> None:
        tag = element.tag
        if tag in NON_TEXT_TAGS:
            self.unread += step
        elif tag == "a":
            self.links += step
        if element in self.included:
            self.inside += step
        if element in self.skipped:
            if step > 0:
                self.rules.append(self.skipped[element])
            else:
                self.rules.pop()

    def _add(self, text: str | None) -> None:
        if text and not self.unread:
            line = self.aside if self.rules else self.line
            line.add(text, linked=self.links > 0)


def _inner(element: lxml.html.HtmlElement, parent: Container) -> Container:
    tag, css_class = element.tag, (element.get("class") or "")[:_LABEL]
    parent.boxes += 1
    kind, level = _declared_kind(element, parent)
    box = Container(
        tag=tag,
        css_class=css_class,
        css_id=(element.get("id") or "")[:_LABEL],
        parent=parent,
        outside=_outside(tag, css_class) or parent.outside,
        listed=parent.listed,
        hidden=parent.hidden or _is_hidden(element),
        heads=parent.heads or tag in HEADINGS or tag == "header",
        kind=kind,
        level=level,
    )
    if tag in {"ul", "ol"}:
        box.listed = box
    return box


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


def _outside(tag: str, css_class: str) -> str | None:
    if tag in NON_ARTICLE_TAGS:
        return NON_ARTICLE_TAGS[tag]
    names = css_class.split()
    if tag == "blockquote" and not EMBEDS.isdisjoint(names):
        return "embed"
    return "unseen" if not HIDDEN_CLASSES.isdisjoint(names) else None


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    style = (element.get("style") or "")[:_LABEL]
    return element.get("hidden") is not None or "display:none" in style.replace(" ", "")
