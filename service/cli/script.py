"""`outspoken script`: what will be said."""

import json
import sys
from dataclasses import asdict

import click

from service.cli.sources import read_source
from service.script import speak_plain
from service.settings import Settings
from service.studio import open_studio


@click.command()
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--html", is_flag=True, help="The input is HTML.")
@click.option("--json", "as_json", is_flag=True, help="Spoken forms, spans, pauses.")
@click.option("--batch", is_flag=True, help="JSON lines in, JSON lines out.")
def script(source: str, *, html: bool, as_json: bool, batch: bool) -> None:
    """Print what will be said of an article, a sentence a line.

    Example: outspoken script page.txt
    """
    if batch:
        _speak_lines()
        return
    prepared = open_studio(Settings()).prepare(read_source(source, html=html))
    sentences = prepared.script.sentences
    if as_json:
        shown = [asdict(one) | {"spoken": one.spoken} for one in sentences]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for sentence in sentences:
        click.echo(sentence.spoken)


def _speak_lines() -> None:
    for line in sys.stdin:
        case = json.loads(line)
        answer = {"id": case["id"], "spoken": speak_plain(case["text"])}
        click.echo(json.dumps(answer, ensure_ascii=False))
