"""Where a BMP's run-length coded picture ends.

Source: the Windows documentation on bitmap compression.
"""

from __future__ import annotations

from unexposed.errors import Malformed
from unexposed.formats.bmp._header import RLE4, Header
from unexposed.formats.parts import Buffer

_END_OF_LINE, _END_OF_PICTURE, _MOVE = 0, 1, 2


def rle_end(buffer: Buffer, header: Header) -> int:
    """Return the end of the codes that begin at the header's offset: behind the end code.

    Without one they go to the end of the file. Raises Malformed for codes that hold more than
    the picture, or less.
    """
    at, limit = header.offset, len(buffer)
    width, height = header.width, header.height
    halves = header.compression == RLE4
    x = y = 0
    while at + 2 <= limit:
        count, code = buffer[at], buffer[at + 1]
        at += 2
        if not count and code == _END_OF_PICTURE:
            return at
        if y >= height:
            raise Malformed("the picture data holds more than the picture", at)
        if count:
            x += count
            if x > width + (halves and count & 1):
                raise Malformed("the picture data holds more than the picture", at)
        elif code == _END_OF_LINE:
            x, y = 0, y + 1
        elif code == _MOVE:
            if at + 2 > limit:
                break
            x += buffer[at]
            y += buffer[at + 1]
            at += 2
            if x > width:
                raise Malformed("the picture data holds more than the picture", at)
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
    if at < limit or not (y >= height or (y == height - 1 and x >= width)):
        raise Malformed("the picture data is cut short", limit)
    return at
