"""Boxes of user data in which makers of cameras keep what they know, each in a form of its own.

Texts that stand at fixed places are a table; lists of tags are made into an Exif block, for the
reader of Exif. Sources: ExifTool's QuickTime.pm, Canon.pm, FujiFilm.pm, Kodak.pm, Microsoft.pm,
Minolta.pm, Nikon.pm, Olympus.pm, Panasonic.pm, Pentax.pm, Samsung.pm and Sanyo.pm.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible, size_in_words, utf16
from unexposed.metadata.made_exif import (
    EXIF,
    GPS,
    MOST_BYTES,
    NOTE,
    RATIONAL,
    TEXT,
    UNDEFINED,
    Tag,
    below,
    directory,
    listed,
    made,
)
from unexposed.metadata.tiff import TYPES

Told: TypeAlias = tuple[str, str] | Block
"""A kind and a text, or a block for another reader."""

HOLDERS: Final[dict[bytes, int]] = {b"CNTH": 0, b"NCDT": 0, b"smta": 4, b"OLYM": 0, b"TTMD": 0}
"""Boxes that hold boxes -> bytes before the first of these."""

_MAKE, _MODEL, _SOFTWARE = "device.make", "device.model", "device.software"


class _Layout(NamedTuple):
    """Texts at fixed places, of boxes that begin in some way: kind, offset and bytes at most."""

    begins: bytes
    texts: tuple[tuple[str, int, int], ...]


_MAKER: Final = (_MAKE, 0, 24)
_PANASONIC: Final = (
    _Layout(b"LEICA", ((_MAKE, 0, 22), (_MODEL, 0x16, 30), (_SOFTWARE, 0x3E, 14))),
    _Layout(b"Panasonic", ((_MAKE, 0, 22), (_MODEL, 0x16, 30))),
    _Layout(b"", ((_MODEL, 0x04, 16), (_MODEL, 0x0C, 16))),
)
_LAYOUTS: Final[dict[bytes, tuple[_Layout, ...]]] = {
    b"TAGS": (
        _Layout(b"FUJIFILM DIGITAL CAMERA\0", (_MAKER, (_MODEL, 0x18, 16))),
        _Layout(b"EASTMAN KODAK COMPANY", ((_MAKE, 0, 21), (_MODEL, 0x16, 42))),
        _Layout(b"KONICA MINOLTA DIGITAL CAMERA", ((_MAKE, 0, 32), (_MODEL, 0x20, 8))),
        _Layout(b"MINOLTA DIGITAL CAMERA", (_MAKER, (_MODEL, 0x18, 8))),
        _Layout(b"NIKON DIGITAL CAMERA\0", (_MAKER, (_MODEL, 0x18, 8), (_SOFTWARE, 0xAF, 16))),
        _Layout(b"OLYMPUS DIGITAL CAMERA", (_MAKER, (_MODEL, 0x18, 24))),
        _Layout(b"PENTAX DIGITAL CAMERA\0", (_MAKER,)),
        _Layout(b"SAMSUNG DIGITAL CAMERA\0", (_MAKER, (_MODEL, 0x18, 16), (_SOFTWARE, 0x7D, 32))),
        _Layout(b"SANYO DIGITAL CAMERA\0", (_MAKER, (_MODEL, 0x18, 8))),
    ),
    b"PANA": _PANASONIC,
    b"LEIC": _PANASONIC,
    b"PENT": (
        _Layout(
            b"",
            (_MAKER, (_MODEL, 0x1A, 24), ("time.taken", 0x71, 24), ("time.taken", 0x8B, 24)),
        ),
    ),
    b"FFMV": (_Layout(b"", (("history.documents", 0, 34),)),),
    b"uuid": (_Layout(b"VIRBactioncamera", ((_SOFTWARE, 16, 64),)),),
}
"""Type of a box -> how what it holds is laid out; the first layout that fits counts."""

_SHORTEST: Final = 3
"""Characters of a text at a fixed place at least: what is shorter may be numbers."""
_TEXTS_ALONE: Final = 80
"""Bytes up to which there is room for these texts alone, and no more to tell of."""
_CAMERA: Final = " DIGITAL CAMERA"

_PENTAX_GPS: Final = (
    *((1, TEXT, 0xCF, 2), (2, RATIONAL, 0xD1, 24), (3, TEXT, 0xE9, 2), (4, RATIONAL, 0xEB, 24)),
    *((5, 1, 0x103, 1), (6, RATIONAL, 0x104, 8), (7, RATIONAL, 0x11C, 24), (0x1D, TEXT, 0x142, 11)),
)
"""Tag of Exif's GPS directory, its type, and where in Pentax's box it stands, in bytes."""
_PENTAX_GPS_AT, _PENTAX_GPS_MARK = 0xC7, b"GPS_"

_NIKON_MAIN: Final = {0x01: 0x010F, 0x02: 0x0110, 0x03: 0x0131}
_NIKON_EXIF: Final = {0x11: 0x9004, 0x12: 0x9003}
"""Nikon's own tags -> those of Exif's main and of its second directory."""
_NIKON_NOTE: Final = b"Nikon\0\x02\x11\0\0"

_SONY: Final = {
    0x01: "person.caption",
    0x03: "time.taken",
    0x04: "device.software",
    0x05: "hidden.metadata",
    0x0C: "time.edited",
}
_SONY_ZONE, _SONY_UTF16 = 0x0B, 1
_MINUTES_OF_DAY: Final = 24 * 60

_MICROSOFT: Final = {
    "AcquisitionTime": "time.taken",
    "Author": "person.author",
    "CameraManufacturer": "device.make",
    "CameraModel": "device.model",
    "Comment": "hidden.comment",
    "Copyright": "person.copyright",
    "Description": "person.caption",
    "Event": "person.caption",
    "Location": "location.place",
    "ModifiedBy": "person.author",
    "Person": "person.named",
    "RecordingTime": "time.taken",
    "SourceURL": "history.origin",
    "Title": "person.caption",
    "WM/AlbumArtist": "person.author",
    "WM/AlbumTitle": "person.caption",
    "WM/AuthorURL": "history.origin",
    "WM/Category": "person.caption",
    "WM/Composer": "person.author",
    "WM/ContentGroupDescription": "person.caption",
    "WM/Director": "person.author",
    "WM/EncodedBy": "person.author",
    "WM/EncodingTime": "time.edited",
    "WM/Producer": "person.author",
    "WM/Publisher": "person.author",
    "WM/SubTitle": "person.caption",
    "WM/SubTitleDescription": "person.caption",
    "WM/ToolName": "device.software",
    "WM/ToolVersion": "device.software",
    "WM/UniqueFileIdentifier": "device.unique_id",
    "WM/Writer": "person.author",
}
"""What Windows calls a property of a video -> its kind; others are told with their names."""
_WINDOWS_TEXT, _WINDOWS_NUMBER, _WINDOWS_TIME = 8, 19, 21
_WINDOWS_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_TICKS: Final = 10_000_000
_LATEST: Final = 600 * 365 * 86_400
"""Windows counts from 1601; nothing was recorded later than 2200."""

_MOST: Final = 500
"""Entries of a list at most."""


def opened(kind: bytes, payload: bytes, where: str) -> list[Told]:
    """Return what a box of a maker's tells; nothing for one that is not known here."""
    found: list[Told] = []
    for layout in _LAYOUTS.get(kind, ()):
        if payload.startswith(layout.begins):
            found += _laid_out(layout, payload)
            if found and len(payload) > _TEXTS_ALONE:
                found.append(("device.maker_note", size_in_words(len(payload))))
            break
    if kind in _LISTS:
        found += _LISTS[kind](payload)
    if kind in _EXIF and (block := _EXIF[kind](payload)):
        found.append(Block("exif", block, where, len(payload)))
    if kind == b"CMT3":
        found.append(Block("maker_note", payload, where, len(payload), "Canon"))
    return found


def _laid_out(layout: _Layout, payload: bytes) -> Iterator[Told]:
    seen: set[str] = set()
    for kind, offset, size in layout.texts:
        text = payload[offset : offset + size].partition(b"\0")[0].rstrip()
        if len(text) < _SHORTEST or not text.isascii() or not text.decode().isprintable():
            continue
        if kind != _MODEL or kind not in seen:
            seen.add(kind)
            yield kind, legible(text).removesuffix(_CAMERA)


def _sony_list(payload: bytes) -> Iterator[Told]:
    """Read the list of Sony's PSP, which its cameras write too."""
    at = 2
    for _ in range(min(_MOST, int.from_bytes(payload[:2]))):
        if len(payload) - at < 10:
            return
        size, tag, _, form = struct.unpack_from(">HIHH", payload, at)
        value = payload[at + 10 : at + size]
        if tag == _SONY_ZONE and len(value) >= 2:
            minutes = int.from_bytes(value[:2], signed=True)
            if abs(minutes) < _MINUTES_OF_DAY:
                sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
                yield "time.zone", f"{sign}{hours:02}:{rest:02}"
        elif tag in _SONY:
            text = utf16(value, "be") if form == _SONY_UTF16 else legible(value)
            if text:
                yield _SONY[tag], text
        if size < 10:
            return
        at += size


def _windows_list(payload: bytes) -> Iterator[Told]:
    """Read the properties that Windows keeps."""
    at = 0
    for _ in range(_MOST):
        size, length = (
            int.from_bytes(payload[at : at + 4]),
            int.from_bytes(payload[at + 4 : at + 8]),
        )
        if not 18 + length <= size <= len(payload) - at:
            return
        name = legible(payload[at + 8 : at + 8 + length])
        for text in _windows_values(payload[at + 8 + length : at + size]):
            kind = _MICROSOFT.get(name)
            yield (kind, text) if kind else ("hidden.metadata", f"{name}: {text}")
        at += size


def _windows_values(data: bytes) -> Iterator[str]:
    at = 4
    for _ in range(min(_MOST, int.from_bytes(data[:4]))):
        size, form = int.from_bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 6])
        if not 6 <= size <= len(data) - at:
            return
        value = data[at + 6 : at + size]
        number = int.from_bytes(value[:8], "little")
        text = ""
        if form == _WINDOWS_TEXT:
            text = utf16(value)
        elif form == _WINDOWS_TIME and number // _TICKS < _LATEST:
            text = f"{_WINDOWS_EPOCH + timedelta(seconds=number // _TICKS):%Y-%m-%d %H:%M:%S}Z"
        elif form == _WINDOWS_NUMBER:
            text = str(number)
        if text:
            yield text
        at += size


def _nikon_list(payload: bytes) -> bytes:
    """Return Nikon's list of tags, of which most are Exif's, GPS' and its own notes', as Exif."""
    parts: dict[int, list[Tag]] = {0: [], 0x110: [], 0x120: [], 0x200: []}
    at = 0
    for _ in range(_MOST):
        if len(payload) - at < 8:
            break
        number, kind, count = struct.unpack_from(">IHH", payload, at)
        size = TYPES.get(kind, (0, ""))[0] * count
        value = payload[at + 8 : at + 8 + size]
        if kind not in TYPES or len(value) < size:
            break
        at += 8 + size
        if number >> 16 in parts:
            parts[number >> 16].append(Tag(number & 0xFFFF, kind, value))
    own = parts[0]
    main = [
        tag._replace(number=_NIKON_MAIN[tag.number]) for tag in own if tag.number in _NIKON_MAIN
    ]
    exif = [
        tag._replace(number=_NIKON_EXIF[tag.number]) for tag in own if tag.number in _NIKON_EXIF
    ]
    if notes := parts[0x200]:
        note = _NIKON_NOTE + b"MM\0*\0\0\0\x08" + directory(">", notes, 8)
        exif.append(Tag(NOTE, UNDEFINED, note))
    return made(">", main, exif + parts[0x110], parts[0x120])


def _pentax_gps(payload: bytes) -> bytes:
    if not payload.startswith(_PENTAX_GPS_MARK, _PENTAX_GPS_AT):
        return b""
    return made(
        "<",
        gps=[Tag(tag, kind, payload[at : at + size]) for tag, kind, at, size in _PENTAX_GPS],
    )


def _alone(at: int, base: int, order: str) -> Callable[[bytes], bytes]:
    """Read a directory without a header that begins so many bytes into a box."""
    return lambda payload: made(order, listed(payload, at, base, order))


def _within_jpeg(payload: bytes) -> bytes:
    """Return the Exif block in what Panasonic makes look like a JPEG."""
    start = payload[0x16:0x1C]
    return payload[0x1C:] if start == b"Exif\0\0" else b""


def _pentax_note(payload: bytes) -> bytes:
    if not payload.startswith(b"PENTAX \0"):
        return b""
    return made("<", exif=[Tag(NOTE, UNDEFINED, payload[:MOST_BYTES])])


_LISTS: Final[dict[bytes, Callable[[bytes], Iterator[Told]]]] = {
    b"MTDT": _sony_list,
    b"Xtra": _windows_list,
}
_EXIF: Final[dict[bytes, Callable[[bytes], bytes]]] = {
    b"CMT1": lambda payload: payload,
    b"CMT2": lambda payload: below(payload, EXIF),
    b"CMT4": lambda payload: below(payload, GPS),
    b"RMKN": lambda payload: payload,
    b"QVMI": _alone(10, 0, ">"),
    b"MVTG": _alone(16, 16, "<"),
    b"NCTG": _nikon_list,
    b"PENT": _pentax_gps,
    b"PANA": _within_jpeg,
    b"PXMN": _pentax_note,
    b"thmb": _pentax_note,
}
"""Type of a box -> what makes an Exif block of it; b"" where there is none in it."""
