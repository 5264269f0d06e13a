"""The metadata of a PNG for the readers; texts are inflated, up to a limit.

Sources: PNG (third edition) 11.3; C2PA Technical Specification 2.1 annex A.3.3 (caBX).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from unexposed.formats._leftover import GLIMPSE, trailer, unknown
from unexposed.formats.parts import KEPT_ROLES, Buffer, Part, Role
from unexposed.formats.png import _frames as frames
from unexposed.formats.png import _texts as texts
from unexposed.formats.png._chunks import CHECKSUM, END, HEADER, SIGNATURE
from unexposed.formats.png._colours import split_profile
from unexposed.formats.png._picture import inflate
from unexposed.metadata import icc
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.legible import legible

_ALONE: Final[dict[bytes, tuple[str, str]]] = {
    b"eXIf": ("exif", "EXIF"),
    b"tIME": ("time", "PNG time"),
    b"caBX": ("c2pa", "C2PA"),
}
"""Chunk -> its language and its place, where the data is nothing but the payload."""

_DENSITY_SIZE: Final = 9
_METRE: Final = b"\1"
_ORDINARY_NAMES: Final = frozenset({"icc", "icc profile", "srgb", "srgb iec61966-2.1"})
"""What profiles are called that have no name of their own, in lower case."""

_BEHIND: Final = "behind the picture data"
_COMPRESSED_SAMPLE = 128
"""So many bytes must be looked at before they can be said to be compressed."""


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out texts, EXIF, profiles, C2PA and whatever else does not stay."""
    found: list[Block] = []
    room = 2 * MAX_PAYLOAD
    for part in parts:
        if part.name not in (frames.BEHIND, frames.BEHIND_CHUNK):
            for block in _blocks_of(buffer, part, min(room, MAX_PAYLOAD)):
                room -= len(block.payload)
                found.append(block)
    return found + _behind_picture(buffer, parts)


def _blocks_of(buffer: Buffer, part: Part, room: int) -> Iterator[Block]:
    """Yield what a part holds that does not stay, up to `room` bytes of each."""
    if part.role is Role.TRAILER:
        yield _trailer(buffer, part)
    elif part.role is Role.UNKNOWN and part.name != frames.EMPTY:
        whole = part.name.startswith("chunk ")
        label = buffer[part.start + 4 : part.start + HEADER].decode() if whole else part.name
        yield unknown(buffer, part, f"PNG {part.name}", label)
    elif part.role not in KEPT_ROLES or (part.role is Role.COLOUR and not part.plain):
        kind = buffer[part.start + 4 : part.start + HEADER]
        data = _data(buffer, part, room)
        if kind in texts.KINDS:
            yield from _text(kind, data, part.size, room)
        elif kind == b"iCCP":
            yield from _profile(data, part.size, room)
        elif kind == b"pHYs":
            yield from _density(data, part.size)
        elif kind in _ALONE:
            language, where = _ALONE[kind]
            yield Block(language, data, where, part.size)
        elif part.role is Role.METADATA:
            yield Block("segment", data, f"PNG {part.name}", part.size, f"PNG {part.name}")


def _data(buffer: Buffer, part: Part, room: int) -> bytes:
    """Return up to `room` bytes of the data of a part that is one chunk."""
    start = part.start + HEADER
    return buffer[start : max(start, min(part.end - CHECKSUM, start + room))]


def _text(kind: bytes, data: bytes, size: int, room: int) -> Iterator[Block]:
    text = texts.read_text(kind, data, room)
    keyword = legible(text.keyword)
    where = f"PNG text '{keyword}'"
    language, payload = texts.foreign(text)
    if language:
        yield Block(language, payload, where, size)
    else:
        yield Block("text", text.text, where, size, keyword)
    if text.translated_keyword:
        yield Block("text", text.translated_keyword, where, size, "translated keyword")
    if not text.whole:
        yield Block("unknown", data[:GLIMPSE], f"{where}, not read to its end", size, keyword)


def _profile(data: bytes, size: int, room: int) -> Iterator[Block]:
    name, stream = split_profile(data)
    profile, whole = inflate(stream, min(room, icc.MAX_PROFILE + 1))
    yield Block("icc", profile, "ICC profile", size)
    called = legible(name).casefold()
    if called and called not in _ORDINARY_NAMES:
        yield Block("text", name, "PNG profile name", size, "profile name")
    if not whole:
        yield Block("unknown", data[:GLIMPSE], "ICC profile, not read to its end", size, "iCCP")


def _density(data: bytes, size: int) -> Iterator[Block]:
    across, down, unit = int.from_bytes(data[:4]), int.from_bytes(data[4:8]), data[8:9]
    if len(data) != _DENSITY_SIZE:
        yield Block("unknown", data[:GLIMPSE], "PNG density", size, "pHYs")
        return
    per = " per metre" if unit == _METRE else ""
    yield Block("density", f"{across} by {down} pixels{per}".encode(), "PNG density", size)


def _trailer(buffer: Buffer, part: Part) -> Block:
    """Return what follows the end: the end of another PNG is what an older, longer file left there.

    So the pictures look that screenshot tools cropped without cutting the file (CVE-2023-21036).
    """
    block = trailer(buffer, part)
    end = buffer[max(part.start, part.end - len(END)) : part.end]
    if end != END or block.payload.startswith(SIGNATURE):
        return block
    return Block("cropped", block.payload, block.where, block.size)


def _behind_picture(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Return in one piece what stands behind the ends of the picture's streams."""
    payload, size = b"", 0
    for part in parts:
        if part.name in (frames.BEHIND, frames.BEHIND_CHUNK):
            start, end = part.start, part.end
            if part.name == frames.BEHIND_CHUNK:
                start, end = start + HEADER, end - CHECKSUM
            payload += buffer[start : min(end, start + GLIMPSE - len(payload))]
            size += part.size
    if not size:
        return []
    if _is_compressed(payload):
        return [Block("cropped", payload, _BEHIND, size)]
    return [Block("unknown", payload, _BEHIND, size, "IDAT")]


def _is_compressed(data: bytes) -> bool:
    """Tell whether bytes look like the inside of a zlib stream, or like a whole one."""
    if inflate(data, 1)[0]:
        return True
    return len(data) >= _COMPRESSED_SAMPLE and len(zlib.compress(data)) > 0.95 * len(data)
