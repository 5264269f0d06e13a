"""Bits of a BMP's pixels that no colour uses: room for a second picture that few viewers show."""

from __future__ import annotations

from collections.abc import Sequence

from unexposed.errors import Malformed
from unexposed.formats.bmp._header import Header
from unexposed.formats.parts import Buffer, Part

_CHUNK = 64 << 10
"""Bytes that are looked at at once; a multiple of every pixel's size."""


def require_nothing_spare(buffer: Buffer, header: Header, pictures: Sequence[Part]) -> None:
    """See that the bits no colour uses are zero in all pixels, or one in all. Raises Malformed."""
    size = header.bits // 8
    for index, mask in enumerate(header.spare.to_bytes(size, "little")):
        if mask:
            _require_alike(buffer, pictures, slice(index, None, size), mask)


def _require_alike(buffer: Buffer, pictures: Sequence[Part], column: slice, mask: int) -> None:
    plain = b""
    for part in pictures:
        for at in range(part.start, part.end, _CHUNK):
            found = buffer[at : min(part.end, at + _CHUNK)][column]
            if not plain:
                first = mask if found[0] & mask else 0
                plain = bytes(byte for byte in range(256) if byte & mask == first)
            if found.translate(None, plain):
                raise Malformed(
                    "its pixels have bits that most viewers do not show: save it as PNG or JPEG", at
                )
