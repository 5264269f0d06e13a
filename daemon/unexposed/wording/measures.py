"""What readers say of data instead of showing it, in the person's language."""

from __future__ import annotations

import re
from typing import Final

from unexposed.wording.language import tr, trn

_KINDS: Final = ("content.", "hidden.", "device.maker_note", "location.gps")
"""Kinds whose values readers make; those of others stand in the file and stay as they are."""
_BY_DEFAULT: Final = re.compile("written by default: “(.*)”", re.DOTALL)
_LINES: Final = re.compile(r"(\d{1,12}) lines, such as “(.*)”", re.ASCII | re.DOTALL)
_MORE: Final = re.compile(r"(\d{1,3}(?:,\d{3})*) more facts?", re.ASCII)
_SIDES: Final = re.compile(r"(\d{1,3}\.\d{5}) (north or south|east or west)", re.ASCII)
_SPOKEN: Final = frozenset({"hidden.comment"})
_COUNTED: Final = re.compile(
    r"(\d{1,3}(?:,\d{3})*|\d{1,12}) (bytes?|values?|places?|private tags?)", re.ASCII
)
_SIZE: Final = re.compile(r"(\d{1,9}) by (\d{1,9}) (pixels|pixels per inch)", re.ASCII)


def measured(kind: str, value: str) -> str:
    """Return "160 by 120 pixels, differs from the picture" in the person's language.

    The parts between commas are told one by one; what is not known here stays as it is.
    """
    if kind in _SPOKEN or not kind.startswith(_KINDS):
        return value
    if match := _BY_DEFAULT.fullmatch(value):
        return tr("written by default: “{text}”").format(text=match[1])
    if match := _LINES.fullmatch(value):
        return tr("{number} lines, such as “{text}”").format(number=match[1], text=match[2])
    if match := _MORE.fullmatch(value):
        return trn("{number} more fact", "{number} more facts", int(match[1].replace(",", "")))
    return ", ".join(_part(one) for one in re.split(r", ", value))


def _part(text: str) -> str:
    if match := _SIDES.fullmatch(text):
        north_or_south = tr("{degrees} north or south")
        form = north_or_south if match[2] == "north or south" else tr("{degrees} east or west")
        return form.format(degrees=match[1])
    if text == "shows the picture":
        return tr("shows the picture")
    if text == "differs from the picture":
        return tr("differs from the picture")
    if text == "camera settings":
        return tr("camera settings")
    if match := _SIZE.fullmatch(text):
        if match[3] == "pixels":
            return tr("{width} by {height} pixels").format(width=match[1], height=match[2])
        return tr("{width} by {height} pixels per inch").format(width=match[1], height=match[2])
    if match := _COUNTED.fullmatch(text):
        number = int(match[1].replace(",", ""))
        if match[2].startswith("byte"):
            return trn("{number} byte", "{number} bytes", number)
        if match[2].startswith("value"):
            return trn("{number} value", "{number} values", number)
        if match[2].startswith("place"):
            return trn("{number} place", "{number} places", number)
        return trn("{number} private tag", "{number} private tags", number)
    return text
