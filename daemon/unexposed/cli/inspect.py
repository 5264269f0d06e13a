"""`unexposed inspect`: what each file would give away."""

from __future__ import annotations

import sys

import click

from unexposed.cli.files import as_named, files_in, json_line, went_wrong
from unexposed.cli.render import Screen
from unexposed.exposure import Outcome
from unexposed.pipeline import inspect_file
from unexposed.policy import Policy
from unexposed.worker import Worker


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def inspect(*, as_json: bool, paths: tuple[str, ...]) -> None:
    """Tell what each file would give away. Nothing is written."""
    screen = Screen()
    wrong = False
    with Worker() as worker:
        for path, named in files_in(paths):
            result = inspect_file(path, Policy(), worker)
            if named:
                result = as_named(result)
            elif result.outcome is Outcome.SKIPPED:
                continue
            wrong |= went_wrong(result)
            if as_json:
                click.echo(json_line(path, result))
            else:
                screen.card(path, result)
    sys.exit(int(wrong))
