"""Leica's notes, of which some are Panasonic's: serial numbers of body and lens.

Sources: ExifTool's MakerNotes.pm for the layouts, and its tag names, "Panasonic Leica2 Tags" to
"Leica9 Tags".
"""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, numbers, one, text, told
from unexposed.metadata.maker_notes.panasonic import found_in, serial

_OWN_BASE: Final = (b"LEICA0\x03", *(b"LEICA\0%c\0" % n for n in (1, 4, 5, 6, 7, 16, 26)))
"""How notes begin whose offsets count from the note."""
_LONG: Final = b"LEICA CAMERA AG\0"
_HEADER, _LONG_HEADER = 8, 18

_TELLS: Final = {
    0x0305: Tell("device.serial", "camera", text),
    0x0320: Tell("device.software", "firmware", text),
    0x0321: Tell("device.lens_serial", "lens", text),
    0x0340: Tell("device.unique_id", "image", text),
    0x0500: Tell("device.serial", "inside", serial),
    0x3103: Tell("device.serial", "camera", text),
}
_M8_TAG: Final = 0x0303
_M8_SERIAL: Final = Tell("device.serial", "camera", text)


def read(note: Note) -> list[Finding]:
    """Return what Leica's note gives away."""
    if note.head.startswith(_LONG):
        fields = directory(note, note.start + _LONG_HEADER)
        return damage(fields, note) + found_in(fields, note)
    if note.head.startswith(b"LEICA\0\0\0"):
        fields = directory(note, note.start + _HEADER)
        shown = next((f"{int(n):08}" for n in numbers(fields, _M8_TAG)), "")
        m8 = one(_M8_SERIAL, shown, note.where)
        return damage(fields, note) + (m8 or found_in(fields, note))
    header = _HEADER if note.head.startswith(b"LEICA") else 0
    base = note.start if note.head.startswith(_OWN_BASE) else 0
    fields = directory(note, note.start + header, "", base)
    return damage(fields, note) + told(fields, _TELLS, note.where)
