"""Blocks of a page: its lines, each with the elements that contain it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import lxml.html

from service.article import Paragraph, ParagraphKind
from service.page.elements import WRAPPERS

_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"[0-9]+")
_MIN_SENTENCE_WORDS = 8
_MIN_UNENDED_WORDS = 30
_END_MARK = re.compile(r"[.!?…:][\"'\u201d\u2019»)\]]*$")
_MAX_PROSE_LINKED_RATIO = 0.9
"""Share of linked characters from which a line is a link, not prose."""


@dataclass(eq=False, slots=True)
class Container:
    """A block element; equal only to itself."""

    tag: str
    css_class: str
    css_id: str
    parent: "Container | None"

    declared_rule: str | None
    """Rule by which its own tag or class declares it separate from the article."""

    enclosing_list: "Container | None"
    """The nearest list that contains it."""

    hides: bool
    """Whether it is not displayed, by its own attributes."""

    element: lxml.html.HtmlElement | None = None
    """The element in the page's tree."""

    is_in_header: bool = False
    """Whether it is a heading, or in the header of the page or the article."""

    block_count: int = 0
    """Number of blocks directly in it."""

    child_count: int = 0
    """Number of containers directly in it."""

    kind: ParagraphKind = ParagraphKind.PARAGRAPH
    """Kind of its paragraphs, from the nearest element that declares one."""

    level: int | None = None
    """Level of a heading."""

    depth: int = field(init=False)
    """Number of containers around it."""

    exclusion_rule: str | None = field(init=False)
    """Rule of the nearest enclosing element outside the article, if any."""

    content_parent: "Container" = field(init=False)
    """The container around it, outside lists, tables and quotations."""

    def __post_init__(self) -> None:
        """Take over what the container around it has: it may be nested deep."""
        around = self.parent
        self.depth = 0 if around is None else around.depth + 1
        self.exclusion_rule = self.declared_rule
        self.content_parent = self if around is None else around
        if around is not None:
            self.exclusion_rule = self.declared_rule or around.exclusion_rule
            if around.tag in WRAPPERS:
                self.content_parent = around.content_parent

    @property
    def labels(self) -> str:
        """Its class and id."""
        return f"{self.css_class} {self.css_id}"

    @property
    def template_class(self) -> str:
        """Its class without its numbers: what the boxes of one template share."""
        return _DIGITS.sub("0", self.css_class)

    @property
    def ancestry(self) -> Iterator["Container"]:
        """Itself and the containers around it, the nearest first."""
        container: Container | None = self
        while container is not None:
            yield container
            container = container.parent


@dataclass(frozen=True)
class Block:
    """One line of the page."""

    text: str
    container: Container

    linked_ratio: float
    """Share of its characters that are links, 0 to 1."""

    skip_rule: str | None
    """Rule by which its author or publisher excludes it, if any."""

    @property
    def paragraph(self) -> Paragraph:
        """Its text with the kind that the markup declares."""
        return Paragraph(self.text, self.container.kind, self.container.level)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words in small letters."""
        return tuple(_WORD.findall(self.text.lower()))

    @cached_property
    def is_prose(self) -> bool:
        """Whether it is a sentence or long, and more than a link."""
        size = len(self.words)
        ends = size >= _MIN_SENTENCE_WORDS and _END_MARK.search(self.text) is not None
        return self.linked_ratio < _MAX_PROSE_LINKED_RATIO and (
            ends or size >= _MIN_UNENDED_WORDS
        )

    @cached_property
    def is_alone(self) -> bool:
        """Whether its container has no other content, as a paragraph's."""
        return self.container.block_count == 1 and not self.container.child_count

    @cached_property
    def shared_container(self) -> Container:
        """The container that it shares with others: its own, or that one's parent."""
        own = self.container.tag in {"div", "section", "article", "main", "body", "td"}
        return (
            self.container
            if own and not self.is_alone
            else self.container.content_parent
        )
