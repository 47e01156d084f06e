"""Compose a page of an article and of what is planted: `plant`."""

import random
from collections.abc import Iterator, Sequence
from itertools import chain

from planting import texts
from planting.page import ARTICLE, TITLE, PageLine, PlantedPage, to_lines
from planting.repeats import edit, find_quotable, repeat

_OFTEN, _SOMETIMES, _SELDOM = 0.6, 0.4, 0.1
"""Shares of the pages that have a thing."""


def plant(chance: random.Random, title: str, paragraphs: Sequence[str]) -> PlantedPage:
    """Compose a page of an article and of what is planted around and into it."""
    groups = [[PageLine(paragraph, ARTICLE)] for paragraph in paragraphs]
    for planted in _inside(chance, paragraphs):
        groups.insert(chance.randint(1, len(groups) - 1), planted)
    body = chain.from_iterable(groups)
    return PlantedPage(
        title,
        tuple(_menu(chance)),
        tuple(_head(chance, title)),
        tuple(body),
        tuple(_below(chance, paragraphs)),
        tuple(_footer(chance)),
    )


def _menu(chance: random.Random) -> Iterator[PageLine]:
    yield from to_lines(
        "menu", chance.sample(texts.MENU, chance.randint(5, len(texts.MENU)))
    )
    if chance.random() < _OFTEN:
        yield PageLine(chance.choice(texts.COOKIES), "cookie")


def _head(chance: random.Random, title: str) -> Iterator[PageLine]:
    yield PageLine(title, TITLE)
    if chance.random() < _SOMETIMES:
        yield PageLine(title, "title-again")
    if chance.random() < _SELDOM:
        yield PageLine(edit(chance, title), "title-edited")
    if chance.random() < _OFTEN:
        yield PageLine(chance.choice(texts.BYLINES), "byline")
    if chance.random() < _OFTEN:
        yield PageLine(chance.choice(texts.DATES), "date")
    if chance.random() < _OFTEN:
        yield from to_lines("share", chance.sample(texts.SHARES, chance.randint(1, 4)))
    if chance.random() < _SOMETIMES:
        yield PageLine(chance.choice(texts.CAPTIONS), "caption")
    if chance.random() < _SOMETIMES:
        yield PageLine(chance.choice(texts.AUDIO), "audio")


def _inside(
    chance: random.Random, paragraphs: Sequence[str]
) -> Iterator[list[PageLine]]:
    for _ in range(chance.randint(0, 4)):
        yield [PageLine(chance.choice(texts.ADVERTISEMENTS), "advertisement")]
    if chance.random() < _SOMETIMES:
        heading = PageLine(chance.choice(texts.RELATED_HEADINGS), "related")
        stories = chance.sample(texts.HEADLINES, chance.randint(1, 3))
        yield [heading, *to_lines("related", stories)]
    if chance.random() < _SOMETIMES:
        story = (
            f"{chance.choice(texts.RELATED_PREFIXES)} {chance.choice(texts.HEADLINES)}"
        )
        yield [PageLine(story, "related-line")]
    if chance.random() < _SOMETIMES:
        boxes = chance.sample(texts.NEWSLETTERS, chance.randint(1, 2))
        yield [PageLine(box, "newsletter") for box in boxes]
    if chance.random() < _SOMETIMES:
        yield [PageLine(chance.choice(texts.CAPTIONS), "caption")]
    if chance.random() < _SOMETIMES and (quotes := find_quotable(paragraphs)):
        yield [PageLine(chance.choice(quotes), "pull-quote")]


def _below(chance: random.Random, paragraphs: Sequence[str]) -> Iterator[PageLine]:
    yield from repeat(chance, paragraphs)
    if chance.random() < _SOMETIMES:
        yield from to_lines("share", chance.sample(texts.SHARES, 2))
    if chance.random() < _SOMETIMES:
        heading = PageLine(chance.choice(texts.COMMENT_HEADINGS), "comments")
        said = chance.sample(texts.COMMENTS, chance.randint(1, len(texts.COMMENTS)))
        yield from (heading, *to_lines("comments", said))
    if chance.random() < _OFTEN:
        stories = chance.sample(texts.HEADLINES, chance.randint(3, 8))
        yield from to_lines("most-read", (chance.choice(texts.MOST_READ), *stories))


def _footer(chance: random.Random) -> Iterator[PageLine]:
    links = chance.sample(texts.FOOTER, chance.randint(3, len(texts.FOOTER)))
    yield from to_lines("footer", (*links, texts.COPYRIGHT))
