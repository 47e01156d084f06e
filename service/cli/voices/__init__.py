"""`outspoken voices`: list, add and try voices."""

import click

from service.cli.lazy_group import LazyCommand, LazyGroup

_COMMANDS = {
    "list": LazyCommand(
        "service.cli.voices.installed:list_voices", "Print the installed voices."
    ),
    "add": LazyCommand(
        "service.cli.voices.add:add", "Add a voice from a mirror or from files."
    ),
    "info": LazyCommand(
        "service.cli.voices.installed:info", "Print everything known about a voice."
    ),
    "sample": LazyCommand(
        "service.cli.voices.sample:sample", "Write a few spoken sentences to a file."
    ),
}


@click.group(cls=LazyGroup, lazy_commands=_COMMANDS)
def voices() -> None:
    """List, add and try the installed voices."""
