"""`unexposed status`: whether the daemon runs, what it watches, how it fares."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.cli.render import Screen
from unexposed.config import load
from unexposed.exposure import Outcome
from unexposed.ledger import Ledger
from unexposed.presence import heartbeat
from unexposed.processor import SIGHT

_LISTED = 5
"""Files that wait, and that were held back, which are told with their reason."""


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(*, config_file: Path | None, as_json: bool) -> None:
    """Tell whether the daemon runs, what it watches, how it fares."""
    config = load(config_file)
    beat = heartbeat(config.state_path)
    with closing(Ledger(config.state_path, read_only=True)) as ledger:
        counts = ledger.counts()
        waiting = ledger.held_up(_LISTED)
        blind = ledger.fact(SIGHT) or ""
        held = ledger.history(_LISTED, outcomes=(Outcome.HELD, Outcome.FAILED), current=True)
    folders = beat.folders if beat else tuple((watch.path, "") for watch in config.watch)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "running": beat is not None,
                    "pid": beat.pid if beat else None,
                    "outbox": config.outbox,
                    "folders": [{"path": path, "state": state} for path, state in folders],
                    "counts": counts,
                    "not_searched": blind or None,
                    "waiting": [{"path": one.path, "reason": one.reason} for one in waiting],
                }
            )
        )
    else:
        Screen().status(beat, config, folders, counts, waiting=waiting, held=held)
        if blind:
            click.echo(blind)
