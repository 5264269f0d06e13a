"""`unexposed inspect`: what each file would give away."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from unexposed.bulk import Crew, Files, Inspecting, Tally
from unexposed.cli.app import config_option
from unexposed.cli.files import (
    Stopping,
    check_paths,
    jobs_option,
    json_line,
    new_screen,
    worker_for,
    workers,
)
from unexposed.config import load
from unexposed.policy import Policy
from unexposed.wording import prefer


def _explain(context: click.Context, _: click.Parameter, kind: str | None) -> None:
    """Print what the catalogue says of a kind, and end the command."""
    if kind is None:
        return
    from unexposed.cli.explaining import explained  # noqa: PLC0415 - few calls need it

    click.echo("\n".join(explained(kind)))
    context.exit()


@click.command()
@config_option
@jobs_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file and line.")
@click.option(
    "--explain",
    metavar="KIND",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    help="Say what a kind of finding means, as location.gps; all of location; or all.",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
def inspect(
    *, config_file: Path | None, jobs: int | None, as_json: bool, paths: tuple[str, ...]
) -> None:
    """Tell what each file would give away. Nothing is written."""
    check_paths(paths)
    config = load(config_file)
    prefer(config.language)
    files = Files(paths)
    tally = Tally()
    stopping = Stopping()
    with (
        Crew(
            files,
            Inspecting(Policy()),
            partial(worker_for, config),
            jobs=workers(config, files, jobs),
            in_order=True,
        ) as crew,
        stopping.stops(crew.stop),
    ):
        screen = None if as_json else new_screen()
        for one in crew:
            if one.passed_over:
                continue
            if screen is None:
                click.echo(json_line(one.found.path, one.result))
            else:
                screen.card(one.found.path, one.result, first=not tally.files)
            tally.add(one)
    if screen is not None and (tally.files != 1 or stopping.status):
        screen.total(tally, stopped=bool(stopping.status))
    sys.exit(stopping.status or int(tally.went_wrong))
