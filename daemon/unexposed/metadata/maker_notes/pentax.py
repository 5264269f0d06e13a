"""Pentax's notes, and those of Ricoh's cameras with Pentax inside: serials, home town, shutter count.

The shutter count is enciphered with the date and time that stand beside it.
Sources: ExifTool's tag names, "Pentax Tags" with TimeInfo, CameraInfo, FaceInfo and FacePos;
Exiv2's pentaxmn_int.cpp.
"""

from __future__ import annotations

import struct
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field, Fields
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import (
    Tell,
    faces,
    first,
    named,
    numbers,
    one,
    text,
    told,
)

_CITIES: Final = (
    "Pago Pago", "Honolulu", "Anchorage", "Vancouver", "San Francisco", "Los Angeles", "Calgary",
    "Denver", "Mexico City", "Chicago", "Miami", "Toronto", "New York", "Santiago", "Caracas",
    "Halifax", "Buenos Aires", "Sao Paulo", "Rio de Janeiro", "Madrid", "London", "Paris", "Milan",
    "Rome", "Berlin", "Johannesburg", "Istanbul", "Cairo", "Jerusalem", "Moscow", "Jeddah",
    "Tehran", "Dubai", "Karachi", "Kabul", "Male", "Delhi", "Colombo", "Kathmandu", "Dhaka",
    "Yangon", "Bangkok", "Kuala Lumpur", "Vientiane", "Singapore", "Phnom Penh", "Ho Chi Minh",
    "Jakarta", "Hong Kong", "Perth", "Beijing", "Shanghai", "Manila", "Taipei", "Seoul", "Adelaide",
    "Tokyo", "Guam", "Sydney", "Noumea", "Wellington", "Auckland", "Lima", "Dakar", "Algiers",
    "Helsinki", "Athens", "Nairobi", "Amsterdam", "Stockholm", "Lisbon", "Copenhagen", "Warsaw",
    "Prague", "Budapest",
)  # fmt: skip
"""What the number of a clock's city stands for."""

_OWN_BASE: Final = ((b"PENTAX ", 10), (b"RICOH\0", 8))
_HEADER: Final = 6


def _firmware(value: Field) -> str:
    """Show a version, whose bytes are all turned round."""
    raw = value if isinstance(value, bytes) else b""
    return ".".join(str(0xFF - byte) for byte in raw) if len(raw) == 4 else ""


_city = named(_CITIES)
_TELLS: Final = {
    0x0023: Tell("time.zone", "home town", _city),
    0x0024: Tell("time.zone", "destination", _city),
    0x0027: Tell("device.software", "firmware", _firmware),
    0x0229: Tell("device.serial", "camera", text),
    0x022E: Tell("person.author", "artist", text),
    0x022F: Tell("person.copyright", "copyright", text),
    0x0230: Tell("device.software", "firmware", text),
}
_TAKEN: Final = Tell("time.taken", "date", text)
_MADE: Final = Tell("device.unique_id", "date of manufacture", text)
_INSIDE: Final = Tell("device.serial", "inside", text)
_SHUTTER: Final = Tell("device.usage", "shutter", text)
_SEEN: Final = Tell("person.faces", "faces", text)
_DATE, _TIME, _COUNT, _CAMERA, _FACES, _PLACES = 0x0006, 0x0007, 0x005D, 0x0215, 0x0060, 0x0227


def read(note: Note) -> list[Finding]:
    """Return what Pentax's note gives away."""
    own = next((size for start, size in _OWN_BASE if note.head.startswith(start)), 0)
    fields = directory(note, note.start + (own or _HEADER), "", note.start if own else 0)
    found = damage(fields, note) + told(fields, _TELLS, note.where)
    camera = numbers(fields, _CAMERA)
    made = str(int(camera[1])) if len(camera) > 4 else ""
    for row, shown in (
        (_TAKEN, _taken(fields)),
        (_MADE, made if len(made) == 8 else ""),
        (_INSIDE, str(int(camera[4])) if len(camera) > 4 else ""),
        (_SHUTTER, _shutter_count(fields)),
        (_SEEN, _faces(fields)),
    ):
        found += one(row, shown, note.where)
    return found


def _taken(fields: Fields) -> str:
    date, time = first(fields, _DATE), first(fields, _TIME)
    if len(date) != 4 or not date.strip(b"\0"):
        return ""
    shown = f"{int.from_bytes(date[:2]):04}-{date[2]:02}-{date[3]:02}"
    return f"{shown} {time[0]:02}:{time[1]:02}:{time[2]:02}" if len(time) >= 3 else shown


def _shutter_count(fields: Fields) -> str:
    date, time, raw = first(fields, _DATE), first(fields, _TIME), first(fields, _COUNT)
    if len(date) != 4 or len(time) < 3 or len(raw) != 4:
        return ""
    key = int.from_bytes(date) ^ (0xFFFFFFFF - int.from_bytes(time[:3] + b"\0"))
    return f"{int.from_bytes(raw) ^ key} releases"


def _faces(fields: Fields) -> str:
    count = int(sum(first(fields, _FACES)[:1]))
    raw = first(fields, _PLACES)
    room = min(count, len(raw) // 4)
    order = fields.walk.order
    return faces(count, [struct.unpack_from(f"{order}2H", raw, 4 * n) for n in range(room)])
