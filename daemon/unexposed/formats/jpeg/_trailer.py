"""What stands behind the end of a JPEG: further pictures, video, maker's data, archives.

It all goes; it is told apart so that the report can say what it was. Sources: CIPA DC-007
for pictures one behind the other, ISO/IEC 14496-12 section 4.2 for boxes; Samsung's
directory of blocks as ExifTool's Samsung.pm describes it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.jpeg._walk import walk
from unexposed.formats.parts import Buffer

PICTURE: Final = "picture after the end"
VIDEO: Final = "video after the end"
SAMSUNG: Final = "Samsung data after the end"
ARCHIVE: Final = "zip archive after the end"
OTHER: Final = "data after the end"

LABELS: Final = {PICTURE: "jpeg", VIDEO: "mp4", SAMSUNG: "samsung", ARCHIVE: "zip", OTHER: ""}

_MAGIC: Final = ((b"\xff\xd8\xff", 0, PICTURE), (b"ftyp", 4, VIDEO), (b"PK\x03\x04", 0, ARCHIVE))
"""What a kind of data begins with, and how many bytes before that it begins."""
_MAX_PIECES: Final = 64
_MAX_BOXES: Final = 1_000
_MAX_DIRECTORY: Final = 64 << 10


def split(buffer: Buffer, start: int) -> Iterator[tuple[int, str]]:
    """Yield the end and the name of each piece of the trailer that begins at `start`."""
    limit = _samsung_start(buffer, start)
    seen = {magic: -1 for magic, _, _ in _MAGIC}
    for _ in range(_MAX_PIECES):
        if start >= limit:
            break
        at, name = _next(buffer, start, limit, seen)
        if at > start:
            yield at, OTHER
        if name:
            start = _end(buffer, at, limit, name)
            yield start, name
        else:
            start = at
    if start < limit:
        yield limit, OTHER
    if limit < len(buffer):
        yield len(buffer), SAMSUNG


def _next(buffer: Buffer, start: int, limit: int, seen: dict[bytes, int]) -> tuple[int, str]:
    """Return where the next piece of a known kind begins, and its kind; `limit` without one.

    `seen` remembers what was found behind `start` before, so that nothing is searched twice.
    """
    best, best_name = limit, ""
    for magic, before, name in _MAGIC:
        if seen[magic] < start:
            found = buffer.find(magic, start + before, limit)
            seen[magic] = limit if found < 0 else found - before
        if seen[magic] < best:
            best, best_name = seen[magic], name
    return best, best_name


def _end(buffer: Buffer, at: int, limit: int, name: str) -> int:
    if name == VIDEO:
        return _boxes_end(buffer, at, limit)
    if name == PICTURE:
        try:
            return min(limit, walk(buffer, at)[-1].end)
        except Malformed:
            return limit
    return limit


def _boxes_end(buffer: Buffer, at: int, limit: int) -> int:
    for _ in range(_MAX_BOXES):
        if limit - at < 8 or not buffer[at + 4 : at + 8].isalnum():
            break
        size = int.from_bytes(buffer[at : at + 4])
        if size == 1:
            size = int.from_bytes(buffer[at + 8 : at + 16])
        if not 8 <= size <= limit - at:
            return limit
        at += size
    return at


def _samsung_start(buffer: Buffer, start: int) -> int:
    """Return where Samsung's blocks begin, the end of the file when there are none."""
    end = len(buffer)
    if end - start < 24 or buffer[end - 4 : end] != b"SEFT":
        return end
    size = int.from_bytes(buffer[end - 8 : end - 4], "little")
    directory = end - 8 - size
    if not 12 <= size <= _MAX_DIRECTORY or directory < start:
        return end
    head = buffer[directory : end - 8]
    if head[:4] != b"SEFH":
        return end
    count = min(int.from_bytes(head[8:12], "little"), (size - 12) // 12)
    offsets = [struct.unpack_from("<I", head, 12 + 12 * n + 4)[0] for n in range(count)]
    first = directory - max(offsets, default=0)
    return first if first >= start else directory
