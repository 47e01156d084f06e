"""Render a page as text or as HTML: `to_text`, `to_html`."""

import random
from collections.abc import Sequence
from html import escape
from itertools import groupby

from planting.page import ARTICLE, TITLE, PageLine, PlantedPage


def to_text(page: PlantedPage, chance: random.Random) -> str:
    """Render a page as a reader copies it, one line each."""
    joint = chance.choice(("\n", "\n\n"))
    return joint.join(line.text for line in page.lines)


def to_html(page: PlantedPage, chance: random.Random) -> str:
    """Render a page as HTML; what is inside the article may be in a box or not."""
    menu = "".join(
        f'<li><a href="/">{escape(line.text)}</a></li>' for line in page.menu
    )
    head = "".join(map(_element, page.head))
    inside, below = (
        "".join(
            _in_box(what, list(group), chance)
            for what, group in groupby(lines, key=lambda line: line.what)
        )
        for lines in (page.body, page.below)
    )
    footer = "".join(f"<li>{escape(line.text)}</li>" for line in page.footer)
    between = chance.choice(("", "</div><div>"))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(page.title)} | The Wenlow'
        f" Echo</title></head><body><nav><ul>{menu}</ul></nav><main>{head}"
        f'<div class="story">{inside}{between}{below}</div></main>'
        f"<footer><ul>{footer}</ul></footer></body></html>"
    )


def _element(line: PageLine) -> str:
    tag = "h1" if line.what == TITLE else "p"
    return f"<{tag}>{escape(line.text)}</{tag}>\n"


def _in_box(what: str, lines: Sequence[PageLine], chance: random.Random) -> str:
    elements = "".join(map(_element, lines))
    if what == ARTICLE:
        return elements
    if what == "most-read":
        links = (f'<li><a href="/story">{escape(line.text)}</a></li>' for line in lines)
        return f"<div><ul>{''.join(links)}</ul></div>"
    if what == "comments":
        box = chance.choice(('section id="comments"', 'div class="comments"'))
    else:
        box = chance.choice(("aside", "div", f'div class="{what}"', ""))
    return f"<{box}>{elements}</{box.split()[0]}>\n" if box else elements
