"""`outspoken voices list` and `info`: what is installed."""

import json
from dataclasses import asdict

import click

from service.settings import read_settings
from voices.catalogue import open_catalogue
from voices.profile import profile_of
from voices.voice import Voice


@click.command("list")
def list_voices() -> None:
    """Print the installed voices: id, language, licence, credit.

    Example: outspoken voices list
    """
    for voice in open_catalogue(read_settings().voices_folder).voices:
        click.echo(voice_row(voice))


@click.command()
@click.argument("voice_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def info(voice_id: str, *, as_json: bool) -> None:
    """Print everything known about a voice, and how it runs on this machine.

    Example: outspoken voices info en_US-joe-medium
    """
    settings = read_settings()
    installed = open_catalogue(settings.voices_folder).find(voice_id)
    profile = profile_of(
        installed,
        settings.voices_cache,
        settings.device,
        compile_graph=settings.compile,
    )
    model = str(installed.model) if installed.model else None
    fields = {**asdict(installed.voice), "model": model, **asdict(profile)}
    if as_json:
        click.echo(json.dumps(fields, ensure_ascii=False))
        return
    for name, value in fields.items():
        click.echo(f"{name}\t{_plain(value)}")


def voice_row(voice: Voice) -> str:
    """Return a voice as one line of tab-separated columns."""
    return f"{voice.id}\t{voice.language}\t{voice.licence}\t{voice.credit}"


def _plain(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
