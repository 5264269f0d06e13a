"""A GIF's rows of sub-blocks: lengths of one byte, each with its data, up to an empty one.

Source: GIF89a specification, section 15.
"""

from __future__ import annotations

from collections.abc import Iterator

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer

_PIECE = 64 << 10


def spans(buffer: Buffer, start: int) -> Iterator[tuple[int, int]]:
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


def row_end(buffer: Buffer, start: int) -> int:
    """Return the end of a row of sub-blocks, behind its terminator."""
    end = start
    for _, end in spans(buffer, start):  # noqa: B007
        pass
    return end


def pieces(buffer: Buffer, start: int) -> Iterator[bytes]:
    """Yield the data of a row of sub-blocks, many of them at once."""
    piece = bytearray()
    for begin, end in spans(buffer, start):
        piece += buffer[begin:end]
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def joined(buffer: Buffer, start: int, end: int, room: int) -> bytes:
    """Return up to `room` bytes from the sub-blocks in [start, end)."""
    data = bytearray()
    if start < end:
        for begin, stop in spans(buffer, start):
            data += buffer[begin : min(stop, begin + room - len(data))]
            if len(data) >= room:
                break
    return bytes(data)
