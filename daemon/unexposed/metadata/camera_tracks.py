"""Tracks in which cameras note, along a video, where they are and which they are.

Sources: SMPTE RDD 18 and ExifTool's Sony.pm for Sony's; ExifTool's Canon.pm for Canon's; ExifTool's
DJI.pm for DJI's, which are in the encoding of Protocol Buffers.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Final

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.gpmf import track_of
from unexposed.metadata.iso6709 import located
from unexposed.metadata.legible import legible
from unexposed.metadata.made_exif import RATIONAL, TEXT, Tag, made
from unexposed.metadata.nested import read_nested
from unexposed.metadata.times import moment

_MOST: Final = 2_000
"""Tags, records or fields of a sample at most."""

_SONY_TEXTS: Final = {
    0x8007: "device.lens",
    0x8113: "location.file_path",
    0x8114: "device.serial",
}
"""Tags of RDD 18 -> what they tell: attributes of lens and camera are model and serial number."""
_SONY_GPS: Final = range(0x8500, 0x8520)
_SONY_GPS_TYPES: Final = {
    **dict.fromkeys((1, 3, 9, 10, 12, 14, 16, 18, 29), TEXT),
    **dict.fromkeys((2, 4, 6, 7, 11, 13, 15, 17), RATIONAL),
    5: 1,
}
"""Exif's GPS tags, by which Sony's are numbered, -> their types."""
_SONY_LABEL, _SONY_LABEL_SIZE = 0x060E, 16
_SONY_SET, _SONY_TIME = 0x8300, 0xE304

_CANON_TIME, _CANON_HEAD = 1, 12

_DJI_TEXTS: Final = {
    (1, 1, 5): "device.serial",
    (1, 1, 10): "device.model",
    (2, 2, 3, 1): "device.serial",
    (3, 4, 2, 6, 1): "time.taken",
}
_DJI_PLACES: Final = frozenset({(3, 4, 2, 1), (3, 3, 4, 1), (3, 4, 4, 1)})
"""Where in nested messages, by the numbers of their fields, texts and places stand."""
_DJI_PATHS: Final = frozenset(
    path[:end] for path in (*_DJI_TEXTS, *_DJI_PLACES) for end in range(1, len(path))
)
_UNITS, _LATITUDE, _LONGITUDE = 1, 2, 3
_VARINT, _DOUBLE, _BYTES, _FLOAT = 0, 1, 2, 5


def told(codec: str, samples: Sequence[bytes], where: str) -> list[Finding]:
    """Return what the samples of a camera's own track give away: of each fact the first."""
    first: dict[str, list[Finding]] = {}
    for sample in samples:
        found: dict[str, list[Finding]] = {}
        for one in _READERS[codec](sample, where):
            found.setdefault(one.kind, []).append(track_of(one))
        first = found | first
        if "location.gps" in first:
            break
    return [one for several in first.values() for one in dict.fromkeys(several)]


def _sony(sample: bytes, where: str) -> Iterator[Finding]:
    gps: list[Tag] = []
    for tag, value in _sony_tags(sample):
        if tag in _SONY_GPS and (kind := _SONY_GPS_TYPES.get(tag - _SONY_GPS.start)):
            gps.append(Tag(tag - _SONY_GPS.start, kind, value))
        elif tag in _SONY_TEXTS and (text := legible(value.rstrip(b"\0"))):
            yield finding(_SONY_TEXTS[tag], where, text)
        elif tag == _SONY_TIME and len(value) >= 8:
            digits = value[1:8].hex()
            date = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
            clock = f"{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
            if digits.isdecimal() and (when := moment(f"{date} {clock}")):
                yield finding("time.taken", where, when)
    if block := made(">", gps=gps):
        yield from read_nested(Block("exif", block, where, len(block)), 1)


def _sony_tags(sample: bytes) -> Iterator[tuple[int, bytes]]:
    at = int.from_bytes(sample[:2])
    for _ in range(_MOST):
        tag, size = int.from_bytes(sample[at : at + 2]), int.from_bytes(sample[at + 2 : at + 4])
        if not tag or len(sample) - at < 4:
            return
        if tag == _SONY_LABEL:
            at += _SONY_LABEL_SIZE
            continue
        at += 4
        if tag != _SONY_SET:
            yield tag, sample[at : at + size]
            at += size


def _canon(sample: bytes, where: str) -> Iterator[Finding]:
    at = 0
    for _ in range(_MOST):
        if len(sample) - at < _CANON_HEAD:
            return
        size, kind = struct.unpack_from("<IH", sample, at)
        value = sample[at + _CANON_HEAD : at + size]
        if kind == _CANON_TIME and len(value) >= 9:
            year, *rest = struct.unpack_from("<H5B", value, 2)
            month, day, hour, minute, second = rest
            when = moment(f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
            if when:
                yield finding("time.taken", where, when)
        if size < _CANON_HEAD:
            return
        at += size


def _dji(sample: bytes, where: str) -> Iterator[Finding]:
    for path, value in _messages(sample, ()):
        if path in _DJI_PLACES:
            yield from _dji_place(value, where)
        elif (text := legible(value)) and value.isascii() and len(value) < 100:
            kind = _DJI_TEXTS[path]
            yield finding(kind, where, moment(text) if kind.startswith("time.") else text)


def _messages(data: bytes, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], bytes]]:
    """Yield what stands at the paths that tell something; a path is as long as the longest of these."""
    for number, value in _fields(data):
        inner = (*path, number)
        if not isinstance(value, bytes):
            continue
        if inner in _DJI_TEXTS or inner in _DJI_PLACES:
            yield inner, value
        elif inner in _DJI_PATHS:
            yield from _messages(value, inner)


def _dji_place(data: bytes, where: str) -> list[Finding]:
    values = dict(_fields(data))
    latitude, longitude = values.get(_LATITUDE), values.get(_LONGITUDE)
    if not isinstance(latitude, float) or not isinstance(longitude, float):
        return []
    if not values.get(_UNITS):
        latitude, longitude = math.degrees(latitude), math.degrees(longitude)
    return located(where, latitude, longitude)


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int | float]]:
    """Yield number and value of a message's fields, as far as they can be read.

    Source: Protocol Buffers, "Encoding".
    """
    at = 0
    for _ in range(_MOST):
        key, at = _varint(data, at)
        number, form = key >> 3, key & 7
        if not number or at >= len(data):
            return
        if form == _VARINT:
            value, at = _varint(data, at)
            yield number, value
        elif form == _DOUBLE and len(data) - at >= 8:
            yield number, struct.unpack_from("<d", data, at)[0]
            at += 8
        elif form == _BYTES:
            size, at = _varint(data, at)
            if size > len(data) - at:
                return
            yield number, data[at : at + size]
            at += size
        elif form == _FLOAT:
            at += 4
        else:
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, low ones first, and where it ends; 0 for one cut short."""
    value = 0
    for place in range(10):
        if at + place >= len(data):
            break
        value |= (data[at + place] & 0x7F) << 7 * place
        if not data[at + place] & 0x80:
            return value, at + place + 1
    return 0, len(data)


_READERS: Final = {"rtmd": _sony, "CTMD": _canon, "djmd": _dji}

CODECS: Final = frozenset(_READERS)
"""What the samples of these tracks are."""
