"""Pages of a made-up site: one article, and what a template puts around it."""

from collections.abc import Callable, Sequence

from service.article import Article
from service.cleaning import Cleaned, clean, load_markers
from service.page import read_html

HEADLINE = "Orchard wins back its old footpath"

PARAGRAPHS = (
    (
        "The footpath through the Halm orchard is open again after eleven years, and "
        "the first walkers crossed the stile at six in the morning on Sunday."
    ),
    (
        "Owner Petra Lindqvist had closed it when a tree fell on a cyclist, and for a"
        " long time the parish council and her family spoke only through lawyers."
    ),
    (
        "A volunteer group offered to clear the dead wood, repair the gates and carry "
        "the insurance, which the council accepted by five votes to two."
    ),
    (
        "The work took fourteen weekends and used forty metres of rope, two borrowed "
        "tractors and more tea than anyone had thought to count."
    ),
    (
        "Surveyors found three apple varieties along the path that were thought to be"
        " extinct in the county, and grafts were sent to a nursery in the north."
    ),
    (
        "Schools have booked visits until October, and the bus company has moved a "
        "stop so that children need not cross the main road."
    ),
    (
        "Lindqvist said she would walk the path herself every Monday, because a gate "
        "that is used does not rust and a neighbour who is greeted does not sue."
    ),
    (
        "The council will review the agreement in two years, when the insurance ends "
        "and the oldest pear tree reaches its second century."
    ),
)

MENU = "".join(
    f'<li><a href="/{name.lower()}">{name}</a></li>'
    for name in (
        *("News", "Parish", "Sport", "Farming", "Culture", "Weather", "Letters"),
        *("Jobs", "Property", "Archive", "Events", "Podcasts", "Contact"),
    )
)
TEASERS = "".join(
    f'<li><a href="/{number}">{headline}</a></li>'
    for number, headline in enumerate(
        (
            "Bell tower to be silent until spring",
            "Who painted the post office blue?",
            "Seven ponds that froze last winter",
        )
    )
)
FOOTER = "<footer><p>© 2031 Halm Gazette Ltd. All rights reserved.</p></footer>"


def page(body: str, *, head: str = "", title: str = HEADLINE) -> str:
    """Return a page with a menu, a body, links to other stories and a footer."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title} | Halm Gazette</title>'
        f"{head}</head><body><header><nav><ul>{MENU}</ul></nav></header>"
        f"<main><h1>{HEADLINE}</h1>{body}</main>"
        f'<section class="more"><h2>More stories</h2><ul>{TEASERS}</ul></section>'
        f"{FOOTER}</body></html>"
    )


def each(template: str, paragraphs: Sequence[str] = PARAGRAPHS) -> str:
    """Return the paragraphs, each in a template with {text} and {number}."""
    return "".join(
        template.replace("{text}", text).replace("{number}", str(number))
        for number, text in enumerate(paragraphs)
    )


def clean_html(html: str) -> Cleaned:
    """Extract and clean the article of a page."""
    return clean(read_html(html), load_markers())


def article_of(html: str) -> Article:
    """Return the cleaned article of a page."""
    return clean_html(html).article


Template = Callable[[str], str]
