"""`unexposed retry`: have the daemon try files again that were held back or failed."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.config import load
from unexposed.ledger import Ledger
from unexposed.presence import running, wake
from unexposed.wording import harmless


@click.command()
@config_option
@click.option("--held", "every", is_flag=True, help="Every file that was held back or failed.")
@click.argument("files", nargs=-1, type=click.Path(), metavar="[FILE]...")
def retry(*, config_file: Path | None, every: bool, files: tuple[str, ...]) -> None:
    """Have the daemon try files again that were held back or failed.

    The exit status is 1 when one of them is not known, or was neither.
    """
    if bool(files) == every:
        raise click.UsageError("name files, or --held for all that were held back or failed")
    config = load(config_file)
    with closing(Ledger(config.state_path)) as ledger:
        if every:
            queued, unknown = ledger.retry(), []
        else:
            wanted = dict.fromkeys(map(os.path.abspath, files))
            unknown = [path for path in wanted if not ledger.retry(path)]
            queued = len(wanted) - len(unknown)
    wake(config.state_path)
    for path in unknown:
        click.echo(f"{harmless(path)}: it was neither held back nor did it fail", err=True)
    click.echo(_said(queued, is_up=running(config.state_path) is not None))
    sys.exit(int(bool(unknown)))


def _said(queued: int, *, is_up: bool) -> str:
    files = "1 file" if queued == 1 else f"{queued:,} files"
    when = "now" if is_up else "once the daemon runs"
    return f"{files} will be tried again {when}" if queued else "nothing to try again"
