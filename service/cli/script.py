"""`outspoken script`: what will be said."""

import json
from dataclasses import asdict

import click

from service.cli.batch import Case, answer_lines
from service.cli.sources import read_source
from service.script import speak_plain
from service.settings import read_settings
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
        answer_lines(_speak)
        return
    prepared = open_studio(read_settings()).prepare(read_source(source, html=html))
    sentences = prepared.script.sentences
    if as_json:
        shown = [asdict(one) | {"spoken": one.spoken} for one in sentences]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for sentence in sentences:
        click.echo(sentence.spoken)


def _speak(case: Case) -> Case:
    return {"spoken": speak_plain(str(case["text"]))}
