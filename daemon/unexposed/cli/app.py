"""The `unexposed` command and what all its commands share."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from unexposed import __version__, logs
from unexposed.errors import UnexposedError

_COMMANDS = (
    "init",
    "run",
    "inspect",
    "clean",
    "status",
    "history",
    "pause",
    "resume",
    "retry",
    "open",
    "report",
    "forget",
    "config",
    "service",
    "doctor",
    "completion",
    "demo",
)


config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file to use.",
)


class _Commands(click.Group):
    """The group: a command's module, of its own name, is loaded when it is asked for.

    So the daemon carries none of what the others need. An error that this package raises on
    purpose ends a command with status 2, Ctrl-C with 130.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"unexposed.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UnexposedError as problem:
            click.echo(f"unexposed: {problem}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            sys.exit(130)  # as shells have it


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", prog_name="unexposed")
@click.option("-v", "--verbose", is_flag=True, help="Say more about what happens.")
def main(*, verbose: bool) -> None:
    """Write clean copies of pictures, and tell what the originals would have given away."""
    logs.set_up(verbose=verbose)
