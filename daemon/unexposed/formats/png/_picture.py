"""A PNG's picture: what its header says, and the compressed rows behind it.

Source: PNG (third edition) 11.2.1 for the header, 7.2, 8.1 and 10 for the rows.
"""

from __future__ import annotations

import zlib
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer
from unexposed.formats.png._chunks import CHECKSUM, HEADER, MAX_INT, SIGNATURE, Chunk, is_sound

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6

_CHANNELS: Final = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
_DEPTHS: Final = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGB_ALPHA: (8, 16),
}
_ADAM7: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""First column and row of each interlacing pass, and its steps to the next ones."""

_FIELDS = 13
HEADER_END = len(SIGNATURE) + HEADER + _FIELDS + CHECKSUM

_PIECE = 16 << 10
"""Bytes that are inflated at once; they become 16 MiB at most, as deflate has it."""


class Picture(msgspec.Struct, frozen=True, gc=False):
    """The header's fields; width and height in pixels, `colours` those in the palette so far."""

    width: int
    height: int
    depth: int
    colour_type: int
    interlaced: bool
    colours: int = 0

    @property
    def channels(self) -> int:
        """Samples of a pixel."""
        return _CHANNELS[self.colour_type]

    def row_bytes(self, width: int, height: int) -> int:
        """Return how many bytes the rows of so large a frame are before compression."""
        if not self.interlaced:
            return self._pass_bytes(width, height)
        return sum(
            self._pass_bytes(-(-(width - left) // across), -(-(height - top) // down))
            for left, top, across, down in _ADAM7
        )

    def _pass_bytes(self, width: int, height: int) -> int:
        if width <= 0 or height <= 0:
            return 0
        return height * (1 + (width * self.channels * self.depth + 7) // 8)


def read_picture(buffer: Buffer) -> Picture:
    """Return what the header says, which begins behind the signature.

    Raises Malformed for one that is damaged or that no PNG may have.
    """
    start = len(SIGNATURE)
    chunk = Chunk(b"IHDR", start, start + HEADER + _FIELDS)
    if buffer[start : chunk.data] != b"\0\0\0\x0dIHDR" or len(buffer) < chunk.end:
        raise Malformed("does not begin with a picture header", start)
    if not is_sound(buffer, chunk):
        raise Malformed("the picture header is damaged", start)
    fields = buffer[chunk.data : chunk.stop]
    width, height = int.from_bytes(fields[:4]), int.from_bytes(fields[4:8])
    depth, colour_type, compression, filtering, interlacing = fields[8:]
    possible = (
        0 < width <= MAX_INT
        and 0 < height <= MAX_INT
        and depth in _DEPTHS.get(colour_type, ())
        and (compression, filtering) == (0, 0)
        and interlacing <= 1
    )
    if not possible:
        raise Malformed("the picture header is impossible", chunk.data)
    return Picture(width, height, depth, colour_type, bool(interlacing))


class Rows:
    """The zlib stream of one frame's rows, followed to its true end; the rows are thrown away."""

    def __init__(self, size: int) -> None:
        """Expect rows of `size` bytes."""
        self._inflater = zlib.decompressobj()
        self._missing = size

    @property
    def complete(self) -> bool:
        """Whether the stream has ended."""
        return self._inflater.eof

    def follow(self, buffer: Buffer, start: int, end: int) -> int:
        """Read on in [start, end) and return where the stream ends, or `end` when it goes on.

        Raises Malformed where it is damaged and where it holds more or less than the rows.
        """
        while start < end and not self._inflater.eof:
            piece = buffer[start : min(end, start + _PIECE)]
            try:
                self._missing -= len(self._inflater.decompress(piece))
            except zlib.error:
                raise Malformed("the picture data is damaged", start) from None
            if self._missing < 0:
                raise Malformed("the picture data holds more than the picture", start)
            start += len(piece) - len(self._inflater.unused_data)
        if self._inflater.eof and self._missing:
            raise Malformed("the picture data holds less than the picture", start)
        return start


def inflate(data: bytes, limit: int) -> tuple[bytes, bool]:
    """Return what a zlib stream holds, up to `limit` bytes and as far as it is sound.

    The second value tells whether the stream ends within the limit and nothing stands behind it.
    """
    inflater = zlib.decompressobj()
    held = bytearray()
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        while piece and len(held) < limit:
            try:
                held += inflater.decompress(piece, limit - len(held))
            except zlib.error:
                return bytes(held), False
            piece = inflater.unconsumed_tail
        if inflater.eof:
            used = start + _PIECE >= len(data) and not inflater.unused_data
            return bytes(held), used
    return bytes(held), False
