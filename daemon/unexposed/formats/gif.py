"""GIF, 87a and 89a, still and animated.

Source: the GIF89a specification (1990), and for the loop count what Netscape 2.0 made of
the application extension. Where a block stands twice, the one that decoders use stays. A
picture's LZW data is followed code by code, so that nothing stays behind its end but the
spare bits of its last byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._gif_lzw import CODE_SIZES, Corrupt, bytes_read
from unexposed.formats._gif_places import PLACES
from unexposed.formats._leftover import trailer, unknown
from unexposed.formats._tiling import Tiling
from unexposed.formats.parts import (
    KEPT_ROLES,
    NOTHING,
    Buffer,
    Followed,
    Keep,
    Part,
    Plan,
    Put,
    Role,
    coalesce,
)
from unexposed.metadata.block import MAX_PAYLOAD, Block

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "dissect",
    "rebuild",
    "sniff",
]

NAME = "gif"
PILLOW = ("GIF",)
EXTENSIONS = (".gif",)

_SIGNATURES = (b"GIF87a", b"GIF89a")
_SCREEN_END = 13
_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_INTRODUCER = re.compile(rb"[!,;]")
_PLAIN_TEXT, _CONTROL, _COMMENT_LABEL, _APPLICATION = 0x01, 0xF9, 0xFE, 0xFF

_TABLE, _INTERLACED, _TABLE_SORT_SIZE = 0x80, 0x40, 0x27
"""Bits of an image descriptor's last byte."""
_TRANSPARENT, _CONTROL_BITS = 0x01, 0x1F
"""Bits of a graphic control's first byte: the one that counts its colour, all but the reserved."""

_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_XMP_ID = b"XMP DataXMP"
_ICC_ID = b"ICCRGBG1012"
_XMP_MAGIC = bytes([1, *range(255, -1, -1), 0])
"""What ends XMP, which stands outside sub-blocks: wherever a reader jumps in, it comes out behind."""

_PIECE = 64 << 10

_COLOURS = "colour table"
_CONTROL_NAME = "graphic control"
_DESCRIPTOR = "image descriptor"
_LOOP = "loop count"
_LAST_LENGTH = "length of the last data block"
_TRAILER_BYTE = "end"
_COMMENT = "comment"
_TEXT = "plain text"
_XMP = "XMP"
_ICC = "ICC profile"
_APPLICATION_DATA = "application data"
_UNKNOWN_EXTENSION = "unknown extension"
_IDLE = "that no decoder uses"
_BEHIND_PICTURE = "behind the picture data"
_STRAY = "stray bytes"


class _Frame(msgspec.Struct, frozen=True, gc=False):
    """Where a picture's data blocks end: for decoders, and in the file.

    `last` is the length byte of the last block that is read, `used` the end of what is
    read of it, `end` the terminator.
    """

    last: int
    used: int
    end: int


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a GIF."""
    return head[:6] in _SIGNATURES


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a GIF into its blocks.

    Raises Malformed where the file ends in the middle of a block, where a picture's codes
    stand for nothing, and where there is no picture.
    """
    parts = _divided(buffer, followed)
    for index, part in enumerate(parts):
        made = _made(buffer, parts, index)
        if made is not None and made != buffer[part.start : part.end]:
            parts[index] = msgspec.structs.replace(part, plain=False)
    return parts


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: pictures, timing and loop count as they stand."""
    plan: Plan = []
    for index, part in enumerate(parts):
        if part.allowed:
            plan.append(Keep(part.start, part.end))
        elif part.role in KEPT_ROLES:
            plan.append(Put(_made(buffer, parts, index) or b""))
    if not any(part.name == _TRAILER_BYTE for part in parts):
        plan.append(Put(bytes([_END])))
    return coalesce(plan)


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out comments, texts, XMP, profiles, unknown data and what follows the pictures."""
    found: list[Block] = []
    room = 2 * MAX_PAYLOAD
    for part in parts:
        if part.role not in KEPT_ROLES:
            block = _block(buffer, part, min(room, MAX_PAYLOAD))
            room -= len(block.payload)
            found.append(block)
    return found


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan:
    """Plan the copy with an XMP packet before its end."""
    at = parts[-1].start
    note = bytes([_EXTENSION, _APPLICATION, len(_XMP_ID)]) + _XMP_ID + packet + _XMP_MAGIC
    return [Keep(0, at), Put(note), Keep(at, len(buffer))]


def _divided(buffer: Buffer, followed: Followed) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    if not sniff(buffer[:6]):
        raise Malformed("does not begin as a GIF", 0)
    tiling = Tiling()
    _add(tiling, buffer, 6, Role.STRUCTURE, "header")
    _add(tiling, buffer, _SCREEN_END, Role.STRUCTURE, "screen descriptor")
    _add_colours(tiling, buffer, buffer[10])
    controls: list[int] = []
    loops: dict[bytes, int] = {}
    pictures = 0
    while tiling.position < len(buffer):
        position = tiling.position
        introducer = buffer[position]
        if introducer == _EXTENSION:
            _add_extension(tiling, buffer, controls, loops)
        elif introducer == _IMAGE:
            _add_image(tiling, buffer, followed)
            controls.clear()
            if not pictures:
                loops.clear()
            pictures += 1
        elif introducer == _END:
            tiling.add(position + 1, Role.STRUCTURE, _TRAILER_BYTE)
            tiling.add(len(buffer), Role.TRAILER, "data after the end")
        else:
            following = _INTRODUCER.search(buffer, position)
            end = following.start() if following else len(buffer)
            tiling.add(end, Role.UNKNOWN, _STRAY)
    if not pictures:
        raise Malformed("holds no picture", len(buffer))
    for index in controls:
        tiling.demote(index, f"{_CONTROL_NAME} {_IDLE}")
    return tiling.parts


def _add(tiling: Tiling, buffer: Buffer, end: int, role: Role, name: str) -> int:
    if end > len(buffer):
        raise Malformed("the file is cut short", len(buffer))
    return tiling.add(end, role, name)


def _add_colours(tiling: Tiling, buffer: Buffer, packed: int) -> None:
    if packed & _TABLE:
        end = tiling.position + (6 << (packed & 7))
        _add(tiling, buffer, end, Role.COLOUR, _COLOURS)


def _add_extension(
    tiling: Tiling, buffer: Buffer, controls: list[int], loops: dict[bytes, int]
) -> None:
    """Add an extension; `controls` and `loops` are the parts that a later one may supersede.

    A graphic control belongs to the next image. The texts between them, which no current
    decoder draws, take none of it: so do the browsers and Pillow.
    """
    start = tiling.position
    head = buffer[start : start + 19]
    end = _blocks_end(buffer, start + 2)
    label, size = head[1], head[2]
    name = head[3:14] if label == _APPLICATION and size == 11 else b""
    if label == _CONTROL:
        if size < 4:
            raise Malformed("a graphic control is too short", start)
        for index in controls:
            tiling.demote(index, f"{_CONTROL_NAME} {_IDLE}")
        controls[:] = [_add_fields(tiling, end, 7, _CONTROL_NAME)]
    elif name in _LOOPS and head[14] >= 3 and head[15] == 1:
        if name in loops:
            tiling.demote(loops[name], f"{_LOOP} {_IDLE}")
        loops[name] = _add_fields(tiling, end, 18, _LOOP)
    elif label == _COMMENT_LABEL:
        tiling.add(end, Role.METADATA, _COMMENT)
    elif label == _PLAIN_TEXT:
        tiling.add(end, Role.METADATA, _TEXT)
    elif name == _XMP_ID:
        tiling.add(end, Role.METADATA, _XMP)
    elif name == _ICC_ID:
        tiling.add(end, Role.METADATA, _ICC)
    else:
        known = label == _APPLICATION
        tiling.add(end, Role.UNKNOWN, _APPLICATION_DATA if known else _UNKNOWN_EXTENSION)


def _add_fields(tiling: Tiling, end: int, size: int, name: str) -> int:
    """Add an extension of `size` bytes and a terminator; more than that is unknown."""
    start = tiling.position
    exact = end == start + size + 1
    index = tiling.add(end if exact else start + size, Role.STRUCTURE, name)
    tiling.add(end, Role.UNKNOWN, f"data behind the {name}")
    return index


def _add_image(tiling: Tiling, buffer: Buffer, followed: Followed) -> None:
    """Add one picture, its own colours, and its data up to where decoders read."""
    start = tiling.position
    _add(tiling, buffer, start + 10, Role.STRUCTURE, _DESCRIPTOR)
    width, height = (_short(buffer, start + at) for at in (5, 7))
    if not width or not height:
        raise Malformed("a picture without width or height", start)
    _add_colours(tiling, buffer, buffer[start + 9])
    _add(tiling, buffer, tiling.position + 1, Role.STRUCTURE, "bits of a pixel")
    begin = tiling.position
    frame = _known_frame(buffer, begin, followed) or _frame(
        buffer, begin, buffer[begin - 1], width * height
    )
    tiling.add(frame.last, Role.PICTURE, "picture")
    tiling.add(frame.last + 1, Role.STRUCTURE, _LAST_LENGTH)
    tiling.add(frame.used, Role.PICTURE, "picture")
    tiling.add(frame.end, Role.UNKNOWN, _BEHIND_PICTURE)
    tiling.add(frame.end + 1, Role.STRUCTURE, "end of the picture")


def _known_frame(buffer: Buffer, start: int, followed: Followed) -> _Frame | None:
    """Return where the picture ends whose data blocks begin at `start`, if that is known."""
    last = followed.get(start, start)
    used = followed.get(last + 1)
    return None if used is None else _Frame(last, used, _blocks_end(buffer, last) - 1)


def _frame(buffer: Buffer, start: int, code_size: int, pixels: int) -> _Frame:
    """Find where the picture ends whose data blocks begin at `start`."""
    if code_size not in CODE_SIZES:
        raise Malformed("a picture has an impossible number of bits", start - 1)
    try:
        left = bytes_read(_pieces(buffer, start), code_size, pixels)
    except Corrupt:
        raise Malformed("the picture's data is damaged", start) from None
    if not left:
        raise Malformed("a picture without data", start)
    last = start
    while left > buffer[last]:
        left -= buffer[last]
        last += 1 + buffer[last]
    return _Frame(last, last + 1 + left, _blocks_end(buffer, last) - 1)


def _spans(buffer: Buffer, start: int) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of the data in each sub-block; the last one is the empty terminator.

    Raises Malformed where the file ends before it.
    """
    length = len(buffer)
    size = -1
    while size:
        size = buffer[start] if start < length else length
        end = start + 1 + size
        if end > length:
            raise Malformed("the file is cut short", length)
        yield start + 1, end
        start = end


def _blocks_end(buffer: Buffer, start: int) -> int:
    """Return the end of a row of sub-blocks, behind its terminator."""
    end = start
    for _, end in _spans(buffer, start):  # noqa: B007
        pass
    return end


def _pieces(buffer: Buffer, start: int) -> Iterator[bytes]:
    """Yield the data of a row of sub-blocks, many of them at once."""
    piece = bytearray()
    for begin, end in _spans(buffer, start):
        piece += buffer[begin:end]
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _made(buffer: Buffer, parts: Sequence[Part], index: int) -> bytes | None:
    """Return what a part is in a clean copy, None for one that stays whatever it holds."""
    part = parts[index]
    start = part.start
    if part.name == _DESCRIPTOR:
        packed = buffer[start + 9]
        kept = _INTERLACED | (_TABLE | _TABLE_SORT_SIZE) * bool(packed & _TABLE)
        return buffer[start : start + 9] + bytes([packed & kept])
    if part.name == _CONTROL_NAME:
        flags = buffer[start + 3] & _CONTROL_BITS
        colour = buffer[start + 6] if flags & _TRANSPARENT else 0
        delay = buffer[start + 4 : start + 6]
        return bytes([_EXTENSION, _CONTROL, 4, flags]) + delay + bytes([colour, 0])
    if part.name == _LOOP:
        return buffer[start : start + 14] + b"\3\1" + buffer[start + 16 : start + 18] + b"\0"
    if part.name == _LAST_LENGTH:
        return bytes([parts[index + 1].size])
    return None


def _block(buffer: Buffer, part: Part, room: int) -> Block:
    """Return what a part that does not stay holds, up to `room` bytes of it."""
    if part.role is Role.TRAILER:
        return trailer(buffer, part)
    if part.name == _COMMENT:
        payload = _joined(buffer, part.start + 2, part.end, room)
        return Block("comment", payload, "GIF comment", part.size)
    if part.name == _TEXT:
        behind_grid = (
            part.start + 3 + buffer[part.start + 2] if buffer[part.start + 2] else part.end
        )
        payload = _joined(buffer, behind_grid, part.end, room)
        return Block("text", payload, "GIF plain text", part.size)
    data = part.start + 14
    if part.name == _XMP:
        return Block("xmp", _xmp(buffer, data, part.end, room), "XMP", part.size)
    if part.name == _ICC:
        return Block("icc", _joined(buffer, data, part.end, room), "ICC profile", part.size)
    if part.name == _APPLICATION_DATA:
        name = buffer[part.start + 3 : part.start + 3 + buffer[part.start + 2]]
        label = "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in name)
        return unknown(buffer, part, f"GIF application data '{label}'", label)
    return unknown(buffer, part, f"GIF {part.name}", part.name)


def _xmp(buffer: Buffer, start: int, end: int, room: int) -> bytes:
    """Return XMP, which stands bare before the magic trailer, or in sub-blocks without one."""
    tail = end - len(_XMP_MAGIC)
    if tail >= start and buffer[tail:end] == _XMP_MAGIC:
        return buffer[start : min(tail, start + room)]
    return _joined(buffer, start, end, room)


def _joined(buffer: Buffer, start: int, end: int, room: int) -> bytes:
    """Return up to `room` bytes from the sub-blocks in [start, end)."""
    data = bytearray()
    if start < end:
        for begin, stop in _spans(buffer, start):
            data += buffer[begin : min(stop, begin + room - len(data))]
            if len(data) >= room:
                break
    return bytes(data)


def _short(buffer: Buffer, at: int) -> int:
    return int.from_bytes(buffer[at : at + 2], "little")
