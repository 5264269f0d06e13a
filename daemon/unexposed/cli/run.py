"""`unexposed run`: the daemon in the foreground."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unexposed.config import load
from unexposed.daemon import Daemon


@click.command()
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file to use.",
)
@click.option(
    "--once", is_flag=True, help="Do everything that lies in the watched folders now, then end."
)
def run(*, config_file: Path | None, once: bool) -> None:
    """Watch the folders and write clean copies, until told to stop."""
    daemon = Daemon(load(config_file), reload=lambda: load(config_file))
    sys.exit(daemon.run(once=once))
