"""Where a BMP's run-length coded picture ends.

Source: the Windows documentation on bitmap compression.
"""

from __future__ import annotations

from unexposed.errors import Malformed
from unexposed.formats._bmp_header import RLE4, Header
from unexposed.formats.parts import Buffer

_END_OF_LINE, _END_OF_PICTURE, _MOVE = 0, 1, 2


def rle_end(buffer: Buffer, header: Header) -> int:
    """Return the end of the codes that begin at the header's offset, as decoders read them.

    That is behind the end code, or where the last row ends and none follows. Raises Malformed
    for codes that hold more than the picture, or less.
    """
    at, limit = header.offset, len(buffer)
    width, height = header.width, header.height
    halves = header.compression == RLE4
    x = y = 0
    while at + 2 <= limit:
        count, code = buffer[at], buffer[at + 1]
        if not count and code == _END_OF_PICTURE:
            return at + 2
        if y >= height:
            return at
        at += 2
        if count:
            x += count
        elif code == _END_OF_LINE:
            x, y = 0, y + 1
        elif code == _MOVE:
            if at + 2 > limit:
                break
            x += buffer[at]
            y += buffer[at + 1]
            at += 2
        else:
            size = code + 1 >> 1 if halves else code
            end = at + size + (size & 1)
            if x + code > width + (halves and code & 1):
                raise Malformed("the picture data holds more than the picture", at)
            if end > limit:
                break
            if size & 1 and buffer[end - 1]:
                raise Malformed("the picture data has a byte that belongs to no pixel", end - 1)
            x += code
            at = end
        if x >= width and y == height - 1:
            return _behind_the_end(buffer, at, limit)
    if y < height:
        raise Malformed("the picture data is cut short", limit)
    return at


def _behind_the_end(buffer: Buffer, at: int, limit: int) -> int:
    """Return where the codes end behind the last pixel: an end of line, an end of the picture."""
    line, picture = bytes((0, _END_OF_LINE)), bytes((0, _END_OF_PICTURE))
    following = buffer[at : min(limit, at + 4)]
    if following == line + picture:
        return at + 4
    return at + 2 if following[:2] in (line, picture) else at
