"""What the boxes of a HEIF file tell beside its items: properties, names, further boxes.

Sources: ISO/IEC 23008-12:2022 section 6.5; C2PA Technical Specification 2.1 section A.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats._boxes import Box, Fields, read_full
from unexposed.formats._leftover import GLIMPSE
from unexposed.formats._supply import Supply
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._file import File, strange_brands
from unexposed.formats.heif._meta import Meta
from unexposed.formats.parts import Buffer
from unexposed.metadata import icc
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.legible import legible

_USUAL_NAMES: Final = frozenset(
    {"", "color", "colour", "alpha", "hevc image", "image", "exif", "xmp", "grid", "pict"}
    | {"picturehandler", "gain map", "gmap", "thumbnail"}
)
"""Names of items and handlers, in lower case, that tell no programs apart."""

_OWN: Final = (b"ftyp", b"meta", b"mdat")
_VIDEO: Final = (b"moov", b"moof", b"mpvd")
_TRACKS: Final = b"moov"
_EMPTY: Final = (b"free", b"skip", b"wide")
_GROUPS: Final = b"grpl"
_COMPLETE: Final = (b"dinf", 36)
"""A box that says of its file that it is complete, and its usual length."""

_C2PA: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_JUMBF_HEAD: Final = 256

_TIMES: Final = {b"crtt": "creation time", b"mdft": "modify-date"}
_TEXTS: Final = (b"udes", b"altt")
_CAMERA: Final = (b"cmin", b"cmex")
_EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)
_SOMETHING: Final = re.compile(rb"[^\0]")


def told_by_boxes(supply: Supply, file: File, meta: Meta, *, moving: bool) -> Iterator[Block]:
    """Yield blocks for all but items, and the tracks of a picture that is `moving`."""
    first = file.boxes[0]
    for brand in dict.fromkeys(strange_brands(supply.buffer, first)):
        yield Block("unknown", brand, "file type", len(brand), legible(brand))
    for box in file.boxes:
        if box.kind not in _OWN and not (moving and box.kind == _TRACKS):
            yield from _box(supply, box)
    for box in meta.strange:
        yield from _box(supply, box)
    names = {("handler name", meta.handler_name)}
    names |= {("name of an item", item.name) for item in meta.items.values()}
    for where, name in sorted(names):
        if legible(name).casefold() not in _USUAL_NAMES:
            yield Block("comment", name, where, len(name))
    for box in meta.properties:
        yield from _property(supply, box)


def note(unit: bytes, size: int) -> Block:
    """Return what an encoder says of itself in a unit of HEVC notes, or that there are such."""
    text = hevc.user_text(unit)
    if text.strip(b"\0"):
        return Block("comment", text, "coded picture", size, legible(text))
    return Block("notes", b"", "coded picture", size, hevc.NOTES)


def _box(supply: Supply, box: Box) -> Iterator[Block]:
    """Yield what a box tells that goes as a whole."""
    where = f"box '{legible(box.kind)}'"
    if box.kind in _VIDEO:
        yield Block("video", _glimpse(supply, box), where, box.size)
    elif box.kind == b"uuid" and box.uuid == _C2PA:
        yield Block("c2pa", _payload(supply, box), "C2PA", box.size)
    elif box.kind == b"uuid" and box.uuid == _XMP:
        yield Block("xmp", _payload(supply, box), "XMP", box.size)
    elif box.kind == b"jumb" and b"c2pa" in supply.buffer[box.data : box.data + _JUMBF_HEAD]:
        yield Block("c2pa", _payload(supply, box), "C2PA", box.size)
    elif box.kind == _GROUPS:
        yield Block("notes", b"", where, box.size, "how its pictures belong together")
    elif (box.kind, box.size) != _COMPLETE and not _is_empty(supply.buffer, box):
        yield Block("unknown", _glimpse(supply, box), where, box.size, legible(box.kind))


def _is_empty(buffer: Buffer, box: Box) -> bool:
    return box.kind in _EMPTY and not _SOMETHING.search(buffer, box.data, box.end)


def _glimpse(supply: Supply, box: Box) -> bytes:
    return supply.take(box.data, min(box.end, box.data + GLIMPSE))


def _payload(supply: Supply, box: Box) -> bytes:
    return supply.take(box.data, min(box.end, box.data + MAX_PAYLOAD))


def _property(supply: Supply, box: Box) -> Iterator[Block]:
    """Yield what a property tells that does not stay as it is."""
    where = f"property '{legible(box.kind)}'"
    if box.kind in _TIMES:
        moment = _moment(supply.buffer, box)
        if moment:
            yield Block("text", moment, where, box.size, _TIMES[box.kind])
    elif box.kind in _TEXTS:
        texts = supply.take(box.data + 4, min(box.end, box.data + GLIMPSE))
        yield Block("comment", texts.replace(b"\0", b" "), where, box.size)
    elif box.kind in _CAMERA:
        yield Block("notes", b"", where, box.size, "how the camera stood")
    elif box.kind == properties.COLOUR:
        profile = properties.profile_of(supply.buffer, box)
        if profile and icc.plain(profile) != profile:
            yield Block("icc", profile[:MAX_PAYLOAD], "ICC profile", box.size)
    elif box.kind == b"hvcC":
        yield from _configuration(supply, box)
    elif not properties.is_known(box) and not _is_empty(supply.buffer, box):
        yield Block("unknown", _glimpse(supply, box), where, box.size, legible(box.kind))


def _configuration(supply: Supply, box: Box) -> Iterator[Block]:
    """Yield the notes that an encoder left among a decoder's parameters."""
    try:
        read = hevc.read_configuration(Fields(supply.buffer, box.data, box.end))
    except Malformed:
        return
    for unit in dict.fromkeys(read.notes):
        yield note(unit, len(unit))


def _moment(buffer: Buffer, box: Box) -> bytes:
    """Return a time, which counts microseconds from 1904 on, as text."""
    try:
        _, _, fields = read_full(buffer, box)
        passed = timedelta(microseconds=fields.number(8))
    except (Malformed, OverflowError):
        return b""
    if not passed or passed > _LAST - _EPOCH:
        return b""
    return f"{_EPOCH + passed:%Y-%m-%d %H:%M:%S}".encode()
