"""`outspoken voices sample`: try a voice."""

from pathlib import Path

import click

from service.settings import read_settings
from service.voice_sample import write_voice_sample


@click.command()
@click.argument("voice_id", metavar="ID")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Audio file to write; default: ID.mp3.",
)
@click.option("--text", help="Text to speak; default: sentences of its language.")
def sample(voice_id: str, output: Path | None, text: str | None) -> None:
    """Write a few sentences, spoken in a voice, to an audio file.

    Example: outspoken voices sample en_US-joe-medium -o joe.mp3
    """
    path = output or Path(f"{voice_id}.mp3")
    seconds = write_voice_sample(voice_id, text, path, read_settings())
    click.echo(f"{path}  {seconds:.1f} s")
