"""`unexposed config`: write, check and show the configuration."""

from __future__ import annotations

import os
from pathlib import Path

import click

from unexposed.config import as_toml, default_path, example, find, load, save
from unexposed.errors import UnexposedError


@click.group()
def config() -> None:
    """Write, check and show the configuration."""


_file = click.argument("file", required=False, type=click.Path(path_type=Path))


@config.command()
@click.option("--force", is_flag=True, help="Write over a file that is there; it is kept beside.")
def init(*, force: bool) -> None:
    """Write a configuration file with every key, its default and what it does."""
    path = default_path()
    if os.path.lexists(path) and not force:
        raise UnexposedError(f"{path} is there already; --force writes over it")
    kept = save(path, example())
    click.echo(f"Wrote {path}" + (f", and kept the earlier one as {kept}" if kept else ""))


@config.command()
@_file
def check(file: Path | None) -> None:
    """Look a configuration file over (FILE, or the one in use) and sum it up.

    The exit status is 2 if anything in it is wrong.
    """
    source = file or find()
    checked = load(source)
    click.echo(f"{source} is right." if source else "No configuration file; the defaults hold.")
    for watch in checked.watch:
        names = f", names: {watch.names}" if watch.names else ""
        _print(f"watches  {watch.path}  (policy: {watch.policy}{names})\n")
    _print(f"outbox   {checked.outbox}\n")


@config.command()
@_file
def show(file: Path | None) -> None:
    """Print the configuration that holds (FILE's, or the one in use), every value filled in."""
    _print(as_toml(load(file)))


@config.command()
def path() -> None:
    """Print where the configuration file belongs."""
    click.echo(default_path())


def _print(text: str) -> None:
    """Print text whose paths may hold bytes that are not UTF-8."""
    click.echo(text.encode("utf-8", "surrogateescape"), nl=False)
