"""Nikon's notes: serial number, counts of pictures, the last start, a named place, faces.

The counts and serial number stand in the clear; what is enciphered adds nothing that identifies.
Sources: ExifTool's tag names, "Nikon Tags" with WorldTime, LocationInfo, BarometerInfo and
FaceDetect; Exiv2's nikonmn_int.cpp.
"""

from __future__ import annotations

import struct
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field, Fields
from unexposed.metadata.legible import legible, utf16
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import (
    Tell,
    counted,
    faces,
    first,
    offset,
    one,
    text,
    told,
)
from unexposed.metadata.tiff import HEADERS

_TIFF: Final = 10
"""Where the note has a TIFF header of its own, from which its offsets count."""


def _serial(value: Field) -> str:
    """Show a serial number without the words that some models put before it."""
    return text(value).removeprefix("NO=").removeprefix("No=").strip()


_TELLS: Final = {
    0x001D: Tell("device.serial", "camera", _serial),
    0x00A0: Tell("device.serial", "camera", _serial),
    0x0037: Tell("device.usage", "mechanical shutter", counted("releases")),
    0x00A5: Tell("device.usage", "pictures", counted("pictures taken")),
    0x00A6: Tell("device.usage", "deleted pictures", counted("pictures deleted")),
    0x00A7: Tell("device.usage", "shutter", counted("releases")),
}
_ZONE: Final = Tell("time.zone", "clock", text)
_STARTED: Final = Tell("device.usage", "switched on", text)
_COUNTRY: Final = Tell("location.place", "country", text)
_PLACE: Final = Tell("location.place", "place", text)
_ALTITUDE: Final = Tell("location.altitude", "barometer", text)
_SEEN: Final = Tell("person.faces", "faces", text)


def read(note: Note) -> list[Finding]:
    """Return what Nikon's note gives away."""
    head = note.data[note.start : note.start + _TIFF + 8]
    if head.startswith(b"Nikon\0\x01"):
        # The notes of the first Coolpix models hold settings alone.
        return damage(directory(note, note.start + 8, "<"), note)
    if head.startswith(b"Nikon\0"):
        base = note.start + _TIFF
        order, _ = HEADERS.get(head[_TIFF : _TIFF + 4], ("", None))
        at = int.from_bytes(head[_TIFF + 4 :], "little" if order == "<" else "big")
        fields = directory(note, base + at, order or "<", base)
    else:
        fields = directory(note, note.start)
    where = note.where
    found = damage(fields, note) + told(fields, _TELLS, where)
    for row, shown in (
        (_ZONE, _zone(fields)),
        (_STARTED, _start(fields)),
        *_places(fields),
        (_ALTITUDE, _altitude(fields)),
        (_SEEN, _faces(fields)),
    ):
        found += one(row, shown, where)
    return found


def _zone(fields: Fields) -> str:
    raw = first(fields, 0x0024)
    if len(raw) < 4:
        return ""
    (minutes,) = struct.unpack_from(f"{fields.walk.order}h", raw)
    return offset(minutes)


def _start(fields: Fields) -> str:
    """Show when power was last given to the camera."""
    raw = first(fields, 0x00B6)
    if len(raw) < 7 or not raw.strip(b"\0"):
        return ""
    (year,) = struct.unpack_from(f"{fields.walk.order}H", raw)
    month, day, hour, minute, second = raw[2:7]
    return f"switched on {year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def _places(fields: Fields) -> tuple[tuple[Tell, str], ...]:
    raw = first(fields, 0x0039)
    if len(raw) < 10:
        return ()
    name = raw[9:79]
    # 1 stands for UTF-8, 2 for UTF-16 that is always big-endian.
    place = utf16(name, "be") if raw[4] == 2 else legible(name.split(b"\0", 1)[0])
    return (_COUNTRY, text(raw[5:8])), (_PLACE, place)


def _altitude(fields: Fields) -> str:
    raw = first(fields, 0x00C3)
    if len(raw) < 10:
        return ""
    (metres,) = struct.unpack_from(f"{fields.walk.order}i", raw, 6)
    return f"{metres} m above the sea" if abs(metres) < 20_000 else ""


def _faces(fields: Fields) -> str:
    raw = first(fields, 0x0021)
    order = fields.walk.order
    if len(raw) < 8:
        return ""
    (count,) = struct.unpack_from(f"{order}H", raw, 6)
    room = min(count, 12, (len(raw) - 8) // 8)
    return faces(count, [struct.unpack_from(f"{order}4H", raw, 8 + 8 * n) for n in range(room)])
