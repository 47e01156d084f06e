"""The verbs, gathered."""

import sys
from concurrent.futures.process import BrokenProcessPool

import click

from service.cli.clean import clean
from service.cli.doctor import doctor
from service.cli.lexicon import lexicon
from service.cli.narrate import narrate
from service.cli.reindex import reindex
from service.cli.script import script
from service.cli.serve import serve
from service.cli.voices import voices
from service.cli.worker import worker
from service.errors import InvalidSettings
from voices.errors import OutspokenError

_FAILED, _WRONG_USAGE, _INTERRUPTED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outspoken")
def outspoken() -> None:
    """Articles become audio: self-hosted “listen to this article”."""


for verb in (narrate, clean, script, lexicon, serve, worker, voices, reindex, doctor):
    outspoken.add_command(verb)


def main() -> None:
    """Run a verb; whatever goes wrong is told in one sentence."""
    try:
        outspoken.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(_WRONG_USAGE)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "outspoken"
        _print_error(f"{error.format_message()} See `{path} --help`.")
        sys.exit(_WRONG_USAGE)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except InvalidSettings as error:
        _print_error(str(error))
        sys.exit(_WRONG_USAGE)
    except OutspokenError as error:
        _print_error(str(error))
        sys.exit(_FAILED)
    except BrokenProcessPool:
        _print_error("One of the --jobs was killed; start it again with fewer.")
        sys.exit(_FAILED)
    except BrokenPipeError:
        # Whoever read our output has had enough, as `head` does.
        sys.stderr.close()
        sys.exit(_FAILED)


def _print_error(sentence: str) -> None:
    click.echo(f"outspoken: {sentence}", err=True)
