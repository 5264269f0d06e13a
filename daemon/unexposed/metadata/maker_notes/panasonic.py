"""Panasonic's notes: serial numbers, babies' and pets' names and ages, places, recognised faces.

Sources: ExifTool's tag names, "Panasonic Tags", "Panasonic FaceDetInfo Tags" and "Panasonic
FaceRecInfo Tags"; Exiv2's panasonicmn_int.cpp.
"""

from __future__ import annotations

import struct
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field, Fields, as_numbers
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import (
    Tell,
    faces,
    first,
    hexadecimal,
    one,
    text,
    told,
)

_HEADER: Final = 12


def _running(value: Field) -> str:
    """Show hundredths of a second since the camera was switched on."""
    return next((f"switched on for {n / 100:.2f} s" for n in as_numbers(value) if n), "")


def _age(value: Field) -> str:
    """Show an age, unless it is not set."""
    shown = text(value)
    return "" if shown.startswith("9999") or not shown.strip("0: ") else f"{shown} old"


def _version(value: Field) -> str:
    raw = value if isinstance(value, bytes) else b""
    return ".".join(str(byte) for byte in raw[:4]) if raw and raw[0] < 48 else text(raw)


def serial(value: Field) -> str:
    """Show an internal number, as text where it is that."""
    plain = value.strip(b"\0") if isinstance(value, bytes) else value
    return text(plain) or hexadecimal(value)


TELLS: Final = {
    0x0002: Tell("device.software", "firmware", _version),
    0x0025: Tell("device.serial", "inside", serial),
    0x0029: Tell("device.usage", "run time", _running),
    0x0033: Tell("person.named", "age of a baby or pet", _age),
    0x8010: Tell("person.named", "age of a baby or pet", _age),
    0x0051: Tell("device.lens", "lens", text),
    0x0052: Tell("device.lens_serial", "lens", text),
    0x0054: Tell("device.serial", "accessory", text),
    0x0065: Tell("person.caption", "title", text),
    0x0066: Tell("person.named", "name of a baby or pet", text),
    0x0067: Tell("location.place", "place", text),
    0x0069: Tell("location.place", "country", text),
    0x006B: Tell("location.place", "state", text),
    0x006D: Tell("location.place", "city", text),
    0x006F: Tell("location.place", "landmark", text),
    0x0080: Tell("location.place", "city", text),
}
_SEEN: Final = Tell("person.faces", "faces", text)
_NAMED: Final = Tell("person.named", "recognised face", text)
_FACES, _RECOGNISED = 0x004E, 0x0061
_MOST_NAMES: Final = 3
_NAME_SIZE, _AGE_AT, _STEP = 20, 28, 48


def read(note: Note) -> list[Finding]:
    """Return what Panasonic's note gives away."""
    fields = directory(note, note.start + _HEADER)
    return damage(fields, note) + found_in(fields, note)


def found_in(fields: Fields, note: Note) -> list[Finding]:
    """Return what a directory of Panasonic's gives away, as Leica has it too."""
    found = told(fields, TELLS, note.where) + one(_SEEN, _faces(fields), note.where)
    for name in _names(fields):
        found += one(_NAMED, name, note.where)
    return found


def _faces(fields: Fields) -> str:
    raw = first(fields, _FACES)
    order = fields.walk.order
    if len(raw) < 2:
        return ""
    (count,) = struct.unpack_from(f"{order}H", raw)
    room = min(count, 5, (len(raw) - 2) // 8)
    return faces(count, [struct.unpack_from(f"{order}4H", raw, 2 + 8 * n) for n in range(room)])


def _names(fields: Fields) -> list[str]:
    """Return the people whom the camera recognised, with their ages."""
    raw = first(fields, _RECOGNISED)
    if len(raw) < 4:
        return []
    (count,) = struct.unpack_from(f"{fields.walk.order}H", raw)
    found = []
    for at in range(4, 4 + _STEP * min(count, _MOST_NAMES), _STEP):
        name = text(raw[at : at + _NAME_SIZE])
        age = _age(raw[at + _AGE_AT : at + _AGE_AT + _NAME_SIZE])
        found.append(f"{name}, {age}" if name and age else name)
    return found
