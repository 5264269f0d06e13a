"""RIFF: chunks of a four-letter name, a length and data, padded to even length.

Source: RFC 9649 section 2.3.
"""

from __future__ import annotations

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._tiling import MAX_PARTS
from unexposed.formats.parts import Buffer

HEADER = 8
"""Bytes of a chunk's name and length."""
RIFF_HEADER = 12
"""Bytes of what the file begins with."""
MAX_RIFF = 0xFFFF_FFF6
"""Bytes that a file has at most behind its first header."""

FIXED = {b"VP8X": 10, b"ANIM": 6}
"""Bytes of a chunk that has nothing but fields."""
FRAME_FIELDS = 16
"""Bytes of an animation's frame before the chunks in it."""


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """A chunk: its header at `start`, its data up to `stop`, its padding up to `end`."""

    fourcc: bytes
    start: int
    stop: int
    end: int

    @property
    def data(self) -> int:
        """Where its data begins."""
        return self.start + HEADER


def is_webp(head: bytes) -> bool:
    """Tell whether the bytes begin a RIFF file of type WEBP."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def read_chunks(buffer: Buffer, start: int, limit: int) -> list[Chunk]:
    """Return the chunks from `start` on; fewer than 8 bytes may be left over before `limit`.

    Raises Malformed for one that, with its padding, runs over the limit.
    """
    found: list[Chunk] = []
    while limit - start >= HEADER:
        chunk = chunk_at(buffer, start)
        if chunk.end > limit:
            raise Malformed("a chunk runs over the end of what holds it", start)
        if len(found) >= MAX_PARTS:
            raise Malformed(f"has more than {MAX_PARTS:,} chunks", start)
        found.append(chunk)
        start = chunk.end
    return found


def chunk_at(buffer: Buffer, start: int) -> Chunk:
    """Return the chunk whose header stands at `start`; it may run over the end."""
    header = buffer[start : start + HEADER]
    stop = start + HEADER + int.from_bytes(header[4:], "little")
    return Chunk(header[:4], start, stop, stop + (stop - start & 1))


def make_header(fourcc: bytes, size: int) -> bytes:
    """Return the header of a chunk with `size` bytes of data."""
    return fourcc + size.to_bytes(4, "little")


def make_chunk(fourcc: bytes, data: bytes) -> bytes:
    """Return a whole chunk, padded."""
    return make_header(fourcc, len(data)) + data + b"\0" * (len(data) & 1)
