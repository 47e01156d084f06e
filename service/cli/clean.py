"""`outspoken clean`: what of a page will be read."""

import functools
import json
from dataclasses import asdict

import click

from service import cleaning
from service.cleaning import Cleaned, Markers, load_markers
from service.cli.batch import Case, answer_lines
from service.cli.sources import read_source
from service.errors import NothingToRead
from service.page import read_html, read_text
from service.settings import read_settings


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--html", is_flag=True, help="The input is HTML.")
@click.option("--json", "as_json", is_flag=True, help="Title, paragraphs and cuts.")
@click.option("--batch", is_flag=True, help="JSON lines in, JSON lines out.")
def clean(source: str, *, html: bool, as_json: bool, batch: bool) -> None:
    """Print the article that is in a page.

    What was cut, and by which rule, is told on stderr or with --json.

    Example: outspoken clean page.txt
    """
    markers = load_markers(read_settings().markers)
    if batch:
        answer_lines(functools.partial(_clean_page, markers=markers))
        return
    cleaned = cleaning.clean(read_source(source, html=html), markers)
    click.echo(_as_json(cleaned) if as_json else _as_text(cleaned))
    if not as_json:
        for cut in cleaned.cuts:
            click.echo(f"cut {cut.line + 1}: {cut.rule}: {cut.text}", err=True)


def _clean_page(page: Case, markers: Markers) -> Case:
    if "html" in page:
        article = read_html(str(page["html"]), url=page.get("url"))
    else:
        article = read_text(str(page["text"]))
    try:
        cleaned = cleaning.clean(article, markers).article
    except NothingToRead as error:
        return {"title": None, "paragraphs": [], "problem": str(error)}
    return {"title": cleaned.title, "paragraphs": cleaned.paragraphs}


def _as_json(cleaned: Cleaned) -> str:
    article = cleaned.article
    answer = {
        "title": article.title,
        "paragraphs": article.paragraphs,
        "cuts": [asdict(cut) for cut in cleaned.cuts],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _as_text(cleaned: Cleaned) -> str:
    article = cleaned.article
    return "\n\n".join(filter(None, [article.title, *article.paragraphs]))
