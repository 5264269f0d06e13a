"""The configuration file -> Config."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import resources
from pathlib import Path

from unexposed.config import folders
from unexposed.config.check import complete
from unexposed.config.decode import decode
from unexposed.config.lines import find_lines
from unexposed.config.paths import shortened
from unexposed.config.problems import Problems
from unexposed.config.settings import Config
from unexposed.errors import ConfigError

VARIABLE = "UNEXPOSED_CONFIG"
"""The environment variable that names another configuration file."""

MAX_BYTES = 256 * 1024
"""A configuration file is not longer."""

_MAX_NEAR = 60
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

# What tomllib says -> what to write instead. The first that fits is told.
_HINTS = (
    ("Invalid value", 'texts stand in quotes, as in path = "~/Downloads"'),
    ("Expected '='", 'write key = value, as in path = "~/Downloads"'),
    ("Expected newline", "write each key on a line of its own, and texts in quotes"),
    ("Unescaped '\\'", "write the text in single quotes, or \\\\ for a backslash"),
    ("Illegal character", "close the text with a quote on the same line"),
    ("Unterminated string", "close the text with a quote"),
    ("Expected \"'", "close the text with a quote"),
    ("Expected '\"", "close the text with a quote"),
    ("Unclosed array", "close the list with ]"),
    ("Unclosed inline table", "close the table with }"),
    ("Cannot overwrite", "the key stands twice in its table; keep one"),
    ("Cannot declare", "the table stands twice; put its keys below one header"),
    ("Expected ']", "close the header, as in [notifications] or [[watch]]"),
    ("Invalid initial character for a key", "write key = value, [table] or [[watch]]"),
    ("Invalid statement", "write key = value, [table] or [[watch]]"),
)


def load(path: Path | None = None) -> Config:
    """Read, check and complete the configuration.

    `path` defaults to what `find` finds; the defaults are returned when it
    finds none. Every path of the result is absolute and every policy whole.
    Raises ConfigError, with a line for each problem that was found.
    """
    path = path or find()
    if path is None:
        return defaults()
    return parse(_read(path), shortened(path))


def parse(text: str, source: str) -> Config:
    """Turn the text of a configuration file into a Config; `source` is what errors call it.

    Raises ConfigError, with a line for each problem that was found.
    """
    try:
        raw = tomllib.loads(text)
        lines = find_lines(text)
    except RecursionError:
        raise ConfigError(f"{source}: lists within lists go too deep; take some out") from None
    except ValueError as error:
        raise ConfigError(_syntax(source, text, str(error))) from None
    problems = Problems(source, lines)
    config = complete(decode(raw, problems), problems)
    problems.settle()
    return config


def defaults() -> Config:
    """Return the configuration that holds where there is no file."""
    return parse("", "the default settings")


def default_path() -> Path:
    """Return where the configuration file belongs; the variable UNEXPOSED_CONFIG wins."""
    named = os.environ.get(VARIABLE)
    return Path(os.path.abspath(os.path.expanduser(named))) if named else folders.config_file()


def find() -> Path | None:
    """Return the configuration file, or None when there is none and the defaults hold.

    A file that UNEXPOSED_CONFIG names is returned even if it does not exist.
    """
    path = default_path()
    return path if os.environ.get(VARIABLE) or os.path.lexists(path) else None


def example() -> str:
    """Return the text of config.example.toml: every key with its default, explained."""
    return resources.files(__package__).joinpath("example.toml").read_text(encoding="utf-8")


def _read(path: Path) -> str:
    source = shortened(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        advice = "`unexposed config init` writes one"
        raise ConfigError(f"{source}: there is no such file; {advice}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{source}: cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{source}: longer than {MAX_BYTES // 1024} KiB; is this the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{source}, line {line}: byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        ) from None


def _syntax(source: str, text: str, message: str) -> str:
    """Retell an error of tomllib with the line that it speaks of."""
    match = _POSITION.search(message)
    if match is None:
        return f"{source}: this is not TOML: {message}"
    said = message[: match.start()]
    lines = text.rstrip().split("\n")
    number = int(match[1] or len(lines))
    place = f"line {number}, column {match[2]}" if match[2] else f"line {number}, the last"
    near = lines[number - 1].strip()[:_MAX_NEAR] if number <= len(lines) else ""
    hint = next((f"; {hint}" for start, hint in _HINTS if said.startswith(start)), "")
    return f"{source}, {place}: this is not TOML: {said[:1].lower()}{said[1:]} near `{near}`{hint}"
