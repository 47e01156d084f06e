"""`outspoken clean`: print the article that is in a page."""

import functools
import json
from dataclasses import asdict

import click

from service import cleaning
from service.article import Article
from service.cleaning import Cleaned, Markers, load_markers
from service.cli.jsonl import JsonObject, map_lines
from service.cli.sources import read_source
from service.errors import NothingToRead, PageTooLong
from service.page import read_html, read_text
from service.reading_options import selectors_of
from service.settings import ServiceSettings, read_settings


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--html", is_flag=True, help="The input is HTML.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print title, paragraphs and cuts."
)
@click.option("--batch", is_flag=True, help="JSON lines in, JSON lines out.")
def clean(source: str, *, html: bool, as_json: bool, batch: bool) -> None:
    """Print the article that is in a page.

    What was cut, and by which rule, is printed on stderr, or with --json.

    Example: outspoken clean page.txt
    """
    settings = read_settings()
    markers = load_markers(settings.markers)
    if batch:
        clean_page = functools.partial(_clean_page, markers=markers, settings=settings)
        map_lines(clean_page)
        return
    cleaned = cleaning.clean(read_source(source, html=html), markers)
    click.echo(_as_json(cleaned) if as_json else _as_text(cleaned))
    if not as_json:
        for cut in cleaned.cuts:
            why = f" ({', '.join(cut.because)})" if cut.because else ""
            click.echo(f"cut {cut.line + 1}: {cut.rule}{why}: {cut.text}", err=True)


def _clean_page(
    page: JsonObject, markers: Markers, settings: ServiceSettings
) -> JsonObject:
    try:
        cleaned = cleaning.clean(_article_of(page, settings), markers).article
    except (NothingToRead, PageTooLong) as error:
        return {"title": None, "paragraphs": [], "problem": str(error)}
    return {"title": cleaned.title, "paragraphs": cleaned.texts}


def _article_of(page: JsonObject, settings: ServiceSettings) -> Article:
    if "html" not in page:
        return read_text(str(page["text"]))
    return read_html(
        str(page["html"]),
        url=page.get("url"),
        selectors=selectors_of(settings),
        limit=settings.max_html,
    )


def _as_json(cleaned: Cleaned) -> str:
    article = cleaned.article
    answer = {
        "title": article.title,
        "paragraphs": article.texts,
        "cuts": [asdict(cut) for cut in cleaned.cuts],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _as_text(cleaned: Cleaned) -> str:
    article = cleaned.article
    return "\n\n".join(filter(None, [article.title, *article.texts]))
