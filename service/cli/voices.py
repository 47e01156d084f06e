"""`outspoken voices`: who can speak here."""

import click

from voices.catalogue import open_catalogue


@click.group()
def voices() -> None:
    """Show the voices that can speak here."""


@voices.command("list")
def list_voices() -> None:
    """Print the installed voices: id, language, licence, credit.

    Example: outspoken voices list
    """
    for voice in open_catalogue().voices:
        click.echo(f"{voice.id}\t{voice.language}\t{voice.licence}\t{voice.credit}")
