"""`unexposed resume`: have the daemon go on after a pause."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.config import load
from unexposed.ledger import Ledger
from unexposed.presence import note_pause, wake


@click.command()
@config_option
def resume(*, config_file: Path | None) -> None:
    """Have the daemon go on after a pause."""
    config = load(config_file)
    with closing(Ledger(config.state_path)) as ledger:
        note_pause(ledger, 0.0)
    wake(config.state_path)
    click.echo("it goes on")
