"""`outspoken voices`: who can speak here."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from service.cli.progress import progress_bar
from service.settings import ServiceSettings, read_settings, require_voices_url
from voices.catalogue import open_catalogue
from voices.errors import VoiceNotAccepted
from voices.install.candidate import VoiceCandidate, candidate_from_files
from voices.install.model_card import NOT_STATED
from voices.voice import Voice
from workers.storage.atomic_files import translating_os_errors

_FILE = click.Path(path_type=Path)


@click.group()
def voices() -> None:
    """Show, add and try the voices that can speak here."""


@voices.command("list")
def list_voices() -> None:
    """Print the installed voices: id, language, licence, credit.

    Example: outspoken voices list
    """
    for voice in open_catalogue(read_settings().voices_folder).voices:
        click.echo(_line(voice))


@voices.command()
@click.argument("name", required=False)
@click.option("--file", "model", metavar="MODEL.onnx", type=_FILE, help="A local one.")
@click.option("--config", metavar="MODEL.onnx.json", type=_FILE, help="Of --file.")
@click.option("--licence", help="Of --file, which you thereby accept.")
@click.option("--credit", help="Of --file: whose voice it is.")
@click.option("--accept-licence", is_flag=True, help="Accept it without being asked.")
def add(
    name: str | None,
    model: Path | None,
    config: Path | None,
    licence: str | None,
    credit: str | None,
    *,
    accept_licence: bool,
) -> None:
    """Add the voice NAME from OUTSPOKEN_VOICES_URL, or one that lies on this machine.

    Its licence and credit are shown, and you are asked whether you accept them.  What
    was downloaded before it was interrupted is not downloaded again.

    Example: outspoken voices add de_DE-thorsten-medium --accept-licence
    """
    from voices.install.install import find_added  # noqa: PLC0415 - loads the synthesiser

    if (name is None) == (model is None):
        raise click.UsageError("Name a voice, or a model with --file.")
    if model is None and (config or licence or credit):
        raise click.UsageError("--config, --licence and --credit belong to --file.")
    settings = read_settings()
    with translating_os_errors(settings.voices_folder):
        if name and (added := find_added(name, settings.voices_folder)):
            click.echo(_line(added))
            return
        if model:
            offer = candidate_from_files(model, config).on_terms(licence, credit)
        else:
            offer = _find(str(name), settings)
        _ask(offer, accepted=accept_licence or licence is not None)
        voice = _install(offer, settings)
    click.echo(_line(voice))
    click.echo("A service that runs knows it when it is started again.", err=True)


@voices.command()
@click.argument("voice_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def info(voice_id: str, *, as_json: bool) -> None:
    """Print everything that is known of a voice, and how it is run here.

    Example: outspoken voices info en_US-joe-medium
    """
    from voices.profile import profile_of  # noqa: PLC0415 - loads the synthesiser

    settings = read_settings()
    installed = open_catalogue(settings.voices_folder).find(voice_id)
    profile = profile_of(installed, settings.voices_cache, settings.processor)
    model = str(installed.model) if installed.model else None
    told = {**asdict(installed.voice), "model": model, **asdict(profile)}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for key, value in told.items():
        click.echo(f"{key}\t{_plain(value)}")


@voices.command()
@click.argument("voice_id", metavar="ID")
@click.option("-o", "--output", type=_FILE, help="A file; default: ID.mp3.")
@click.option("--text", help="What it says; default: sentences of its language.")
def sample(voice_id: str, output: Path | None, text: str | None) -> None:
    """Hear a voice: sentences in its language, as an audio file.

    Example: outspoken voices sample en_US-joe-medium -o joe.mp3
    """
    from service.voice_sample import write_voice_sample  # noqa: PLC0415 - loads the synthesiser

    path = output or Path(f"{voice_id}.mp3")
    seconds = write_voice_sample(voice_id, text, path, read_settings())
    click.echo(f"{path}  {seconds:.1f} s")


def _find(name: str, settings: ServiceSettings) -> VoiceCandidate:
    from voices.install.mirror import Mirror  # noqa: PLC0415 - only this verb needs a network

    return Mirror(require_voices_url(settings)).offer(name)


def _ask(offer: VoiceCandidate, *, accepted: bool) -> None:
    """Show the terms; raises VoiceNotAccepted, or UsageError where nobody can answer."""
    if offer.card.text:
        click.echo(f"{offer.card.text}\n", err=True)
    click.echo(f"Licence of {offer.id}: {offer.card.licence}", err=True)
    click.echo(f"Credit: {offer.card.credit or NOT_STATED}", err=True)
    if accepted:
        return
    if not sys.stdin.isatty():
        message = (
            f"The licence of voice {offer.id} wants your word: give --accept-licence."
        )
        raise click.UsageError(message)
    if not click.confirm("Do you accept them?", err=True):
        message = f"Voice {offer.id} was not added: its licence was not accepted."
        raise VoiceNotAccepted(message)


def _install(offer: VoiceCandidate, settings: ServiceSettings) -> Voice:
    from voices.install.install import InstallTarget, install  # noqa: PLC0415 - see above

    place = InstallTarget(
        settings.voices_folder, settings.voices_cache, settings.processor
    )
    with progress_bar(offer.id) as progress:
        return install(offer, place, progress)


def _line(voice: Voice) -> str:
    return f"{voice.id}\t{voice.language}\t{voice.licence}\t{voice.credit}"


def _plain(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
