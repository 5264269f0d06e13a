"""`unexposed completion`: have the shell finish words for a person."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

from unexposed.cli.app import main
from unexposed.whole_file import write_whole
from unexposed.wording import harmless

_PROGRAM: Final = "unexposed"
_VARIABLE: Final = "_UNEXPOSED_COMPLETE"
"""The one that click listens to in a program of this name."""

_PLACES: Final = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/unexposed"),
    "zsh": ("ZDOTDIR", "", ".zfunc/_unexposed"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/unexposed.fish"),
}
"""Shell -> the variable that names a folder of a person's, that folder below the home where it is not
set, and what belongs into it. Sources: bash-completion's README, zshcompsys(1), fish-completions(7)."""

_MORE: Final = {
    "bash": "bash needs the package bash-completion for it",
    "zsh": "zsh needs this line before compinit in its .zshrc: fpath+=({folder})",
    "fish": "fish finds it by itself",
}

_MANUAL: Final = "man/man1/unexposed.1"


@click.command()
@click.option(
    "--install", "wanted", is_flag=True, help="Put it where your shell finds it, instead."
)
@click.argument("shell", type=click.Choice(list(_PLACES)), required=False)
def completion(*, shell: str | None, wanted: bool) -> None:
    r"""Print what has a shell finish commands, options and paths.

    With --install it is written where the shell looks for it (without a name, the one that you use),
    and the manual page put where man finds it:

    \b
    bash  ~/.local/share/bash-completion/completions/unexposed
    zsh   ~/.zfunc/_unexposed
    fish  ~/.config/fish/completions/unexposed.fish
    man   ~/.local/share/man/man1/unexposed.1

    bash needs the package bash-completion for that; zsh the line fpath+=(~/.zfunc) before compinit in
    ~/.zshrc.
    """
    if shell is None:
        used = os.path.basename(os.environ.get("SHELL", ""))
        if not wanted or used not in _PLACES:
            raise click.UsageError("name a shell: bash, zsh or fish")
        shell = used
    if not wanted:
        click.echo(script(shell))
        return
    try:
        _install(shell)
    except OSError as problem:
        click.echo(f"unexposed: {problem.filename}: {problem.strerror}", err=True)
        sys.exit(1)


def script(shell: str) -> str:
    """Return what a shell reads to finish words; it asks the program itself each time."""
    found = get_completion_class(shell)
    assert found is not None, "click knows all three"
    return found(main, {}, _PROGRAM, _VARIABLE).source()


def _install(shell: str) -> None:
    """Write what the shell reads, and lead man to the page that was installed. Raises OSError."""
    place = _place(*_PLACES[shell])
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, f"{script(shell)}\n".encode())
    click.echo(f"wrote {harmless(str(place))}")
    click.echo(_MORE[shell].format(folder=harmless(str(place.parent))))
    page = Path(sys.prefix, "share", _MANUAL)
    link = _place("XDG_DATA_HOME", ".local/share", _MANUAL)
    # Where this is no environment of its own, man looks beside the program anyway.
    if sys.prefix == sys.base_prefix or not page.is_file():
        return
    if link.is_symlink() or not link.exists():  # what somebody else has put there stays
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(page)
        click.echo(f"wrote {harmless(str(link))}")


def _place(variable: str, usual: str, rest: str) -> Path:
    named = os.environ.get(variable, "")
    folder = Path(named) if os.path.isabs(named) else Path.home() / usual
    return folder / rest
