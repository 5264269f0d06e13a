"""Huawei's notes: faces that the camera saw, what ties a photo to its video, and AI edits.

Other values tell of the scene and how it was lit; none names the device or its owner.
Source: Huawei's own reader in OpenHarmony's libexif, huawei/mnote-huawei-tag.h and
huawei/exif-mnote-data-huawei.c; that a face has four numbers of 16 bits follows from the tests of
OpenHarmony's image framework.
"""

from __future__ import annotations

import struct
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field, Fields
from unexposed.metadata.maker_notes._directory import below, damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import (
    Tell,
    faces,
    first,
    number,
    numbers,
    one,
    text,
    told,
)

_TIFF: Final = 8
"""Bytes of the name, behind which a TIFF header begins that offsets count from."""
_DIRECTORY: Final = 16


def _identifier(value: Field) -> str:
    """Show an identifier, of which "[None]" is none."""
    return text(value).strip("[]")


def _edited(value: Field) -> str:
    return "edited with AI" if number(value).strip("0") else ""


_TELLS: Final = {
    0x0211: Tell("device.unique_id", "moving photo", _identifier),
    0x0212: Tell("history.edits", "AI edit", _edited),
}
_SEEN: Final = Tell("person.faces", "faces", text)
_FACES, _FACE_COUNT, _FACE_PLACES = 0x0100, 0x0102, 0x0105
_FACE: Final = 8


def read(note: Note) -> list[Finding]:
    """Return what Huawei's note gives away."""
    base = note.start + _TIFF
    order = "<" if note.head[_TIFF : _TIFF + 2] == b"II" else ">"
    fields = directory(note, note.start + _DIRECTORY, order, base)
    found = damage(fields, note) + told(fields, _TELLS, note.where)
    for inner in below(note, fields, _FACES, base):
        found += damage(inner, note) + one(_SEEN, _faces(inner), note.where)
    return found


def _faces(fields: Fields) -> str:
    count = int(next(iter(numbers(fields, _FACE_COUNT)), 0))
    raw = first(fields, _FACE_PLACES)
    if len(raw) != _FACE * count:
        return faces(count)
    return faces(count, struct.iter_unpack(f"{fields.walk.order}4H", raw))
