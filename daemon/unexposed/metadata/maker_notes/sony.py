"""Sony's notes: serial numbers and the shutter count, which are enciphered, and faces.

The cipher replaces each byte b below 249 by b cubed modulo 249.
Sources: ExifTool's tag names, "Sony Tags" with Tag9050a, b and c, and ShotInfo; Exiv2's
sonymn_int.cpp.
"""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import Final

from unexposed.exposure import Finding
from unexposed.metadata.exif_values import Field, Fields
from unexposed.metadata.maker_notes._directory import damage, directory
from unexposed.metadata.maker_notes._note import Note
from unexposed.metadata.maker_notes._tells import Tell, faces, first, one, text, told

_HEADER: Final = 12
_NAMED: Final = (b"SONY", b"\0\0SONY", b"VHAB")
_MODULUS: Final = 249

_SECRET: Final = 0x9050
_LAYOUTS: Final[tuple[tuple[re.Pattern[str], int | None, int, int], ...]] = (
    (re.compile(r"ILCE-1$"), 0x3A, 0x8A, 6),
    (re.compile(r"ILCE-(7M4|7RM5|7SM3)|ILME-FX3"), 0x3A, 0x88, 6),
    (
        re.compile(
            r"ILCE-(6100|6300|6400|6500|6600|7C|7M3|7RM2|7RM3A?|7RM4A?|7SM2|9|9M2)$|ILCA-99M2|ZV-E10"
        ),
        0x3A,
        0x88,
        6,
    ),
    (re.compile(r"SLT-|HV$|ILCA-"), 0x32, 0xF0, 5),
    (re.compile(r"ILCE-|NEX-(?!5N|7|VG20)"), 0x32, 0x7C, 4),
)
"""Models; where in the enciphered tag the shutter count and internal number stand, and its size."""


def _turned(value: Field) -> str:
    """Show a number of eight digits that is written with its last pair of them first."""
    shown = text(value)
    return (
        "".join(shown[at : at + 2] for at in (6, 4, 2, 0)) if re.fullmatch(r"\d{8}", shown) else ""
    )


_TELLS: Final = {0x2031: Tell("device.serial", "camera", _turned)}
_INSIDE: Final = Tell("device.serial", "inside", text)
_SHUTTER: Final = Tell("device.usage", "shutter", text)
_SEEN: Final = Tell("person.faces", "faces", text)


def read(note: Note) -> list[Finding]:
    """Return what Sony's note gives away."""
    header = _HEADER if note.head.startswith(_NAMED) else 0
    fields = directory(note, note.start + header)
    found = damage(fields, note) + told(fields, _TELLS, note.where)
    for row, shown in (*_deciphered(fields, note.model), (_SEEN, _faces(fields))):
        found += one(row, shown, note.where)
    return found


@cache
def _table() -> bytes:
    """Return what each enciphered byte stands for; of several that it may be, the first."""
    plain = {}
    for byte in range(_MODULUS - 1, -1, -1):
        plain[byte**3 % _MODULUS] = byte
    return bytes(plain.get(byte, byte) for byte in range(256))


def _deciphered(fields: Fields, model: str) -> list[tuple[Tell, str]]:
    raw = first(fields, _SECRET).translate(_table())
    layout = next((one for one in _LAYOUTS if one[0].match(model)), None)
    if layout is None:
        return []
    _, count_at, serial_at, size = layout
    serial = raw[serial_at : serial_at + size]
    found = [(_INSIDE, serial.hex())] if len(serial) == size else []
    if count_at is not None and len(raw) >= count_at + 4:
        count = int.from_bytes(raw[count_at : count_at + 3], "little")
        found.append((_SHUTTER, f"{count} releases" if count else ""))
    return found


def _faces(fields: Fields) -> str:
    """Show how many faces a compact camera saw."""
    raw = first(fields, 0x3000)
    if len(raw) < 0x34:
        return ""
    return faces(*struct.unpack_from(f"{fields.walk.order}H", raw, 0x30))
