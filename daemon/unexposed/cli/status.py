"""`unexposed status`: whether the daemon runs, what it watches, how it fares."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec

from unexposed.cli.app import config_option
from unexposed.cli.render import Screen
from unexposed.cli.standing import standing
from unexposed.config import load


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(*, config_file: Path | None, as_json: bool) -> None:
    """Tell whether the daemon runs, what it watches, how it fares."""
    found = standing(load(config_file))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found)))
    else:
        Screen().status(found)
