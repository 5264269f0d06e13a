"""Samsung's notes: serial numbers, firmware, names of places and of faces.

Source: ExifTool's tag names, "Samsung Type2 Tags"; Exiv2's samsungmn_int.cpp.
"""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, text, told

_TELLS: Final = {
    0x0030: Tell("location.place", "place in the local language", text),
    0x0031: Tell("location.place", "place", text),
    0x0123: Tell("person.named", "recognised face", text),
    0xA001: Tell("device.software", "firmware", text),
    0xA002: Tell("device.serial", "camera", text),
    0xA004: Tell("device.software", "lens firmware", text),
    0xA005: Tell("device.lens_serial", "lens", text),
}
_VERSION: Final = ((">", b"\0\x01\0\x07\0\0\0\x04"), ("<", b"\x01\0\x07\0\x04\0\0\0"))
"""Byte order, and the first tag of a directory; other notes of Samsung's hold none."""


def read(note: Note) -> list[Finding]:
    """Return what Samsung's note gives away."""
    order = next((order for order, tag in _VERSION if note.head[2:10] == tag), "")
    if not order:
        return []
    fields = directory(note, note.start, order, note.start)
    return damage(fields, note) + told(fields, _TELLS, note.where)
