"""The `outspoken` command: its subcommands, and how errors are printed."""

import sys
from concurrent.futures.process import BrokenProcessPool

import click

from service.cli.lazy_group import LazyCommand, LazyGroup
from service.errors import InvalidSettings
from voices.errors import OutspokenError

_FAILED, _WRONG_USAGE, _INTERRUPTED = 1, 2, 130

_COMMANDS = {
    "narrate": LazyCommand(
        "service.cli.narrate:narrate", "Read articles aloud into audio files."
    ),
    "clean": LazyCommand(
        "service.cli.clean:clean", "Print the article that is in a page."
    ),
    "script": LazyCommand(
        "service.cli.script:script", "Print what will be said, sentence by sentence."
    ),
    "lexicon": LazyCommand(
        "service.cli.lexicon:lexicon", "Check, explain and exchange pronunciations."
    ),
    "serve": LazyCommand(
        "service.cli.serve:serve", "Run the API, a worker and a queue."
    ),
    "worker": LazyCommand(
        "service.cli.worker:worker", "Run one more worker for a queue."
    ),
    "voices": LazyCommand(
        "service.cli.voices:voices", "List, add and try the installed voices."
    ),
    "backup": LazyCommand(
        "service.cli.operations.backup:backup",
        "Copy the data of a running service to a folder.",
    ),
    "reindex": LazyCommand(
        "service.cli.operations.reindex:reindex",
        "Queue lost articles again after a Redis flush.",
    ),
    "doctor": LazyCommand(
        "service.cli.operations.doctor:doctor",
        "Check the installation and report faults.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy_commands=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="outspoken")
def outspoken() -> None:
    """Self-hosted “listen to this article”: text in, narrated audio out."""


def main() -> None:
    """Run a command; print any error as one sentence on stderr."""
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
        _print_error("A process of --jobs was killed; run it again with fewer jobs.")
        sys.exit(_FAILED)
    except BrokenPipeError:
        # The reader of our output has closed it, as `head` does.
        sys.stderr.close()
        sys.exit(_FAILED)


def _print_error(sentence: str) -> None:
    click.echo(f"outspoken: {sentence}", err=True)
