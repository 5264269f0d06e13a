"""PNG chunks: a length, a four-letter type, data, and a checksum over type and data.

Source: PNG (third edition) 5.2 to 5.4.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec

from unexposed.formats.parts import Buffer

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\0\0\0\0IEND\xae\x42\x60\x82"
"""The chunk that ends a file, as every encoder writes it."""

HEADER = 8
"""Bytes of a chunk's length and type."""
CHECKSUM = 4
MAX_INT = 0x7FFF_FFFF
"""Four-byte numbers go no further (7.1)."""

_ANCILLARY = 0x20
_PIECE = 1 << 20


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """A chunk from `start` to `end`, its data up to `stop`."""

    kind: bytes
    start: int
    stop: int

    @property
    def data(self) -> int:
        """Where its data begins."""
        return self.start + HEADER

    @property
    def end(self) -> int:
        """Where its checksum ends."""
        return self.stop + CHECKSUM

    @property
    def size(self) -> int:
        """Bytes of data."""
        return self.stop - self.data

    @property
    def critical(self) -> bool:
        """Whether no decoder may pass over it."""
        return not self.kind[0] & _ANCILLARY


def read_chunks(buffer: Buffer, start: int) -> Iterator[Chunk]:
    """Yield the chunks from `start` on, up to the first bytes that are no whole chunk."""
    limit = len(buffer)
    while limit - start >= HEADER + CHECKSUM:
        header = buffer[start : start + HEADER]
        size = int.from_bytes(header[:4])
        chunk = Chunk(header[4:], start, start + HEADER + size)
        if size > MAX_INT or not chunk.kind.isalpha() or chunk.end > limit:
            return
        yield chunk
        start = chunk.end


def make_header(kind: bytes, size: int) -> bytes:
    """Return length and type of a chunk with `size` bytes of data."""
    return size.to_bytes(4) + kind


def make_chunk(kind: bytes, data: bytes) -> bytes:
    """Return a whole chunk."""
    return make_header(kind, len(data)) + data + zlib.crc32(kind + data).to_bytes(4)


def checksum(buffer: Buffer, start: int, end: int, so_far: int = 0) -> int:
    """Return the CRC-32 of [start, end), continued from `so_far`; never the whole span in memory."""
    for at in range(start, end, _PIECE):
        so_far = zlib.crc32(buffer[at : min(end, at + _PIECE)], so_far)
    return so_far


def is_sound(buffer: Buffer, chunk: Chunk) -> bool:
    """Tell whether a chunk's checksum is right."""
    told = int.from_bytes(buffer[chunk.stop : chunk.end])
    return checksum(buffer, chunk.start + 4, chunk.stop) == told
