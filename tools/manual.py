"""Make the manual page and the shells' completions from the commands: `python -m tools.manual`.

The wheel installs them where man and the shells look below its prefix.

Source: man(7) of groff, the macros that mandoc knows, too.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from unexposed import __version__
from unexposed.cli.app import main as unexposed
from unexposed.cli.completion import script

_WIDTH = 72
"""Characters of a line, before what has to be spelled otherwise."""
_BOLD = re.compile(r"`([^`]+)`")

PAGE = Path(__file__).parent.parent / "docs" / "unexposed.1"
COMPLETIONS = {
    "bash": PAGE.parent / "completions" / "unexposed",
    "zsh": PAGE.parent / "completions" / "_unexposed",
    "fish": PAGE.parent / "completions" / "unexposed.fish",
}
"""Shell -> the file that has it finish words; each has the name by which it is found."""

_HEAD = r""".\" Made from the commands by tools/manual.py.
.TH UNEXPOSED 1 "" "unexposed {version}" "User Commands"
.SH NAME
unexposed \- clean copies of pictures
.SH SYNOPSIS
.B unexposed
.RI [ OPTIONS ]
.I COMMAND
.RI [ ARGUMENTS ]
.SH DESCRIPTION
A photo that you upload takes along where and when it was taken, on which
device, and more.
.B unexposed
watches the folders that you choose, writes a clean copy of every picture into
an outbox, and tells you what the original would have given away.
All of that happens on your own machine; originals are never touched.
.PP
.B unexposed init
sets it up,
.B unexposed doctor
tells whether all is right.
"""

_TAIL = r""".SH EXIT STATUS
.TP
.B 0
All is well, and every file clean.
.TP
.B 1
At least one file was held back or failed, or something is wrong.
.TP
.B 2
Usage, or the configuration.
.TP
.BR 130 ", " 143
It was stopped by Ctrl\-C or SIGTERM.
.SH FILES
.TP
.I ~/.config/unexposed/config.toml
The configuration.
.B unexposed config init
writes one with every key explained.
.TP
.I ~/.local/state/unexposed/
The list of what was done, for its owner alone.
.TP
.I ~/Pictures/Unexposed/
The outbox, unless the configuration names another.
.SH ENVIRONMENT
.TP
.B UNEXPOSED_CONFIG
Another configuration file.
.TP
.BR LANGUAGE ", " LC_ALL ", " LC_MESSAGES ", " LANG
In which language to speak, unless the configuration says so.
.SH SEE ALSO
.BR exiftool (1),
.BR systemctl (1)
"""


def page() -> str:
    """Return the page."""
    context = click.Context(unexposed, info_name="unexposed", **unexposed.context_settings)
    lines = [".SH OPTIONS", *_options(unexposed, context), ".SH COMMANDS"]
    for name in unexposed.list_commands(context):
        lines += _command(unexposed, name, context)
    return "".join((_HEAD.format(version=__version__), "\n".join(lines), "\n", _TAIL))


def _command(group: click.Group, name: str, above: click.Context) -> Iterator[str]:
    """Write one command, or all of a group."""
    command = group.get_command(above, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=above)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f'.SS "{_escaped(usage)}"'
    yield from _text(command.help or "")
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _command(command, inner, context)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    """Write the options of a command; that each has --help is told once."""
    for one in command.get_params(context):
        told = one.get_help_record(context) if isinstance(one, click.Option) else None
        if told and (one.name != "help" or context.parent is None):
            spelling, said = told
            yield from (".TP", rf"\fB{_escaped(spelling)}\fR", *_filled(said))


def _text(said: str) -> Iterator[str]:
    """Write paragraphs; one that begins with click's mark for that stays as it stands."""
    for number, paragraph in enumerate(said.strip().split("\n\n")):
        if number:
            yield ".PP"
        first, *rest = paragraph.splitlines()
        if first.strip() == "\b":
            yield from (".nf", *map(_line, rest), ".fi")
        else:
            yield from _filled(paragraph)


def _filled(text: str) -> Iterator[str]:
    """Break text into lines where words end."""
    for line in textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield _line(line)


def _line(text: str) -> str:
    """Write a line of text; what stands in backticks is bold."""
    text = _BOLD.sub(r"\\fB\1\\fR", _escaped(text))
    return rf"\&{text}" if text.startswith((".", "'")) else text


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace("~", r"\(ti").replace('"', r"\(dq")


def main() -> None:
    """Write the page and the completions."""
    PAGE.write_text(page(), encoding="utf-8")
    for shell, path in COMPLETIONS.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{script(shell)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
