"""Fujifilm's notes: the internal serial number, counts, faces and the names of those recognised.

Sources: ExifTool's tag names, "FujiFilm Tags" and "FujiFilm FaceRecInfo Tags"; Exiv2's
fujimn_int.cpp.
"""

from __future__ import annotations

import struct
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field, Fields, as_numbers
from unexposed.metadata.legible import legible
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, faces, first, numbers, one, text, told

_HEADER: Final = 8
_MOST_NAMES: Final = 8


def _pictures(value: Field) -> str:
    return next((f"{int(n) & 0x7FFF} pictures taken" for n in as_numbers(value)), "")


_TELLS: Final = {
    0x0010: Tell("device.serial", "inside", text),
    0x1438: Tell("device.usage", "pictures", _pictures),
}
_SEEN: Final = Tell("person.faces", "faces", text)
_NAMED: Final = Tell("person.named", "recognised face", text)
_FACE_COUNT, _FACE_PLACES, _NAMES = 0x4100, 0x4103, 0x4282


def read(note: Note) -> list[Finding]:
    """Return what Fujifilm's note gives away."""
    offset = int.from_bytes(note.head[_HEADER : _HEADER + 4], "little")
    fields = directory(note, note.start + offset, "<", note.start)
    found = damage(fields, note) + told(fields, _TELLS, note.where)
    places = numbers(fields, _FACE_PLACES)
    count = next(iter(numbers(fields, _FACE_COUNT)), 0)
    boxes = [places[at : at + 4] for at in range(0, min(len(places), 4 * int(count)) - 3, 4)]
    found += one(_SEEN, faces(int(count), boxes), note.where)
    for name in _names(fields):
        found += one(_NAMED, name, note.where)
    return found


def _names(fields: Fields) -> list[str]:
    """Return the names and birthdays that the owner has given to faces."""
    raw = first(fields, _NAMES)
    found = []
    for at in range(0, min(len(raw) - 7, 8 * _MOST_NAMES), 8):
        start, size = struct.unpack_from("<2I", raw, at)
        if size < 62 or start + size > len(raw):
            break
        spans = (
            struct.unpack_from("<2I", raw, start + 30),
            struct.unpack_from("<2I", raw, start + 54),
        )
        name, born = (legible(raw[begin : begin + length]) for length, begin in spans)
        if len(born) == 8 and born.isdigit():
            born = f"{born[:4]}-{born[4:6]}-{born[6:]}"
        found.append(f"{name}, born {born}" if name and born.strip("0- ") else name)
    return found
