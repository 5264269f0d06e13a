"""Paths as a person writes them -> absolute paths."""

from __future__ import annotations

import os
import re
from pathlib import Path

from unexposed.config.problems import quoted
from unexposed.errors import ConfigError

_VARIABLE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})", re.ASCII)


def home() -> Path:
    """Return the person's home folder. Raises ConfigError when the system does not tell it."""
    try:
        folder = Path.home()
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():
        raise ConfigError("the home folder is not known; set HOME to its absolute path")
    return folder


def expand(text: str) -> Path:
    """Expand `~`, `~user`, `$NAME` and `${NAME}`; `$$` stands for a dollar sign.

    Raises ConfigError, without a place, for what does not lead to an absolute path.
    """
    if not text:
        raise ConfigError('"" leads nowhere; write an absolute path such as "~/Downloads"')
    if "\0" in text:
        raise ConfigError("holds a NUL character, which no path can; leave it out")
    tilde, slash, rest = text.partition("/") if text.startswith("~") else ("", "", text)
    start = _home_of(tilde) if tilde else ""
    whole = start + slash + _VARIABLE.sub(_variable, rest)
    if not os.path.isabs(whole):
        advice = f'write "~/{os.path.normpath(whole)}" if it is in the home folder'
        raise ConfigError(f"{quoted(text)} is not absolute; {advice}")
    return plain(whole)


def plain(path: str | Path) -> Path:
    """Take `.`, `//` and `..` out of an absolute path.

    A `..` behind a symbolic link does not lead where the text says, so the
    file system is asked then.
    """
    parts = Path(path).parts
    if ".." in parts:
        parts = Path(os.path.realpath(path)).parts
    return Path(os.sep, *parts[1:])


def shortened(path: Path) -> str:
    """Write a path with `~` for the home folder, as people know it."""
    try:
        return f"~/{path.relative_to(home())}"
    except (ValueError, ConfigError):
        return str(path)


def _home_of(tilde: str) -> str:
    if tilde == "~":
        return str(home())
    folder = os.path.expanduser(tilde)
    if folder == tilde:
        raise ConfigError(f'"{tilde}": there is no user "{tilde[1:]}" on this machine')
    return folder


def _variable(match: re.Match[str]) -> str:
    if match[1]:
        return "$"
    name = match[2] or match[3]
    value = os.environ.get(name, "")
    if not value:
        raise ConfigError(
            f"the environment variable {name} is not set; set it, or write the path in full"
            " ($$ stands for a dollar sign)"
        )
    return value
