"""`outspoken doctor`: check the installation."""

import sys

import click

from service.operations.doctor import run_checks
from service.settings import read_settings


@click.command()
def doctor() -> None:
    """Check settings, folders, voices and queue; report what is wrong.

    Example: outspoken doctor
    """
    ok = True
    for result in run_checks(read_settings()):
        click.echo(f"{'ok   ' if result.ok else 'WRONG'}  {result.text}")
        ok = ok and result.ok
    if not ok:
        sys.exit(1)
