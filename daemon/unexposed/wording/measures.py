"""What readers say of data instead of showing it, in the person's language."""

from __future__ import annotations

import re
from typing import Final

from unexposed.wording.forms import formed
from unexposed.wording.language import KM_IN_MILE, digits, in_miles, tr, translatable, trn

_KINDS: Final = (
    *("content.", "hidden.", "device.maker_note", "person.faces"),
    *("location.gps", "location.altitude", "location.speed"),
)
"""Kinds whose values readers make; those of others stand in the file and stay as they are."""
_FRAMED: Final = (
    *("device.display", "device.usage", "history.documents", "history.edits"),
    *("location.direction", "provenance.c2pa"),
)
"""Kinds whose values stand in the file, with readers' words around them."""
_BORDERS: Final = re.compile("(, |; |: )")
_BY_DEFAULT: Final = re.compile("written by default: “(.*)”", re.DOTALL)
_LINES: Final = re.compile(r"(\d{1,12}) lines, such as “(.*)”", re.ASCII | re.DOTALL)
_MORE: Final = re.compile(r"(\d{1,3}(?:,\d{3})*) more facts?", re.ASCII)
_SIDES: Final = re.compile(r"(\d{1,3}\.\d{5}) (north or south|east or west)", re.ASCII)
_SPOKEN: Final = ("hidden.comment", "content.text", "content.code")
"""Kinds of these whose values are somebody's words all the same."""
_COUNTED: Final = re.compile(
    r"(\d{1,3}(?:,\d{3})*|\d{1,12}) (bytes?|values?|places?|private tags?)", re.ASCII
)
_BEHIND: Final = re.compile(r"(.{1,30} bytes?) behind its last value")
_ALIKE: Final = re.compile(r"(\d{1,3}%) alike", re.ASCII)
_SURE: Final = re.compile(r"(\d{1,3}%) sure", re.ASCII)
_WORDS: Final = frozenset(
    {
        translatable("shows the picture"),
        translatable("differs from the picture"),
        translatable("of another shape"),
        translatable("camera settings"),
        translatable("a JPEG"),
        translatable("a HEIC"),
        translatable("a PNG"),
        translatable("an MP4"),
        translatable("a zip archive"),
        translatable("Samsung data"),
        translatable("Insta360 data"),
        translatable("an HDR gain map"),
        translatable("a depth map"),
        translatable("sound"),
        translatable("a motion photo"),
        translatable("a thumbnail"),
        translatable("a second view"),
        translatable("a second video"),
        translatable("a second sound"),
        translatable("the picture without effects"),
        translatable("layers"),
        translatable("an index of pictures"),
        translatable("a small copy that is cut short"),
        translatable("a colour profile that is cut short"),
        translatable("no colour profile that can be read"),
        translatable("boxes that are cut short"),
        translatable("times that are cut short"),
        translatable("a time that cannot be read"),
        translatable("GoPro's notes are cut short"),
        translatable("Samsung's data without its directory"),
        translatable("a piece that is not where it should be"),
        translatable("no first directory"),
        translatable("too many directories"),
        translatable("too many entries"),
        translatable("no well-formed XML"),
        translatable("more elements than can be read"),
        translatable("more properties than can be read"),
        translatable("more values than can be read"),
        translatable("maker's notes"),
        translatable("they are cut short"),
        translatable("they do not inflate"),
        translatable("a compressed record cannot be read"),
        translatable("FLIR's records cannot be read"),
        translatable("FLIR's records run over its end"),
        translatable("Canon's notes cannot be read in full"),
    }
)
"""What readers call a piece of data."""
_HEIGHT: Final = re.compile(r"(-?\d{1,6}) m ((?:above|below) the (?:sea|start|ground))", re.ASCII)
_HEIGHTS: Final = {
    "above the sea": translatable("{length} above the sea"),
    "below the sea": translatable("{length} below the sea"),
    "above the start": translatable("{length} above the start"),
    "above the ground": translatable("{length} above the ground"),
}
_FEET_IN_M: Final = 3.28084
_SPEED: Final = re.compile(r"(\d{1,6}(?:\.\d)?) km/h", re.ASCII)
_SIZE: Final = re.compile(r"(\d{1,9}) by (\d{1,9}) (pixels|pixels per inch)", re.ASCII)


def measured(kind: str, value: str) -> str:
    """Return "160 by 120 pixels, differs from the picture" in the person's language.

    The parts between commas are told one by one; what is not known here stays as it is.
    """
    if kind.startswith(_FRAMED):
        return "".join(formed(one) or one for one in _BORDERS.split(value))
    if kind == "content.text" and (match := _LINES.fullmatch(value)):
        return tr("{number} lines, such as “{text}”").format(number=match[1], text=match[2])
    if kind.startswith(_SPOKEN) or not kind.startswith(_KINDS):
        return value
    if match := _BY_DEFAULT.fullmatch(value):
        return tr("written by default: “{text}”").format(text=match[1])
    if match := _MORE.fullmatch(value):
        return trn("{number} more fact", "{number} more facts", int(match[1].replace(",", "")))
    return "".join(_part(one) for one in _BORDERS.split(value))


def _part(text: str) -> str:
    if (match := _HEIGHT.fullmatch(text)) and match[2] in _HEIGHTS:
        return tr(_HEIGHTS[match[2]]).format(length=_length(int(match[1])))
    if match := _SPEED.fullmatch(text):
        return _speed(float(match[1]))
    if match := _SIDES.fullmatch(text):
        north_or_south = tr("{degrees} north or south")
        form = north_or_south if match[2] == "north or south" else tr("{degrees} east or west")
        return form.format(degrees=match[1])
    if text in _WORDS:
        return tr(text)
    if match := _BEHIND.fullmatch(text):
        return tr("{size} behind its last value").format(size=_part(match[1]))
    if match := _ALIKE.fullmatch(text):
        return tr("{percent} alike").format(percent=match[1])
    if match := _SURE.fullmatch(text):
        return tr("{percent} sure").format(percent=match[1])
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
    return formed(text) or text


def _length(metres: int) -> str:
    """Return a number of metres, or of feet for those who have these."""
    if in_miles():
        return trn("{number} foot", "{number} feet", round(metres * _FEET_IN_M))
    return f"{digits(metres)} m"


def _speed(kilometres: float) -> str:
    """Return kilometres an hour, or miles for those who have these."""
    number, unit = (kilometres / KM_IN_MILE, "mph") if in_miles() else (kilometres, "km/h")
    return f"{number:.1f} {unit}".replace(".", tr("."))
