"""`unexposed inspect`: what each file would give away."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from unexposed.bulk import Crew, Files, Inspecting, Tally
from unexposed.cli.app import config_option
from unexposed.cli.files import Stopping, check_paths, jobs_option, json_line, worker_for
from unexposed.cli.render import Screen
from unexposed.config import load
from unexposed.policy import Policy


@click.command()
@config_option
@jobs_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def inspect(*, config_file: Path | None, jobs: int, as_json: bool, paths: tuple[str, ...]) -> None:
    """Tell what each file would give away. Nothing is written."""
    check_paths(paths)
    config = load(config_file)
    screen = Screen()
    tally = Tally()
    stopping = Stopping()
    with (
        Crew(
            Files(paths),
            Inspecting(Policy()),
            partial(worker_for, config),
            jobs=jobs,
            in_order=True,
        ) as crew,
        stopping.stops(crew.stop),
    ):
        for one in crew:
            if one.passed_over:
                continue
            tally.add(one)
            if as_json:
                click.echo(json_line(one.found.path, one.result))
            else:
                screen.card(one.found.path, one.result)
    if not as_json and (tally.files != 1 or stopping.status):
        screen.total(tally, stopped=bool(stopping.status))
    sys.exit(stopping.status or int(tally.went_wrong))
