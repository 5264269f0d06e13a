"""Reconyx's notes: serial number and the label that the owner gave a camera that watches a trail.

Source: ExifTool's tag names, "Reconyx Tags", "Reconyx Type2 Tags" and "Reconyx Type3 Tags".
"""

from __future__ import annotations

import struct
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.legible import utf16
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, one, text

_SERIAL: Final = Tell("device.serial", "camera", text)
_FIRMWARE: Final = Tell("device.software", "firmware", text)
_TAKEN: Final = Tell("time.taken", "date", text)
_LABEL: Final = Tell("person.caption", "label", text)
_LAYOUTS: Final = (
    (b"RECONYXUF\0", 0x4B, 0x5A, "utf8"),
    (b"RECONYXH2\0", 0x7E, 0x68, "utf16"),
    (b"\x01\xf1", 0x2A, 0x56, "hyperfire"),
)
"""How a note begins; where its serial number and label stand, in bytes; how the number is written."""
_SERIAL_SIZE, _LABEL_SIZE = 30, 22


def read(note: Note) -> list[Finding]:
    """Return what Reconyx's note gives away."""
    raw = note.data[note.start : note.end]
    layout = next((one for one in _LAYOUTS if raw.startswith(one[0])), None)
    if layout is None:
        return []
    _, serial_at, label_at, form = layout
    if len(raw) < max(serial_at, label_at) + 2:
        return [finding("hidden.damaged", note.where, "maker's notes: they are cut short")]
    found = _first_model(raw, note.where) if form == "hyperfire" else []
    serial = raw[serial_at : serial_at + _SERIAL_SIZE]
    shown = text(serial[:15]) if form == "utf8" else utf16(serial)
    label = text(raw[label_at : label_at + _LABEL_SIZE])
    return found + one(_SERIAL, shown, note.where) + one(_LABEL, label, note.where)


def _first_model(raw: bytes, where: str) -> list[Finding]:
    """Return the firmware, and the time by the camera's clock, of the first of these cameras."""
    firmware = ".".join(str(n) for n in struct.unpack_from("<3H", raw, 2))
    second, minute, hour, month, day, year = struct.unpack_from("<6H", raw, 22)
    when = f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
    return one(_FIRMWARE, firmware, where) + one(_TAKEN, when, where)
