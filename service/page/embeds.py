"""Read embedded posts of social networks as quotations: `unmark_embeds`."""

import lxml.html

from service.page.elements import EMBEDS


def unmark_embeds(tree: lxml.html.HtmlElement) -> None:
    """Make each embedded post of a page an ordinary quotation."""
    for quotation in tree.iter("blockquote"):
        if not EMBEDS.isdisjoint((quotation.get("class") or "").split()):
            quotation.attrib.pop("class")
