"""GoPro's own metadata (GPMF): keys, lengths and values, of which some hold others.

Source: GoPro's gpmf-parser, README "GPMF Deeper Dive"; ExifTool's GoPro.pm for names of keys.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.iso6709 import located
from unexposed.metadata.legible import legible, size_in_words
from unexposed.metadata.times import moment

LANGUAGES = ("gpmf",)

_TEXTS: Final[dict[bytes, str]] = {
    b"MINF": "device.model",
    b"CASN": "device.serial",
    b"FMWR": "device.software",
    b"MUID": "device.unique_id",
    b"GUMI": "device.unique_id",
}
_NAME: Final = b"DVNM"
_CAMERAS: Final = ("gopro", "hero", "fusion")
"""What a source of data is called, in lower case, that is the camera and not one of its parts."""
_HEADER: Final = 8
_NESTED, _TEXT = 0, ord("c")
_SCALE, _TIME = b"SCAL", b"GPSU"
_POSITIONS: Final = (b"GPS5", b"GPS9")
_MOST: Final = 20_000


def read(block: Block) -> list[Finding]:
    """Return the place where the recording begins, and what it tells of the camera."""
    found: dict[tuple[str, str], Finding] = {}
    scale: list[int] = []
    places: list[Finding] = []
    is_cut = False
    for key, form, data, end in _values(block.payload):
        is_cut |= end > len(block.payload)
        if key == _SCALE:
            scale = _numbers(data)
        elif key in _POSITIONS and not places:
            places = _first_place(data, scale, block.where)
        elif key == _TIME and (when := _moment(data)):
            found.setdefault(("time.taken", ""), finding("time.taken", block.where, when))
        elif key in _TEXTS or key == _NAME:
            text = legible(data) if form == _TEXT else data.hex()
            meant = key in _TEXTS or any(name in text.casefold() for name in _CAMERAS)
            if meant and text.strip("0"):
                kind = _TEXTS.get(key, "device.model")
                found.setdefault((kind, text), finding(kind, block.where, text))
    told = [*places, *found.values()] or [
        finding("device.maker_note", block.where, size_in_words(block.size))
    ]
    if is_cut and len(block.payload) >= block.size:  # else only the start of the data is here
        told.append(finding("hidden.damaged", block.where, "GoPro's notes are cut short"))
    return told


def _first_place(data: bytes, scale: list[int], where: str) -> list[Finding]:
    """Return where the first row of positions is, whose numbers are degrees times their scale."""
    numbers = _numbers(data[:8])
    if len(numbers) < 2 or len(scale) < 2 or 0 in scale[:2]:
        return []
    found = located(where, numbers[0] / scale[0], numbers[1] / scale[1])
    return [track_of(one) for one in found]


def track_of(one: Finding) -> Finding:
    """Say of a position that others follow it."""
    if one.kind != "location.gps":
        return one
    return msgspec.structs.replace(one, summary=f"a track of places, beginning at {one.value}")


def _values(data: bytes) -> Iterator[tuple[bytes, int, bytes, int]]:
    """Yield key, type, value, and where that should end.

    What is inside another follows that, which has no value of its own.
    """
    at = 0
    for _ in range(_MOST):
        if len(data) - at < _HEADER:
            return
        key, form, size, repeated = struct.unpack_from(">4sBBH", data, at)
        at += _HEADER
        end = at + size * repeated
        yield key, form, b"" if form == _NESTED else data[at:end], end
        if form != _NESTED:
            at += -(-size * repeated // 4) * 4


def _numbers(data: bytes) -> list[int]:
    whole = data[: len(data) // 4 * 4]
    return [number for (number,) in struct.iter_unpack(">i", whole)]


def _moment(data: bytes) -> str:
    """Return "yymmddhhmmss.sss" as a time."""
    text = data.decode("latin-1")
    if not text[:12].isdigit():
        return ""
    date, clock = f"20{text[:2]}-{text[2:4]}-{text[4:6]}", f"{text[6:8]}:{text[8:10]}:{text[10:12]}"
    return moment(f"{date} {clock}Z")
