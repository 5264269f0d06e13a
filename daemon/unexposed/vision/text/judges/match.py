"""What a judge says of a text."""

from __future__ import annotations

import re

import msgspec


class Match(msgspec.Struct, frozen=True):
    """A stretch of a text that gives something away; `kind` is a key of `exposure.KINDS`."""

    kind: str
    start: int
    end: int
    value: str


def of(kind: str, found: re.Match[str], group: int | str = 0) -> Match:
    """Return a match of what a pattern found, or of one group of it, without space around."""
    text = found[group]
    start = found.start(group) + len(text) - len(text.lstrip())
    return Match(kind, start, start + len(text.strip()), text.strip())


NEAR = 32
"""Characters before a value in which a word that says what it is counts."""


def told(text: str, start: int, words: re.Pattern[str], near: int = NEAR) -> bool:
    """Tell whether one of the words stands shortly before a place in the text, with no digit between.

    What stands behind a digit is told by another word, or is the next thing in a list.
    """
    for found in words.finditer(text, max(0, start - near), start):
        if not any(c.isdigit() for c in text[found.end() : start]):
            return True
    return False


_DIGITS = str.maketrans({"O": "0", "o": "0", "D": "0", "Q": "0", "l": "1", "I": "1", "|": "1"} | {
    "S": "5", "B": "8", "Z": "2",
})  # fmt: skip


_LETTERS = str.maketrans("0125689|", "OIZSGBQI")


def as_letters(text: str) -> str:
    """Return the text with the digits that readers take for letters made into these."""
    return text.translate(_LETTERS)


def as_digits(text: str) -> str:
    """Return the text with the letters that readers take for digits made into these."""
    return text.translate(_DIGITS)
