"""`unexposed completion`: have the shell finish words for a person."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

from unexposed.cli.app import main

_PROGRAM: Final = "unexposed"
_VARIABLE: Final = "_UNEXPOSED_COMPLETE"
"""The one that click listens to in a program of this name."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(*, shell: str) -> None:
    r"""Print what has a shell finish commands, options and paths.

    Where each shell looks for it:

    \b
    unexposed completion bash > ~/.local/share/bash-completion/completions/unexposed
    unexposed completion zsh > ~/.zfunc/_unexposed
    unexposed completion fish > ~/.config/fish/completions/unexposed.fish

    bash needs the package bash-completion for that; zsh the line fpath+=~/.zfunc before compinit in
    ~/.zshrc. The folders may have to be made first.
    """
    found = get_completion_class(shell)
    assert found is not None, "click knows all three"
    click.echo(found(main, {}, _PROGRAM, _VARIABLE).source())
