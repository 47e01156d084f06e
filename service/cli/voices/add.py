"""`outspoken voices add`: install a voice once its licence is accepted."""

import sys
from pathlib import Path

import click

from service.cli.progress import progress_bar
from service.cli.voices.installed import voice_row
from service.settings import ServiceSettings, read_settings, require_voices_url
from voices.errors import VoiceNotAccepted
from voices.install.candidate import VoiceCandidate, candidate_from_files
from voices.install.install import InstallTarget, find_added, install
from voices.install.mirror import Mirror
from voices.install.model_card import NOT_STATED
from voices.voice import Voice
from workers.storage.atomic_files import translating_os_errors

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("name", required=False)
@click.option(
    "--file", "model", metavar="MODEL.onnx", type=_FILE, help="Add a local model."
)
@click.option(
    "--config", metavar="MODEL.onnx.json", type=_FILE, help="Configuration of --file."
)
@click.option("--licence", help="Licence of --file; giving it accepts it.")
@click.option("--credit", help="Whose voice --file is.")
@click.option(
    "--accept-licence", is_flag=True, help="Accept the licence without asking."
)
def add(
    name: str | None,
    model: Path | None,
    config: Path | None,
    licence: str | None,
    credit: str | None,
    *,
    accept_licence: bool,
) -> None:
    """Add the voice NAME from OUTSPOKEN_VOICES_URL, or a local one with --file.

    Shows the licence and credit and asks whether you accept them.  An interrupted
    download is resumed.

    Example: outspoken voices add de_DE-thorsten-medium --accept-licence
    """
    if (name is None) == (model is None):
        raise click.UsageError("Name a voice, or a model with --file.")
    if model is None and (config or licence or credit):
        raise click.UsageError("--config, --licence and --credit belong to --file.")
    settings = read_settings()
    with translating_os_errors(settings.voices_folder):
        if name and (added := find_added(name, settings.voices_folder)):
            click.echo(voice_row(added))
            return
        if model:
            candidate = candidate_from_files(model, config).with_licence(
                licence, credit
            )
        else:
            candidate = Mirror(require_voices_url(settings)).find_candidate(str(name))
        _require_accepted(candidate, accepted=accept_licence or licence is not None)
        voice = _install(candidate, settings)
    click.echo(voice_row(voice))
    click.echo("Restart a running service to use it.", err=True)


def _require_accepted(candidate: VoiceCandidate, *, accepted: bool) -> None:
    """Show the licence and have it accepted.

    Raises:
        VoiceNotAccepted: The user declined.
        click.UsageError: There is no terminal to ask on.
    """
    if candidate.card.text:
        click.echo(f"{candidate.card.text}\n", err=True)
    click.echo(f"Licence of {candidate.id}: {candidate.card.licence}", err=True)
    click.echo(f"Credit: {candidate.card.credit or NOT_STATED}", err=True)
    if accepted:
        return
    if not sys.stdin.isatty():
        message = f"Accept the licence of voice {candidate.id} with --accept-licence."
        raise click.UsageError(message)
    if not click.confirm("Do you accept them?", err=True):
        message = f"Voice {candidate.id} was not added: its licence was not accepted."
        raise VoiceNotAccepted(message)


def _install(candidate: VoiceCandidate, settings: ServiceSettings) -> Voice:
    target = InstallTarget(
        settings.voices_folder,
        settings.voices_cache,
        settings.device,
        settings.compile,
    )
    with progress_bar(candidate.id) as progress:
        return install(candidate, target, progress)
