"""`unexposed forget`: no longer remember what files gave away."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.config import load
from unexposed.ledger import Ledger
from unexposed.report import clear


@click.command()
@config_option
@click.option("--all", "everything", is_flag=True, help="Every file that was ever met.")
@click.argument("files", nargs=-1, metavar="FILE...")
def forget(*, config_file: Path | None, everything: bool, files: tuple[str, ...]) -> None:
    """No longer remember what files gave away, nor their names.

    FILE is a picture or its clean copy, which need not be there any more. Neither is touched, and
    the picture is not cleaned again unless it changes.
    """
    if everything == bool(files):
        raise click.UsageError("name the files to forget, or give --all")
    state = load(config_file).state_path
    with closing(Ledger(state)) as ledger:
        forgotten, wiped = ledger.forget(*map(os.path.abspath, files))
    clear(state)
    click.echo(f"{forgotten} {'file' if forgotten == 1 else 'files'} forgotten")
    if not wiped:
        click.echo(
            "traces stay until nobody reads the ledger: repeat this a little later", err=True
        )
