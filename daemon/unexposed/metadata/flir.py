"""FLIR's block beside a thermal picture: a visible picture, the camera, and where it was.

Source: ExifTool's tag names, "FLIR FFF Tags", "FLIR CameraInfo Tags" and "FLIR GPSInfo Tags".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.iso6709 import located
from unexposed.metadata.legible import legible, size_in_words

LANGUAGES = ("flir",)

_RECORD: Final = 32
_MOST_RECORDS: Final = 200
_GLIMPSE: Final = 4_096
"""Bytes of a record that are looked at."""
_IMAGE, _CAMERA, _PLACE, _RAW = 0x0E, 0x20, 0x2B, 0x01
_PIXELS: Final = 32
"""Where an embedded picture begins in its record, behind its dimensions."""
_TEXTS: Final = (
    (0xD4, 32, "device.model"),
    (0x104, 16, "device.serial"),
    (0x114, 16, "device.software"),
    (0x170, 32, "device.lens"),
    (0x1A0, 16, "device.lens_serial"),
    (0x21C, 32, "device.lens_serial"),
)
"""Where a text of the camera's record begins, its size in bytes, and its kind."""
_NO_LENS: Final = "No Lens"
_TIME: Final = 0x384
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read(block: Block) -> list[Finding]:
    """Return what FLIR's records give away."""
    data, where = block.payload, f"{block.where} FLIR"
    found = [finding("hidden.metadata", where, f"thermal data, {size_in_words(block.size)}")]
    order = _order(data)
    if not order:
        return [*found, finding("hidden.damaged", where, "FLIR's records cannot be read")]
    sound = True
    for kind, size, record in _records(data, order):
        if kind is None:
            sound = False
        elif kind == _CAMERA:
            found += _camera(record, where)
        elif kind == _PLACE:
            found += _place(record, where)
        elif kind == _IMAGE and len(record) > _PIXELS:
            width, height = struct.unpack_from(f"{_record_order(record)}2H", record, 2)
            told = f"{width} by {height} pixels, {size_in_words(size - _PIXELS)}"
            found.append(finding("content.second_picture", where, told))
    if not sound:
        found.append(finding("hidden.damaged", where, "FLIR's records run over its end"))
    return found


def _order(data: bytes) -> str:
    """Return the byte order in which the version is credible, "" for neither."""
    if not data.startswith(b"FFF\0") or len(data) < 64:
        return ""
    versions = ((order, struct.unpack_from(f"{order}I", data, 0x14)[0]) for order in "><")
    return next((order for order, version in versions if 100 <= version < 200), "")


def _records(data: bytes, order: str) -> Iterator[tuple[int | None, int, bytes]]:
    """Yield kind, size and beginning of each record, None as the kind of one that is cut short."""
    at, count = struct.unpack_from(f"{order}2I", data, 0x18)
    for first in range(at, at + _RECORD * min(count, _MOST_RECORDS), _RECORD):
        if first + _RECORD > len(data):
            yield None, 0, b""
            return
        (kind,) = struct.unpack_from(f"{order}H", data, first)
        start, size = struct.unpack_from(f"{order}2I", data, first + 12)
        if kind in (0, _RAW):
            continue
        whole = start + size <= len(data)
        yield kind if whole else None, size, data[start : start + min(size, _GLIMPSE)]


def _record_order(record: bytes) -> str:
    """Return the byte order of a record, whose first number is a small one."""
    return "<" if record[1:2] == b"\0" else ">"


def _camera(record: bytes, where: str) -> list[Finding]:
    found = []
    for start, size, kind in _TEXTS:
        shown = legible(record[start : start + size].split(b"\0", 1)[0])
        if shown.strip("0 ") and shown != _NO_LENS:
            found.append(finding(kind, where, shown))
    if len(record) >= _TIME + 10:
        order = _record_order(record)
        seconds, thousandths, zone = struct.unpack_from(f"{order}IIh", record, _TIME)
        if seconds:
            # The zone counts in minutes from the camera's time to that of Greenwich.
            local = _EPOCH + timedelta(seconds=seconds, minutes=-zone)
            hours, minutes = divmod(abs(zone), 60)
            offset = f"{'-' if zone > 0 else '+'}{hours:02}:{minutes:02}"
            when = f"{local:%Y-%m-%d %H:%M:%S}.{thousandths & 0xFFFF:03}{offset}"
            found.append(finding("time.taken", where, when))
    return found


def _place(record: bytes, where: str) -> list[Finding]:
    if len(record) < 0x24:
        return []
    order = _record_order(record)
    valid, _, sides, _, latitude, longitude, altitude = struct.unpack_from(
        f"{order}I4s4s4sddf", record
    )
    if valid != 1:
        return []
    south, west = sides[:1] == b"S", sides[2:3] == b"W"
    return located(
        where,
        -abs(latitude) if south else latitude,
        -abs(longitude) if west else longitude,
        altitude if abs(altitude) < 20_000 else None,
    )
