"""`unexposed run`: the daemon in the foreground."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unexposed import logs
from unexposed.cli.app import config_option
from unexposed.config import Changes, Config, default_path, load
from unexposed.daemon import Daemon
from unexposed.wording import prefer


@click.command()
@config_option
@click.option(
    "--once", is_flag=True, help="Do everything that lies in the watched folders now, then end."
)
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the log into this file, which is kept small.",
)
def run(*, config_file: Path | None, once: bool, log_file: Path | None) -> None:
    """Watch the folders and write clean copies, until told to stop.

    With --once the exit status is 0 when all is done, 1 when a file was held back, failed or is left
    for next time, and 143 or 130 when it was stopped.
    """
    if log_file is not None:
        logs.into_file(log_file)

    def configured() -> Config:
        config = load(config_file)
        prefer(config.language)
        return config

    changes = Changes(config_file or default_path())
    daemon = Daemon(configured(), configured, changes, config_file)
    sys.exit(daemon.run(once=once))
