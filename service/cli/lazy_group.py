"""A click group that imports a command only when it is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command is defined, and what the list of commands says about it."""

    target: str
    """Module and attribute, as `service.cli.clean:clean`."""

    summary: str


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run.

    The synthesiser, Celery and the HTML parser take seconds to import; `--help` and
    the commands that do without them do not wait for these.
    """

    def __init__(
        self,
        *,
        lazy_commands: Mapping[str, LazyCommand],
        **attributes: Any,  # noqa: ANN401 - click.Group's own
    ) -> None:
        """Take the commands by name, in the order in which help lists them."""
        super().__init__(**attributes)
        self.lazy_commands = lazy_commands

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(self.lazy_commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command; None if there is no command of this name."""
        lazy = self.lazy_commands.get(cmd_name)
        if lazy is None:
            return None
        module, _, attribute = lazy.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, lazy.summary) for name, lazy in self.lazy_commands.items()]
            )
