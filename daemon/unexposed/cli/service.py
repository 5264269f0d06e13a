"""`unexposed service`: have the daemon start with the session, and see how it fares."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unexposed.config import load
from unexposed.wording import harmless
from unexposed_service import KINDS, OWN, Service, describe

_config = click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file to use.",
)


@click.group()
def service() -> None:
    """Have the daemon start with the session.

    It is a systemd user unit or a launchd agent, or elsewhere an entry that the desktop starts.
    """


@service.command()
@_config
def install(*, config_file: Path | None) -> None:
    """Install the service, or bring it up to date, and start it."""
    _service().install(describe(load(config_file), config_file))


@service.command()
def uninstall() -> None:
    """Stop the service and remove it; settings, clean copies and history stay."""
    _service().uninstall()


@service.command()
def start() -> None:
    """Start the service."""
    _service().start()


@service.command()
def stop() -> None:
    """Stop the service, until the next session or `start`."""
    _service().stop()


@service.command()
def restart() -> None:
    """Stop the service and start it again."""
    _service().restart()


@service.command()
def status() -> None:
    """Tell whether the service runs; the exit status is 0 if so, else 1."""
    found = _service().status()
    _say(found.text)
    sys.exit(int(not found.running))


@service.command()
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option(
    "-n", "--lines", type=click.IntRange(min=0), default=50, show_default=True, help="How many."
)
def logs(*, follow: bool, lines: int) -> None:
    """Show what the daemon wrote."""
    _service().logs(lines, follow=follow)


@service.command()
@_config
@click.argument("kind", required=False, type=click.Choice(list(KINDS)), default=OWN)
def show(*, config_file: Path | None, kind: str) -> None:
    """Print the definition that would be installed, this platform's own or another's."""
    click.echo(_service(kind).show(describe(load(config_file), config_file)), nl=False)


def _service(kind: str = OWN) -> Service:
    return KINDS[kind](_say)


def _say(line: str) -> None:
    click.echo(harmless(line))
