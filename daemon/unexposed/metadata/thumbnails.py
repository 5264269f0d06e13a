"""Small copies of a picture, as metadata carries them."""

from __future__ import annotations

from unexposed.exposure import Finding, finding
from unexposed.metadata.block import Block
from unexposed.metadata.legible import size_in_words
from unexposed.metadata.tiff import HEADERS, walk

LANGUAGES = ("thumbnail",)

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_MAX_SEGMENTS = 1_000
_SIDES = (256, 257)
"""TIFF's tags for width and height."""


def read(block: Block) -> list[Finding]:
    """Return that there is a thumbnail, with its dimensions where they are easily read."""
    return [thumbnail(block.where, block.payload, block.size)]


def thumbnail(where: str, data: bytes, size: int) -> Finding:
    """Return the finding for an encoded thumbnail that takes `size` bytes."""
    dimensions = (
        jpeg_dimensions(data)
        or png_dimensions(data)
        or heif_dimensions(data)
        or tiff_dimensions(data)
    )
    return small_picture(where, dimensions, size)


def small_picture(where: str, dimensions: tuple[int, int] | None, size: int) -> Finding:
    """Return the finding for a thumbnail of so many pixels, where known, and bytes."""
    value = size_in_words(size)
    if dimensions is not None:
        value = f"{dimensions[0]} by {dimensions[1]} pixels, {value}"
    return finding("content.thumbnail", where, value)


def jpeg_dimensions(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels from a JPEG's first frame header, None without one.

    Source: ITU-T T.81 B.2.2.
    """
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return None


def png_dimensions(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels from a PNG's header, None without one."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def heif_dimensions(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels from a HEIF file's first property that has them.

    Source: ISO/IEC 23008-12:2022 section 6.5.3.
    """
    at = data.find(b"ispe\0\0\0\0") + 8 if data[4:8] == b"ftyp" else 0
    if not 8 <= at <= len(data) - 8:
        return None
    return int.from_bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8])


def tiff_dimensions(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels from a TIFF's first page, None without one."""
    if data[:4] not in HEADERS:
        return None
    walked = walk(data)
    sides = {
        entry.tag: walked.values(entry)
        for entry in walked.entries
        if entry.ifd == "IFD0" and entry.tag in _SIDES
    }
    found = [side for tag in _SIDES for side in sides.get(tag, ())[:1] if isinstance(side, int)]
    return (found[0], found[1]) if len(found) == len(_SIDES) else None
