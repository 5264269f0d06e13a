"""`unexposed history`: what was done, the newest first."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.cli.files import json_line
from unexposed.cli.render import Screen
from unexposed.config import load
from unexposed.exposure import Outcome
from unexposed.ledger import Ledger
from unexposed.pipeline import Result


@click.command()
@config_option
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many files.",
)
@click.option("--held", is_flag=True, help="Only files that were held back or failed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line.")
def history(*, config_file: Path | None, limit: int, held: bool, as_json: bool) -> None:
    """Tell what became of the files that came in."""
    outcomes = (Outcome.HELD, Outcome.FAILED) if held else tuple(Outcome)
    with closing(Ledger(load(config_file).state_path, read_only=True)) as ledger:
        entries = ledger.history(limit, outcomes=outcomes, current=held)
    if not as_json:
        Screen().history(entries)
        return
    for entry in entries:
        assert entry.outcome is not None
        result = Result(
            outcome=entry.outcome, reason=entry.reason, report=entry.report, copy=entry.copy
        )
        line = json.loads(json_line(entry.path, result))
        line["outcome"] = entry.outcome.value
        line["finished"] = datetime.fromtimestamp(entry.finished_at or 0, UTC).isoformat()
        click.echo(json.dumps(line))
