"""`outspoken backup`: a consistent copy of the data while the service runs."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from service.operations.backup import back_up
from service.settings import read_settings


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--without-database",
    is_flag=True,
    help="Leave the database to its server's own backups.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def backup(folder: Path, *, without_database: bool, as_json: bool) -> None:
    """Copy database, audio and added voices to DIR, or bring DIR up to date.

    The service may run meanwhile.  DIR has the layout of a data folder; an interrupted
    backup leaves the previous one as it was.

    Example: outspoken backup /mnt/backup/outspoken
    """
    report = back_up(read_settings(), folder, with_database=not without_database)
    for note in report.notes:
        click.echo(f"outspoken: {note}", err=True)
    click.echo(json.dumps(asdict(report)) if as_json else str(report))
