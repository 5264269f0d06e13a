"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unexposed.vision.text.judges.match import Match, of

_ADDRESS = re.compile(
    r"(?<![\w.%+-])[a-z0-9][\w.%+'-]{0,63} ?@ ?"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}(?P<last> (?:com|org|net)|[a-z]{2,24})(?![\w@])",
    re.IGNORECASE | re.ASCII,
)

_NAMES_OF_FILES = {"png", "jpg", "jpeg", "gif", "webp", "svg", "heic", "pdf", "js", "ts", "css"}
"""Endings behind an @ that name a file, as in logo@2x.png, and no country or field."""


def find(text: str) -> Iterator[Match]:
    """Yield the e-mail addresses in a text."""
    for found in _ADDRESS.finditer(text):
        if found["last"].lower() not in _NAMES_OF_FILES:
            yield of("content.text.email", found)
