"""Text from outside, made harmless for a terminal, a log and a notification.

Source: Unicode 15 general categories, and Default_Ignorable_Code_Point in DerivedCoreProperties.
"""

from __future__ import annotations

import unicodedata

MAX_SHOWN = 4_096
"""Characters of a text that are shown at most: as many as a path has bytes."""

_UNREADABLE = "\ufffd"

_INSTEAD = {
    "Cc": " ",  # control characters, line breaks among them
    "Cf": "",  # direction overrides and isolates, zero-width characters, tags
    "Cn": _UNREADABLE,  # unassigned
    "Co": _UNREADABLE,  # private use
    "Cs": _UNREADABLE,  # surrogates: bytes of a file name that are no UTF-8
    "Zl": " ",
    "Zp": " ",
    "Zs": " ",
}
"""General category -> what is shown instead."""

_BLANK = frozenset(
    {
        0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2800, 0x3164,
        *range(0xFE00, 0xFE10), 0xFFA0, 0x1D159, *range(0xE0100, 0xE01F0),
    }
)  # fmt: skip
"""Letters, marks and symbols that count as printable and show nothing."""


def harmless(text: str) -> str:
    """Return one line of visible characters and spaces, `MAX_SHOWN` at most, fit for UTF-8.

    Nothing in it breaks a line, moves a cursor, turns the direction of reading round or hides.
    """
    text = text[: MAX_SHOWN + 1]
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_shown, text))
    return shortened(text, MAX_SHOWN)


def shortened(text: str, most: int, ending: int = 0) -> str:
    """Return the text cut to `most` characters; an ellipsis stands for what is left out.

    So many characters of its `ending` stay.
    """
    if len(text) <= most:
        return text
    return f"{text[: most - 1 - ending].rstrip()}…{text[len(text) - ending :]}"


def _shown(character: str) -> str:
    if character.isprintable():
        return "" if ord(character) in _BLANK else character
    return _INSTEAD[unicodedata.category(character)]
