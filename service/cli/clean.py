"""`outspoken clean`: print the article that is in a page."""

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click

from service import cleaning
from service.article import ContentSource
from service.cleaning import Cleaned, load_markers
from service.cleaning.report import CleaningReport, explain_rules
from service.cli.jsonl import JsonObject, map_lines, text_of
from service.cli.sources import content_options, read_request
from service.errors import NothingToRead, PageTooLong, UnsupportedOption
from service.preparation import ArticleRequest, read_article
from service.reading_options import page_options_of
from service.settings import read_settings


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--html", is_flag=True, help="The input is HTML.")
@content_options
@click.option(
    "--json", "as_json", is_flag=True, help="Print title, paragraphs, cuts, doubts."
)
@click.option("--batch", is_flag=True, help="JSON lines in, JSON lines out.")
def clean(
    source: str,
    *,
    html: bool,
    content: ContentSource | None,
    as_json: bool,
    batch: bool,
) -> None:
    """Print the article that is in a page.

    What was cut, by which rule and why, and how sure that is, is printed on stderr, or
    with --json.

    Example: outspoken clean page.txt
    """
    settings = read_settings()
    markers, options = load_markers(settings.markers), page_options_of(settings)

    def clean_request(request: ArticleRequest) -> Cleaned:
        article = read_article(request, options, settings.max_html)
        return cleaning.clean(article, markers)

    if batch:
        map_lines(functools.partial(_clean_page, clean=clean_request, content=content))
        return
    cleaned = clean_request(read_request(source, html=html, content=content))
    if as_json:
        click.echo(_as_json(cleaned))
        return
    article = cleaned.article
    click.echo("\n\n".join(filter(None, [article.title, *article.texts])))
    for line in _explain(cleaned):
        click.echo(line, err=True)


def _clean_page(
    page: JsonObject,
    clean: Callable[[ArticleRequest], Cleaned],
    content: ContentSource | None,
) -> JsonObject:
    try:
        cleaned = clean(_request_of(page, content))
    except (NothingToRead, PageTooLong, UnsupportedOption) as error:
        return {"title": None, "paragraphs": [], "problem": str(error)}
    report = CleaningReport.of(cleaned)
    return {
        "title": cleaned.article.title,
        "paragraphs": cleaned.article.texts,
        "confidence": report.confidence,
        "doubts": report.doubts,
    }


def _request_of(page: JsonObject, content: ContentSource | None) -> ArticleRequest:
    stated = page.get("source", content)
    if stated is not None and stated not in list(ContentSource):
        message = f"The source {stated!r} is unknown; use page or article."
        raise UnsupportedOption(message)
    source = None if stated is None else ContentSource(stated)
    if page.get("html") is None:
        return ArticleRequest(text=text_of(page, "text"), source=source)
    html = text_of(page, "html")
    return ArticleRequest(html=html, url=page.get("url"), source=source)


def _explain(cleaned: Cleaned) -> Iterator[str]:
    """Yield a line per cut, then one per rule, confidence and doubt."""
    for cut in cleaned.cuts:
        because = f" ({', '.join(cut.because)})" if cut.because else ""
        yield f"cut {cut.line + 1}: {cut.rule}{because}: {cut.text}"
    for rule, sentence in explain_rules(cleaned.cuts).items():
        yield f"rule {rule}: {sentence}"
    report = CleaningReport.of(cleaned)
    yield f"confidence {report.confidence:.2f}"
    for doubt in report.doubts:
        yield f"doubt: {doubt}"


def _as_json(cleaned: Cleaned) -> str:
    article, report = cleaned.article, CleaningReport.of(cleaned)
    answer = {"title": article.title, "paragraphs": article.texts} | asdict(report)
    return json.dumps(answer, ensure_ascii=False, indent=2)
