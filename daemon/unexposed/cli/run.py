"""`unexposed run`: the daemon in the foreground."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.config import Config, load
from unexposed.daemon import Daemon
from unexposed.wording import prefer


@click.command()
@config_option
@click.option(
    "--once", is_flag=True, help="Do everything that lies in the watched folders now, then end."
)
def run(*, config_file: Path | None, once: bool) -> None:
    """Watch the folders and write clean copies, until told to stop.

    With --once the exit status is 0 when all is done, 1 when a file was held back, failed or is left
    for next time, and 143 or 130 when it was stopped.
    """

    def configured() -> Config:
        config = load(config_file)
        prefer(config.language)
        return config

    daemon = Daemon(configured(), reload=configured)
    sys.exit(daemon.run(once=once))
