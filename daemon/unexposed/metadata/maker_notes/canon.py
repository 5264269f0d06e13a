"""Canon's notes: owner, serial numbers, the city of the clock, faces.

Sources: ExifTool's tag names, "Canon Tags" with TimeInfo, FaceDetect1, FaceDetect2, FileInfo and
LensInfo; Exiv2's canonmn_int.cpp.
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
    digits,
    faces,
    first,
    hexadecimal,
    numbers,
    offset,
    one,
    text,
    told,
)

_CITIES: Final = (
    "", "Chatham Islands", "Wellington", "Solomon Islands", "Sydney", "Adelaide", "Tokyo",
    "Hong Kong", "Bangkok", "Yangon", "Dhaka", "Kathmandu", "Delhi", "Karachi", "Kabul", "Dubai",
    "Tehran", "Moscow", "Cairo", "Paris", "London", "Azores", "Fernando de Noronha", "Sao Paulo",
    "Newfoundland", "Santiago", "Caracas", "New York", "Chicago", "Denver", "Los Angeles",
    "Anchorage", "Honolulu", "Samoa",
)  # fmt: skip
"""What the number of a clock's city stands for."""

_TIME, _FACES, _FACE_COUNT, _FILE, _LENS, _BODY = 0x0035, 0x0024, 0x0025, 0x0093, 0x4019, 0x0096


def _lens_serial(value: Field) -> str:
    """Show a lens's internal number, which older lenses leave blank."""
    raw = value if isinstance(value, bytes) else bytes(int(n) & 0xFF for n in as_numbers(value))
    return raw[:5].hex() if raw[:4].strip(b"\0") else ""


_TELLS: Final = {
    0x0007: Tell("device.software", "firmware", text),
    0x0009: Tell("device.owner", "owner", text),
    0x0028: Tell("device.unique_id", "image", hexadecimal),
    0x0095: Tell("device.lens", "lens", text),
    _LENS: Tell("device.lens_serial", "lens", _lens_serial),
}
_SERIAL: Final = Tell("device.serial", "camera", digits(10))
_BODY_SERIAL: Final = Tell("device.serial", "inside", text)
_CITY: Final = Tell("time.zone", "city of the clock", text)
_ZONE: Final = Tell("time.zone", "clock", text)
_SHUTTER: Final = Tell("device.usage", "shutter", text)
_SEEN: Final = Tell("person.faces", "faces", text)


def read(note: Note) -> list[Finding]:
    """Return what Canon's note gives away."""
    fields = directory(note, note.start)
    where = note.where
    found = damage(fields, note) + told(fields, _TELLS, where)
    for serial in numbers(fields, 0x000C)[:1]:
        found += one(_SERIAL, _serial(int(serial), note.model), where)
    body = first(fields, _BODY)
    found += one(_BODY_SERIAL, text(body[9:] if "EOS 5D" in note.model else body), where)
    found += _clock(fields, where)
    found += one(_SEEN, _faces(fields), where)
    return found + one(_SHUTTER, _shutter_count(fields, note.model), where)


def _serial(number: int, model: str) -> str:
    """Show the number as it stands on the camera."""
    if "EOS D30" in model:
        return f"{number >> 16:04x}{number & 0xFFFF:05}"
    return f"{number:06}" if "EOS-1D" in model else f"{number:010}"


def _clock(fields: Fields, where: str) -> list[Finding]:
    time = numbers(fields, _TIME)
    if len(time) < 3:
        return []
    minutes, city = _signed(time[1]), int(time[2])
    found = one(_CITY, _CITIES[city] if 0 <= city < len(_CITIES) else "", where)
    # Cameras without a clock of the world leave all of it blank.
    return found + (one(_ZONE, offset(minutes), where) if found or minutes else [])


def _signed(number: float) -> int:
    return int(number) - (1 << 32) if number >= 1 << 31 else int(number)


def _faces(fields: Fields) -> str:
    raw = first(fields, _FACES)
    order = fields.walk.order
    if len(raw) >= 16:
        (count,) = struct.unpack_from(f"{order}H", raw, 4)
        room = min(count, 9, (len(raw) - 16) // 4)
        return faces(
            count, [struct.unpack_from(f"{order}2h", raw, 16 + 4 * n) for n in range(room)]
        )
    counted = first(fields, _FACE_COUNT)
    return faces(counted[2]) if len(counted) > 2 else ""


def _shutter_count(fields: Fields, model: str) -> str:
    """Show the count of the first professional models; others keep a file's number there."""
    raw = first(fields, _FILE)
    if len(raw) < 6 or "EOS-1D" not in model:
        return ""
    order = fields.walk.order
    high_first = "Mark II" in model and not model.endswith(("Mark III", "Mark II N"))
    if order == ">":
        count = int.from_bytes(raw[2:6])
    elif high_first:
        low, high = struct.unpack_from("<2H", raw, 2)
        count = low << 16 | high
    else:
        return ""
    return f"{count} releases" if count else ""
