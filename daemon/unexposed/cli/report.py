"""`unexposed report`: a page about one file, or about all."""

from __future__ import annotations

from pathlib import Path

import click

from unexposed.cli.app import config_option
from unexposed.config import load
from unexposed.opening import OpeningError, open_path
from unexposed.report import page_for, page_for_all, report_for, write_to
from unexposed.wording import prefer


@click.command()
@config_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the page there, and open nothing.",
)
@click.option("--open/--no-open", "opening", default=True, help="Whether to open the page.")
@click.argument("file", required=False)
def report(
    *, config_file: Path | None, output: Path | None, opening: bool, file: str | None
) -> None:
    """Show a page about a file, or about all files.

    FILE is a picture or its clean copy; without one the page is about all that was done. A picture
    that was never met is looked at now.
    """
    config = load(config_file)
    prefer(config.language)
    if output is not None:
        write_to(page_for_all(config) if file is None else page_for(file, config), output)
        return
    path = report_for(file, config)
    click.echo(path)
    if opening:
        try:
            open_path(path)
        except OpeningError as problem:
            click.echo(f"unexposed: {problem}", err=True)
