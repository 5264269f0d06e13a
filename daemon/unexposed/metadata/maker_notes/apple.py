"""Apple's notes: identifiers that tie pictures and videos together, and how long the device ran.

Sources: ExifTool's tag names, "Apple Tags" and "Apple RunTime Tags"; CMTime in Apple's Core Media.
"""

from __future__ import annotations

import plistlib
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, text, told

_HEADER: Final = 14
"""A name, a version, and the byte order."""


_LONGEST: Final = 1 << 40
"""Seconds; a count of more is none, and may be too long to be written down."""


def _uptime(value: Field) -> str:
    """Show a CMTime, which counts while the device is awake."""
    if not isinstance(value, bytes):
        return ""
    try:
        time = plistlib.loads(value)
        seconds = int(time["value"]) // int(time["timescale"])
    except Exception:  # a parser of the standard library's, which raises what it likes
        return ""
    if not 0 < seconds < _LONGEST:
        return ""
    hours, rest = divmod(seconds, 3600)
    return f"running for {hours} h {rest // 60:02} min {rest % 60:02} s"


_TELLS: Final = {
    0x0003: Tell("device.usage", "run time", _uptime),
    0x000B: Tell("device.unique_id", "burst", text),
    0x0011: Tell("device.unique_id", "live photo", text),
    0x0015: Tell("device.unique_id", "image", text),
    0x0016: Tell("device.unique_id", "originating signature", text),
    0x0020: Tell("device.unique_id", "capture request", text),
    0x0029: Tell("device.unique_id", "over-capture group", text),
    0x002B: Tell("device.unique_id", "photo", text),
    0x001E: Tell("device.software", "originating app", text),
}


def read(note: Note) -> list[Finding]:
    """Return what Apple's note gives away."""
    order = "<" if note.head[12:14] == b"II" else ">"
    fields = directory(note, note.start + _HEADER, order, note.start)
    return damage(fields, note) + told(fields, _TELLS, note.where)
