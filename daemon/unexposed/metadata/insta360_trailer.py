"""What Insta360's cameras write behind a video or a picture: records, to be read from the last on.

Source: ExifTool's QuickTimeStream.pl, ProcessInsta360.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.gpmf import track_of
from unexposed.metadata.iso6709 import located
from unexposed.metadata.legible import legible, size_in_words

LANGUAGES = ("insta360_trailer",)

MAGIC: Final = b"8db42d694ccc418790edff439fe026bf"
_FOOTER: Final = 78
_HEAD: Final = 6
_MOST: Final = 1_000

_CAMERA, _PREVIEW, _PLACES = 0x101, 0x200, 0x700
_TEXTS: Final = {0x0A: "device.serial", 0x12: "device.model", 0x1A: "device.software"}
_FIX: Final = struct.Struct("<I6xcdcdcddd")
"""Seconds since 1970, whether it holds ("A"), then degrees and their hemispheres, speed (m/s),
direction and height (m)."""
_WEST: Final = b"WO"
"""O is French for west."""


def read(block: Block) -> list[Finding]:
    """Return what the records give away; `payload` is the end of the trailer, or all of it."""
    found: list[Finding] = []
    for kind, data in _records(block.payload):
        if kind == _CAMERA:
            found += _camera(data, block.where)
        elif kind == _PREVIEW:
            found.append(
                finding("content.thumbnail", f"{block.where} preview", size_in_words(len(data)))
            )
        elif kind == _PLACES:
            found += _places(data, block.where)
    return found


def _records(trailer: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and content of each record; of one that begins before the payload, what is here."""
    if not trailer.endswith(MAGIC) or len(trailer) < _FOOTER:
        return
    end = len(trailer) - _FOOTER
    head = trailer[end : end + _HEAD]
    for _ in range(_MOST):
        kind, size = struct.unpack("<HI", head)
        yield kind, trailer[max(0, end - size) : end]
        end -= size + _HEAD
        if end < 0:
            return
        head = trailer[end : end + _HEAD]


def _camera(data: bytes, where: str) -> Iterator[Finding]:
    at = 0
    while len(data) - at > 2:
        kind, size = data[at], data[at + 1]
        text = legible(data[at + 2 : at + 2 + size])
        if kind in _TEXTS and text:
            yield finding(_TEXTS[kind], where, text)
        at += 2 + size


def _places(data: bytes, where: str) -> list[Finding]:
    """Read the first place that holds, and when that was."""
    for fix in _FIX.iter_unpack(data[: len(data) // _FIX.size * _FIX.size]):
        seconds, holds, latitude, north, longitude, east, *_, height = fix
        if holds != b"A" or north not in b"NS" or east not in b"EW" + _WEST:
            continue
        latitude = -abs(latitude) if north == b"S" else latitude
        longitude = -abs(longitude) if east in _WEST else longitude
        altitude = height if abs(height) < 100_000 else None
        if found := located(where, latitude, longitude, altitude):
            when = datetime.fromtimestamp(seconds, UTC)
            return [
                *map(track_of, found),
                finding("time.taken", where, f"{when:%Y-%m-%d %H:%M:%S}Z"),
            ]
    return []
