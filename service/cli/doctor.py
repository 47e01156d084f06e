"""`outspoken doctor`: is the installation sound?"""

import sys

import click

from service.settings import read_settings


@click.command()
def doctor() -> None:
    """Check the settings, the folders, the voices and the queue; say what is wrong.

    Example: outspoken doctor
    """
    from service.operations.doctor import run_checks  # noqa: PLC0415 - loads the synthesiser

    well = True
    for finding in run_checks(read_settings()):
        click.echo(f"{'ok   ' if finding.well else 'WRONG'}  {finding.text}")
        well = well and finding.well
    if not well:
        sys.exit(1)
