"""`outspoken script`: print what will be said."""

import functools
import json
from dataclasses import asdict

import click

from service.article import ContentSource
from service.cli.jsonl import JsonObject, map_lines, text_of
from service.cli.sources import content_options, read_request
from service.preparation import load_preparer
from service.script import Lexicon, load_lexicon, normalize_text
from service.settings import read_settings


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--html", is_flag=True, help="The input is HTML.")
@content_options
@click.option("--json", "as_json", is_flag=True, help="Spoken forms, spans, pauses.")
@click.option("--batch", is_flag=True, help="JSON lines in, JSON lines out.")
def script(
    source: str,
    *,
    html: bool,
    content: ContentSource | None,
    as_json: bool,
    batch: bool,
) -> None:
    """Print what will be said, one sentence per line.

    Example: outspoken script page.txt
    """
    settings = read_settings()
    if batch:
        lexicon = load_lexicon(settings.lexicon)
        map_lines(functools.partial(_normalize, lexicon=lexicon))
        return
    request = read_request(source, html=html, content=content)
    prepared = load_preparer(settings).prepare(request)
    sentences = prepared.script.sentences
    if as_json:
        rows = [asdict(line) | {"spoken": line.spoken} for line in sentences]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for sentence in sentences:
        click.echo(sentence.spoken)


def _normalize(fields: JsonObject, lexicon: Lexicon) -> JsonObject:
    return {"spoken": normalize_text(text_of(fields, "text"), lexicon=lexicon)}
