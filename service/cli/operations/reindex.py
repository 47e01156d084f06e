"""`outspoken reindex`: queue lost articles again after Redis was flushed."""

import json
from dataclasses import asdict

import click

from service.operations.reindex import reindex_articles
from service.settings import read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def reindex(*, as_json: bool) -> None:
    """Queue every article that has no narration, after Redis was flushed.

    Articles, finished audio and withdrawals are in the data folder and need nothing.
    It is safe to run at any time, even while the service runs.

    Example: outspoken reindex
    """
    report = reindex_articles(read_settings())
    click.echo(json.dumps(asdict(report)) if as_json else str(report))
