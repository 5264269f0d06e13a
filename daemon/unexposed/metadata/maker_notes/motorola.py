"""Motorola's notes: the serial number of the phone and when it was made.

Source: ExifTool's tag names, "Motorola Tags".
"""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, text, told

_HEADER: Final = 8
_TELLS: Final = {
    0x5501: Tell("device.serial", "phone", text),
    0x6705: Tell("device.unique_id", "date of manufacture", text),
}


def read(note: Note) -> list[Finding]:
    """Return what Motorola's note gives away."""
    fields = directory(note, note.start + _HEADER, "", note.start)
    return damage(fields, note) + told(fields, _TELLS, note.where)
