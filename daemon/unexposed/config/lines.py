"""On which line each key of a TOML text stands.

`tomllib` tells no positions, and tomlkit keeps them to itself
(python-poetry/tomlkit#55), so this walks the text a second time. It relies on
`tomllib` having accepted the text and therefore checks nothing: grammar from
TOML 1.0.0, sections Keys, String, Array, Inline Table and Array of Tables.
"""

from __future__ import annotations

import bisect
import contextlib
import re
import tomllib
from collections.abc import Mapping

Keys = tuple[str | int, ...]
"""Way to a value: names of tables and keys, and numbers from 0 within arrays."""

_BLANK = re.compile(r"[ \t]*+")
_GAP = re.compile(r"(?:[ \t\r\n]++|\#[^\n]*+)*+")
_PART = re.compile(r'"(?:[^"\\\n]++|\\.)*+"' + r"|'[^'\n]*+'|[A-Za-z0-9_-]++")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\r\n#]++")


def find_lines(text: str) -> dict[Keys, int]:
    """Map every key, table and array item of a valid TOML text to its line, from 1.

    A table that is opened more than once stands where it was opened first.
    """
    scanner = _Scanner(text)
    with contextlib.suppress(_LostError):  # what was found until then still serves
        scanner.document()
    return scanner.lines


def line_of(lines: Mapping[Keys, int], keys: Keys) -> int | None:
    """Return the line of a key, else that of the nearest table around it, else None."""
    while keys and keys not in lines:
        keys = keys[:-1]
    return lines.get(keys)


class _LostError(Exception):
    """The text is not what tomllib would have accepted."""


class _Scanner:
    """Reads a text from front to back; every method starts at `_at` and moves it on."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        self._text = text
        self._at = 0
        self._line_ends = [match.start() for match in re.finditer("\n", text)]
        self._lengths: dict[Keys, int] = {}

    def document(self) -> None:
        table: Keys = ()
        while True:
            self._need(_GAP)
            if self._at == len(self._text):
                return
            if self._take("[["):
                table = self._header(closing="]]")
            elif self._take("["):
                table = self._header(closing="]")
            else:
                self._pair(table)

    def _header(self, closing: str) -> Keys:
        start = self._at
        parts = self._key()
        if not self._take(closing):
            raise _LostError
        keys: Keys = ()
        for number, part in enumerate(parts, 1):
            keys += (part,)
            self._note(keys, start)
            if closing == "]]" and number == len(parts):
                self._lengths[keys] = self._lengths.get(keys, 0) + 1
            if keys in self._lengths:
                keys += (self._lengths[keys] - 1,)
                self._note(keys, start)
        return keys

    def _pair(self, table: Keys) -> None:
        start = self._at
        for part in self._key():
            table += (part,)
            self._note(table, start)
        if not self._take("="):
            raise _LostError
        self._need(_BLANK)
        self._value(table)

    def _key(self) -> list[str]:
        parts = [self._part()]
        while self._take("."):
            parts.append(self._part())
        return parts

    def _part(self) -> str:
        self._need(_BLANK)
        part = self._need(_PART)
        self._need(_BLANK)
        if part[0] not in "\"'":
            return part
        try:
            return str(tomllib.loads(f"part = {part}")["part"])
        except ValueError:
            raise _LostError from None

    def _value(self, keys: Keys) -> None:
        if self._take("["):
            number = 0
            while not self._closes("]"):
                self._note((*keys, number), self._at)
                self._value((*keys, number))
                number += 1
        elif self._take("{"):
            while not self._closes("}"):
                self._pair(keys)
        elif self._text[self._at : self._at + 1] in {'"', "'"}:
            self._need(_STRING)
        else:
            self._need(_SCALAR)

    def _closes(self, bracket: str) -> bool:
        self._need(_GAP)
        if self._take(","):
            self._need(_GAP)
        return self._take(bracket)

    def _take(self, token: str) -> bool:
        found = self._text.startswith(token, self._at)
        if found:
            self._at += len(token)
        return found

    def _need(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _LostError
        self._at = match.end()
        return match.group()

    def _note(self, keys: Keys, at: int) -> None:
        self.lines.setdefault(keys, bisect.bisect_left(self._line_ends, at) + 1)
