"""Olympus's and OM System's notes: serial numbers of body, lens, converter and flash, and faces.

Sources: ExifTool's tag names, "Olympus Tags", "Olympus Equipment Tags" and "Olympus
ImageProcessing Tags"; Exiv2's olympusmn_int.cpp.
"""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.maker_notes._directory import below, damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, faces, numbers, one, text, told

_LAYOUTS: Final = ((b"OM SYSTEM\0", 16, True), (b"OLYMPUS\0", 12, True), (b"OLYMP", 8, False))
"""How a note begins, where its directory stands, and whether its offsets count from the note."""

_TELLS: Final = {
    0x0209: Tell("device.model", "camera", text),
    0x0404: Tell("device.serial", "camera", text),
    0x0405: Tell("device.software", "firmware", text),
    0x101A: Tell("device.serial", "camera", text),
}
_EQUIPMENT, _PROCESSING = 0x2010, 0x2040
_EQUIPMENT_TELLS: Final = {
    0x0101: Tell("device.serial", "camera", text),
    0x0102: Tell("device.serial", "inside", text),
    0x0202: Tell("device.lens_serial", "lens", text),
    0x0203: Tell("device.lens", "lens", text),
    0x0302: Tell("device.lens_serial", "converter", text),
    0x1003: Tell("device.serial", "flash", text),
}
_SEEN: Final = Tell("person.faces", "faces", text)


def read(note: Note) -> list[Finding]:
    """Return what an Olympus note gives away."""
    _, header, own = next((one for one in _LAYOUTS if note.head.startswith(one[0])), _LAYOUTS[-1])
    base = note.start if own else 0
    fields = directory(note, note.start + header, "", base)
    where = note.where
    found = damage(fields, note) + told(fields, _TELLS, where)
    for equipment in below(note, fields, _EQUIPMENT, base):
        found += damage(equipment, note) + told(equipment, _EQUIPMENT_TELLS, where)
    for processing in below(note, fields, _PROCESSING, base):
        count = int(sum(numbers(processing, 0x1200)[:1]))
        found += one(_SEEN, faces(count), where)
    return found
