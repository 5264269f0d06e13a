"""SVGZ: a drawing compressed with gzip, whose header may tell its name and when it was saved.

Source: RFC 1952. The clean drawing is compressed anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats import svg
from unexposed.formats._leftover import trailer
from unexposed.formats._places import Place
from unexposed.formats.parts import NOTHING, Buffer, Followed, Keep, Part, Plan, Put, Role
from unexposed.formats.svg._copy import MAX_SIZE, Copy, lay
from unexposed.metadata.block import Block
from unexposed.metadata.legible import legible

NAME = "svgz"
PILLOW: tuple[str, ...] = ()
EXTENSIONS = (".svgz",)

_DRAWING: Final = "compressed drawing"
_BEHIND: Final = "data after the end"
PLACES: Final = (
    Place(
        _DRAWING,
        "the compressed drawing, and gzip's header",
        "made plain",
        "the drawing is cleaned as an SVG and compressed anew; the file's name and time go",
    ),
    Place(_BEHIND, "what stands behind the end", "goes", "can be anything"),
)

_MAGIC: Final = b"\x1f\x8b\x08"
_HEADER: Final = _MAGIC + b"\0\0\0\0\0\2\xff"
"""No flags, no time, compressed as far as it goes, on a system that is not told."""
_EXTRA, _NAMED, _COMMENTED = 0x04, 0x08, 0x10
_GZIP: Final = 16 + zlib.MAX_WBITS
_PIECE: Final = 64 << 10
_MAX_HEADER: Final = 4 << 10


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a compressed drawing."""
    if not head.startswith(_MAGIC):
        return False
    try:
        return svg.sniff(zlib.decompressobj(_GZIP).decompress(head, _MAX_HEADER))
    except zlib.error:
        return False


class _Parts(list[Part]):
    """The parts of a compressed drawing, with its clean copy and what it gave away."""

    def __init__(self, parts: Sequence[Part], made: bytes, told: list[Block]) -> None:
        super().__init__(parts)
        self.made = made
        self.told = told


def dissect(buffer: Buffer, _: Followed = NOTHING, /) -> list[Part]:
    """Tell the compressed drawing from what stands behind it.

    Raises Malformed for one that is damaged, and where the drawing in it cannot be cleaned.
    """
    return _dissected(buffer)


def _dissected(buffer: Buffer) -> _Parts:
    drawing, end = _inflated(buffer)
    copy = _cleaned(drawing)
    made = _compressed(copy.made_from(drawing))
    plain = end == len(made) and buffer[:end] == made
    parts = [Part(0, end, Role.STRUCTURE, _DRAWING, plain=plain)]
    if end < len(buffer):
        parts.append(Part(end, len(buffer), Role.TRAILER, _BEHIND))
    return _Parts(parts, made, copy.blocks)


def _laid(buffer: Buffer, parts: Sequence[Part]) -> _Parts:
    """Return parts with their copy; a drawing is gone through once, as that takes long."""
    return parts if isinstance(parts, _Parts) else _dissected(buffer)


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: the clean drawing, compressed."""
    if parts[0].plain:
        return [Keep(0, parts[0].end)]
    return [Put(_laid(buffer, parts).made)]


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out what the drawing gives away, what gzip tells of its file, and what follows it."""
    inner = [
        msgspec.structs.replace(one, size=min(one.size, len(buffer)))
        for one in _laid(buffer, parts).told
    ]
    return (
        inner
        + _header(buffer)
        + [trailer(buffer, part) for part in parts if part.role is Role.TRAILER]
    )


def annotate(_buffer: Buffer, _parts: Sequence[Part], _packet: bytes) -> None:
    """Return None: a note would be compressed with the drawing, and could not be checked."""


def _inflated(buffer: Buffer) -> tuple[bytes, int]:
    """Return the drawing, and where the compressed data ends."""
    inflater = zlib.decompressobj(_GZIP)
    found = bytearray()
    position = 0
    while position < len(buffer) and not inflater.eof:
        piece = buffer[position : position + _PIECE]
        try:
            found += inflater.decompress(piece, MAX_SIZE + 1 - len(found))
        except zlib.error:
            raise Malformed("the compressed drawing is damaged", position) from None
        if len(found) > MAX_SIZE:
            raise Malformed(f"is a drawing of more than {MAX_SIZE >> 20} MiB", position)
        position += len(piece) - len(inflater.unused_data)
    if not inflater.eof:
        raise Malformed("the compressed drawing is cut short", len(buffer))
    return bytes(found), position


def _cleaned(drawing: bytes) -> Copy:
    """Return a drawing's clean copy."""
    try:
        return lay(drawing)
    except Malformed as problem:
        raise Malformed(f"the drawing in it {problem.problem}", 0) from problem


def _compressed(copy: bytes) -> bytes:
    """Return a clean drawing, compressed."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    ending = zlib.crc32(copy).to_bytes(4, "little") + len(copy).to_bytes(4, "little")
    return _HEADER + deflater.compress(copy) + deflater.flush() + ending


def _header(buffer: Buffer) -> list[Block]:
    """Return name, comment and time of saving out of the header (2.3.1)."""
    head = buffer[:_MAX_HEADER]
    flags, seconds = head[3], int.from_bytes(head[4:8], "little")
    position = len(_HEADER)
    if flags & _EXTRA:
        position += 2 + int.from_bytes(head[position : position + 2], "little")
    found = []
    for flag, label in ((_NAMED, "gzip name"), (_COMMENTED, "gzip comment")):
        if flags & flag:
            text, _, _ = head[position:].partition(b"\0")
            position += len(text) + 1
            if text:
                told = legible(text.decode("latin-1")).encode()
                found.append(Block("svg", told, "gzip header", len(text), label))
    if seconds:
        saved = datetime.fromtimestamp(seconds, UTC).isoformat(" ")
        found.append(Block("svg", saved.encode(), "gzip header", 4, "gzip time"))
    return found
