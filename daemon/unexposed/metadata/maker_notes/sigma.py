"""Sigma's notes: the serial number of the camera, its firmware and lens.

Source: ExifTool's tag names, "Sigma Tags".
"""

from __future__ import annotations

from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, text, told

_HEADER: Final = 10
_TELLS: Final = {
    0x0002: Tell("device.serial", "camera", text),
    0x0017: Tell("device.software", "firmware", text),
}


def read(note: Note) -> list[Finding]:
    """Return what Sigma's note gives away."""
    fields = directory(note, note.start + _HEADER)
    return damage(fields, note) + told(fields, _TELLS, note.where)
