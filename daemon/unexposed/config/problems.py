"""What is wrong with a configuration, gathered and told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

import tomli_w

from unexposed.config.lines import Keys, line_of
from unexposed.errors import ConfigError

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Problems:
    """Everything found wrong with one text; `source` is what the person calls it."""

    def __init__(self, source: str, lines: Mapping[Keys, int]) -> None:
        self._source = source
        self._lines = lines
        self._found: list[tuple[int, str]] = []

    def add(self, keys: Keys, text: str) -> None:
        """Note a problem with the value that `keys` lead to."""
        line = line_of(self._lines, keys)
        place = f"{self._source}, line {line}" if line else self._source
        table = table_name(keys)
        self._found.append(
            (line or 0, f"{place}: {table}: {text}" if table else f"{place}: {text}")
        )

    def settle(self) -> None:
        """Raise ConfigError with one problem a line, in the text's order, if there are any."""
        if self._found:
            raise ConfigError(
                "\n".join(text for _, text in sorted(self._found, key=lambda f: f[0]))
            )


def quoted(text: str) -> str:
    """Write a text as TOML does, in double quotes and on one line."""
    return tomli_w.dumps({"_": text})[len("_ = ") : -1]


def table_name(keys: Keys) -> str:
    """Name the table that a key stands in, as the person wrote it; "" at the top of the file."""
    match keys:
        case ("watch", int(number), *_):
            return f"[[watch]] number {number + 1}"
        case ("policy", str(name), _, *_):
            return f"[policy.{name}]" if _BARE.fullmatch(name) else f"[policy.{quoted(name)}]"
        case (str(name), str(), *_):
            return f"[{name}]"
    return ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was most likely meant, or None."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower()[:100], by_lower, n=1)
    return by_lower[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Finish a sentence about an unknown word: with the nearest known one, else with all of them."""
    names = list(known)
    meant = nearest(word, names)
    return f"did you mean {quoted(meant)}?" if meant else f"write {one_of(names)}"


def one_of(words: Iterable[str]) -> str:
    """Write `"a", "b" or "c"`."""
    *front, last = [quoted(word) for word in words]
    return f"{', '.join(front)} or {last}" if front else last
