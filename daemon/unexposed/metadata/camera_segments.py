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
from unexposed.metadata.file_paths import paths_in
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.thumbnails import thumbnail

CIFF: Final = (b"HEAPJPGM", b"HEAPCCDR")
"""What stands at byte 6 of Canon's blocks and files."""

_ENTRY: Final = 10
_MOST_ENTRIES: Final = 1_000
_MOST_VALUE: Final = 64 << 10
_MOST_TEXT: Final = 256
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_TEXTS: Final = {
    0x080B: "device.software",
    0x0810: "device.owner",
    0x0816: "history.documents",
    0x0817: "history.documents",
    0x0815: "hidden.metadata",
    0x0805: "person.caption",
}
"""Tag -> kind: firmware, owner, names of the picture and its thumbnail, kind of picture, comment."""
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
    for tag, size, value in _heap(data, order, start):
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
            found.append(thumbnail(f"{where} {_PICTURES[tag]}", value, size))
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
    if kind == "history.documents" and paths_in(shown):
        kind = "location.file_path"
    return [finding(kind, where, shown)] if shown.strip("0 -") else []


def _time(where: str, seconds: int) -> list[Finding]:
    """Return seconds since 1970 by the camera's clock as the time of taking; none for zero."""
    if not 0 < seconds < 1 << 32:
        return []
    return [
        finding("time.taken", where, f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}")
    ]


def _heap(data: bytes, order: str, start: int) -> Iterator[tuple[int, int, bytes | None]]:
    """Yield tag, size and value of a heap and those in it; the last four bytes of each tell its directory.

    The value is None where it lies outside.
    """
    heaps = [(start, len(data))]
    room = _MOST_ENTRIES
    while heaps:
        start, end = heaps.pop()
        if not 0 <= start <= end - 6:
            continue
        (offset,) = struct.unpack_from(f"{order}I", data, end - 4)
        at = start + offset
        if not start <= at <= end - 2:
            continue
        (count,) = struct.unpack_from(f"{order}H", data, at)
        count = min(count, room, (end - at - 2) // _ENTRY)
        room -= count
        for entry in range(at + 2, at + 2 + _ENTRY * count, _ENTRY):
            kind, size, place = struct.unpack_from(f"{order}HII", data, entry)
            begin, tag = start + place, kind & 0x3FFF
            if kind & 0xC000 == 0x4000:
                yield tag, 8, data[entry + 2 : entry + _ENTRY]
            elif begin + size > end:
                yield tag, size, None
            elif kind & 0x3800 in (0x2800, 0x3000):
                heaps.append((begin, begin + size))
            else:
                yield tag, size, data[begin : begin + min(size, _MOST_VALUE)]
