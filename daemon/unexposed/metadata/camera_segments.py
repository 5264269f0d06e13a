"""What old cameras keep in blocks of their own: Canon's CIFF, and settings in words.

Sources: Canon's CIFF specification 1.0 revision 4; ExifTool's tag names, "CanonRaw Tags" and
"APP12 PictureInfo Tags".
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.devices import full_model
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.thumbnails import thumbnail

CIFF: Final = (b"HEAPJPGM", b"HEAPCCDR")
"""What stands at byte 6 of Canon's blocks and files."""

_ENTRY: Final = 10
_MOST_ENTRIES: Final = 500
_MOST_DEPTH: Final = 4
_MOST_TEXT: Final = 256
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_TEXTS: Final = {
    0x080B: "device.software",
    0x0810: "device.owner",
    0x0815: "history.documents",
    0x0816: "history.documents",
    0x0817: "history.documents",
    0x0805: "person.caption",
}
_MODEL, _SERIAL, _TIME = 0x080A, 0x180B, 0x180E
_PICTURES: Final = {0x2008: "thumbnail", 0x2007: "picture"}

_SETTING: Final = re.compile(rb"(TimeDate|ID|Version|Type|Serial#?)=([^\r\n\0]{1,80})")
_SETTINGS: Final = {
    b"ID": "device.model",
    b"Type": "device.model",
    b"Version": "device.software",
    b"Serial#": "device.serial",
    b"Serial": "device.serial",
}


def ciff(data: bytes, where: str) -> list[Finding]:
    """Return what a block in Canon's CIFF gives away."""
    found = [finding("hidden.metadata", where, f"Canon's notes, {size_in_words(len(data))}")]
    order = "<" if data[:2] == b"II" else ">"
    start = int.from_bytes(data[2:6], "little" if order == "<" else "big")
    read = lost = 0
    for tag, value in _heap(data, order, start, len(data), 0):
        read += 1
        if value is None:
            lost += 1
        elif kind := _TEXTS.get(tag):
            found += _text(kind, where, value[:_MOST_TEXT].split(b"\0", 1)[0])
        elif tag == _MODEL:
            make, _, model = value[:_MOST_TEXT].partition(b"\0")
            name = full_model(legible(make), legible(model.split(b"\0", 1)[0]))
            found += _text("device.model", where, name.encode())
        elif tag == _SERIAL and len(value) >= 4:
            (serial,) = struct.unpack_from(f"{order}I", value)
            found += _text("device.serial", where, f"{serial:010}".encode() if serial else b"")
        elif tag == _TIME and len(value) >= 4:
            (seconds,) = struct.unpack_from(f"{order}I", value)
            found += _time(where, seconds)
        elif tag in _PICTURES and value.startswith(b"\xff\xd8"):
            found.append(thumbnail(f"{where} {_PICTURES[tag]}", value, len(value)))
    if lost or not read:
        found.append(finding("hidden.damaged", where, "Canon's notes cannot be read in full"))
    return found


def settings(data: bytes, where: str) -> list[Finding]:
    """Return what a block of settings in words gives away."""
    found: dict[tuple[str, str], Finding] = {}
    for name, value in _SETTING.findall(data[:65_536]):
        if name == b"TimeDate":
            told = _time(where, int(value)) if value.isdigit() and len(value) < 11 else []
        else:
            told = _text(_SETTINGS[name], where, value)
        for one in told:
            found.setdefault((one.kind, one.value), one)
    return list(found.values())


def _text(kind: str, where: str, value: bytes) -> list[Finding]:
    shown = legible(value)
    return [finding(kind, where, shown)] if shown.strip("0 -") else []


def _time(where: str, seconds: int) -> list[Finding]:
    """Return seconds since 1970 by the camera's clock as the time of taking; none for zero."""
    if not 0 < seconds < 1 << 32:
        return []
    return [
        finding("time.taken", where, f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}")
    ]


def _heap(
    data: bytes, order: str, start: int, end: int, depth: int
) -> Iterator[tuple[int, bytes | None]]:
    """Yield tag and value of a heap at [start, end), whose directory its last four bytes point at.

    The value is None where it lies outside.
    """
    if depth > _MOST_DEPTH or not 0 <= start <= end - 6 or end > len(data):
        return
    (offset,) = struct.unpack_from(f"{order}I", data, end - 4)
    at = start + offset
    if not start <= at <= end - 2:
        return
    (count,) = struct.unpack_from(f"{order}H", data, at)
    for number in range(min(count, _MOST_ENTRIES, (end - at - 2) // _ENTRY)):
        entry = at + 2 + _ENTRY * number
        kind, size, place = struct.unpack_from(f"{order}HII", data, entry)
        tag, in_entry = kind & 0x3FFF, kind & 0xC000 == 0x4000
        if in_entry:
            yield tag, data[entry + 2 : entry + _ENTRY]
        elif start + place + size > end:
            yield tag, None
        elif kind & 0x3800 in (0x2800, 0x3000):
            yield from _heap(data, order, start + place, start + place + size, depth + 1)
        else:
            yield tag, data[start + place : start + place + min(size, 1 << 20)]
