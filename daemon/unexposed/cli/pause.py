"""`unexposed pause`: have the daemon begin no file for a while."""

from __future__ import annotations

import re
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from unexposed.cli.app import config_option
from unexposed.config import load
from unexposed.ledger import Ledger
from unexposed.presence import note_pause, wake

_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION: Final = re.compile(r"(\d{1,6})([smhd])")
_LONGEST: Final = 365 * 86_400
"""Seconds of a pause at most; one without an end is as long."""


def _seconds(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """Read "30m" as seconds."""
    if value is None:
        return None
    found = _DURATION.fullmatch(value.strip())
    if found is None:
        raise click.BadParameter(f'"{value}" is no duration; write 30m, 2h or 1d')
    return min(int(found[1]) * _SECONDS[found[2]], _LONGEST)


@click.command()
@config_option
@click.argument("duration", callback=_seconds, required=False)
def pause(*, config_file: Path | None, duration: int | None) -> None:
    """Have the daemon begin no file for a while.

    DURATION is such as 30m, 2h or 1d; without one the pause lasts until `resume`. Files that
    arrive meanwhile are noted, and done afterwards.
    """
    config = load(config_file)
    until = time.time() + (_LONGEST if duration is None else duration)
    with closing(Ledger(config.state_path)) as ledger:
        note_pause(ledger, until)
    wake(config.state_path)
    when = f"{datetime.fromtimestamp(until).astimezone():%Y-%m-%d %H:%M}"
    click.echo(f"paused until {when}" if duration else "paused until `unexposed resume`")
