"""`unexposed open`: the outbox in the file manager."""

from __future__ import annotations

from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.config import load
from unexposed.opening import OpeningError, open_path


@click.command()
@config_option
def open(*, config_file: Path | None) -> None:  # noqa: A001
    """Show the folder of the clean copies in the file manager."""
    outbox = load(config_file).outbox_path
    if not outbox.is_dir():
        raise OpeningError(f"there is no {outbox} yet; the first clean copy makes it")
    open_path(outbox)
