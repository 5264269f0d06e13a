"""`unexposed init`: three questions, then it is set up."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import click

from unexposed.cli.app import config_option
from unexposed.config import (
    UNCOVERED,
    Config,
    Wishes,
    default_path,
    first,
    load,
    parse,
    save,
    suggested,
)
from unexposed.config.paths import expand, shortened
from unexposed.errors import ConfigError
from unexposed.notify import Desktop, Message, Undelivered
from unexposed.presence import running
from unexposed.vision import missing
from unexposed.wording import harmless
from unexposed_service import KINDS, OWN, describe

_FACES: Final = {
    UNCOVERED: "tell of faces, change nothing",
    "bystanders": "cover those of people who are in the picture by chance",
    "all": "cover every face",
}
_TEST: Final = Message(
    title="unexposed is set up",
    body="This is how it will tell you what your pictures would have given away.",
    tag="init",
)


@click.command()
@click.option(
    "--watch",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="PATH",
    help="A folder to watch; may be given several times.",
)
@click.option(
    "--faces", type=click.Choice(list(_FACES)), help="What becomes of other people's faces."
)
@click.option("--login/--no-login", default=None, help="Start with the session, or not.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing: for what no other flag answers, what is usual."
)
@click.option("--quiet", "--no-notification", is_flag=True, help="Show no notification as a test.")
@config_option
def init(
    *,
    watch: tuple[Path, ...],
    faces: str | None,
    login: bool | None,
    yes: bool,
    quiet: bool,
    config_file: Path | None,
) -> None:
    """Ask what you want, show what will be done, and set it up.

    It asks which folders to watch, what becomes of faces, and whether to start with your session;
    each can be answered by a flag instead. A configuration that is there already is shown first, and
    kept beside the new one.
    """
    path = (config_file or default_path()).absolute()
    if os.path.lexists(path):
        _tell_what_stands(path)
        if not yes and not click.confirm("Write a new one? This one is kept beside it."):
            click.echo("Nothing was changed.")
            sys.exit(1)
        click.echo()
    wishes = Wishes(
        folders=tuple(one.expanduser().absolute() for one in watch) or _folders(asks=not yes),
        faces=faces or _about_faces(asks=not yes),
    )
    starts = (
        login
        if login is not None
        else yes or click.confirm("Start with your session?", default=True)
    )
    text = first(wishes)
    _show(path, text, wishes, starts=starts)
    if not yes and not click.confirm("Do that?", default=True):
        click.echo("Nothing was changed.")
        sys.exit(1)
    kept = save(path, text)
    click.echo(f"wrote {harmless(str(path))}")
    if kept is not None:
        click.echo(f"kept the earlier one as {harmless(str(kept))}")
    if not quiet:
        _notify()
    if starts:
        service = KINDS[OWN](lambda line: click.echo(harmless(line)))
        service.install(describe(load(config_file), config_file))
    elif running(load(config_file).state_path) is not None:
        click.echo("the daemon that runs takes it up by itself")
    else:
        click.echo("start it with: unexposed run")


def _tell_what_stands(path: Path) -> None:
    """Say what a configuration that is there says, or why it cannot be used."""
    try:
        config = load(path)
    except ConfigError as problem:
        click.echo(f"{harmless(str(path))} is there already, and cannot be used:")
        for line in str(problem).splitlines():
            click.echo(f"  {harmless(line)}")
        return
    click.echo(f"{harmless(str(path))} is there already, and says:")
    _sum_up(config)


def _sum_up(config: Config) -> None:
    for watch in config.watch:
        made = "" if watch.root.is_dir() else ", to be made" if watch.create else ", not there yet"
        click.echo(f"  watches  {harmless(watch.path)}  (policy: {watch.policy}{made})")
    click.echo(f"  outbox   {harmless(config.outbox)}")


def _folders(*, asks: bool) -> tuple[Path, ...]:
    usual = suggested()
    if not asks:
        return usual
    click.echo("Which folders shall be watched? Usual are:")
    for one in usual:
        click.echo(f"  {harmless(shortened(one))}")
    if click.confirm("These?", default=True):
        return usual
    return tuple(_own_folders())


def _own_folders() -> Sequence[Path]:
    found: list[Path] = []
    while True:
        end = ", or Enter when that is all" if found else ""
        said = click.prompt(f"A folder{end}", default="", show_default=False).strip()
        if not said and found:
            return found
        try:
            found.append(expand(said))
        except ConfigError as problem:
            click.echo(f"  {harmless(str(problem))}")


def _about_faces(*, asks: bool) -> str:
    """Ask what becomes of faces."""
    if not asks:
        return UNCOVERED
    click.echo("What shall become of other people's faces?")
    for name, meaning in _FACES.items():
        click.echo(f"  {name:<11} {meaning}")
    answer: str = click.prompt(
        "Which", type=click.Choice(list(_FACES)), default=UNCOVERED, show_choices=False
    )
    return answer


def _show(path: Path, text: str, wishes: Wishes, *, starts: bool) -> None:
    """Say what will be done."""
    click.echo(f"\nThis will be written to {harmless(str(path))}:\n")
    for line in text.splitlines():
        click.echo(f"    {harmless(line)}")
    click.echo("\nSo it")
    _sum_up(parse(text, shortened(path)))
    after = f"and starts with your session ({OWN})" if starts else "and is started by hand"
    click.echo(f"{after}.\n")
    if wishes.faces != UNCOVERED and missing():
        click.echo("What finds faces is not installed yet, and until then pictures are held back:")
        click.echo("  pipx install --force '.[vision]' in unexposed's folder\n")


def _notify() -> None:
    try:
        with closing(Desktop()) as desktop:
            desktop.show(_TEST)
    except Undelivered as problem:
        click.echo(f"no notification could be shown ({harmless(str(problem))}):")
        click.echo("  `unexposed doctor` tells more")
    else:
        click.echo("showed a notification, to see that they arrive")
