"""`unexposed doctor`: what is fine, what is not, and what to do about it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from unexposed.cli.app import config_option
from unexposed.doctor import Check, State, examine
from unexposed.wording import harmless

_STYLE: Final = {
    State.FINE: "green",
    State.ATTENTION: "yellow",
    State.WRONG: "bold red",
    State.UNKNOWN: "dim",
}


@click.command()
@config_option
@click.option("--quiet", "--no-notification", is_flag=True, help="Show no notification as a test.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check and line.")
def doctor(*, config_file: Path | None, quiet: bool, as_json: bool) -> None:
    """Tell what is right on this machine, what is not, what to do.

    Nothing is changed; one notification is shown as a test. The exit status is 1 when something
    is wrong, else 0.
    """
    console = Console(highlight=False, soft_wrap=True)
    found = []
    for check in examine(config_file, notify=not quiet):
        found.append(check)
        if as_json:
            click.echo(json.dumps(msgspec.to_builtins(check)))
        elif not console.is_terminal:
            console.print(_lines(check))
    if console.is_terminal and not as_json:
        console.print(_table(found), soft_wrap=False)
    sys.exit(int(any(one.state is State.WRONG for one in found)))


def _table(found: list[Check]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in found:
        table.add_row(Text(one.state.value, _STYLE[one.state]), harmless(one.name), _told(one))
    return table


def _lines(one: Check) -> Text:
    """Return a check for a pipe: a line for what was found, and one for what to do."""
    return Text(f"{one.state.value:<11}{harmless(one.name)}: ") + _told(one, " " * 11)


def _told(one: Check, indent: str = "") -> Text:
    text = Text("\n".join(map(harmless, one.what.splitlines())))
    if one.advice:
        text.append(f"\n{indent}-> {harmless(one.advice)}", "bold")
    return text
