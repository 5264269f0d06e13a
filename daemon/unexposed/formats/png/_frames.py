"""A PNG's picture data, and the frames of an animation up to the last one that is shown.

Every zlib stream is followed to its end. Source: PNG (third edition) 5.6, 11.2.3 and 11.3.6.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats._tiling import Tiling
from unexposed.formats.parts import Buffer, Followed, Part, Role
from unexposed.formats.png._chunks import (
    HEADER,
    MAX_INT,
    Chunk,
    checksum,
    is_sound,
    make_chunk,
    make_header,
)
from unexposed.formats.png._picture import Picture, Rows

CHUNKS: Final = frozenset({b"IDAT", b"acTL", b"fcTL", b"fdAT"})

BEHIND = "data behind the picture data"
BEHIND_CHUNK = "chunk behind the picture data"
EMPTY = "chunk without picture data"
UNSHOWN = "frame that is never shown"
_ANIMATION = "animation control"
_CONTROL = "frame control"
_HEADER, _FRAME_HEADER = "IDAT header", "fdAT header"
_CHECKSUM = "checksum"

_SEQUENCE = 4
"""Bytes of the number by which frame controls and frame data are counted."""
_ANIMATION_SIZE, _CONTROL_SIZE = 8, 26
_MOST_DISPOSAL, _MOST_BLENDING = 2, 1


class Frames:
    """Adds the picture data to a tiling, one chunk after the other, in the order of the file."""

    def __init__(
        self, buffer: Buffer, picture: Picture, tiling: Tiling, followed: Followed
    ) -> None:
        self._buffer = buffer
        self._picture = picture
        self._tiling = tiling
        self._followed = followed
        self._rows: Rows | None = None
        self._known = False
        self._stands_in = b""
        self._awaited: tuple[int, int] | None = None
        self._promised = self._accepted = self._sequence = 0
        self._over = False

    @property
    def begun(self) -> bool:
        """Whether picture data has been there."""
        return self._rows is not None

    @property
    def inside(self) -> bool:
        """Whether more is to come of a stream that has begun."""
        return self._rows is not None and not (self._rows.complete or self._known)

    @property
    def complete(self) -> bool:
        """Whether all has been there that was begun or promised."""
        whole = self.begun and not self.inside
        return whole and not self._awaited and self._accepted == self._promised

    def add(self, chunk: Chunk) -> None:
        """Add a chunk of `CHUNKS`. Raises Malformed where viewers would not agree on what it is."""
        match chunk.kind:
            case b"IDAT":
                self._add_picture(chunk)
            case b"acTL":
                self._add_animation(chunk)
            case b"fcTL":
                self._add_control(chunk)
            case _:
                self._add_frame(chunk)

    def finish(self) -> None:
        """Raise Malformed unless the picture is complete."""
        position = self._tiling.position
        if not self.begun:
            raise Malformed("ends before any picture data", position)
        if self.inside:
            raise Malformed("the picture data is cut short", position)
        if not self.complete:
            raise Malformed("the animation has fewer frames than it says", position)

    def _add_picture(self, chunk: Chunk) -> None:
        if not self.begun:
            whole = (self._picture.width, self._picture.height)
            self._begin(chunk, *(self._awaited or whole))
        if self._stands_in == b"IDAT":
            self._add_data(chunk, chunk.data, _HEADER)
        elif self.inside:
            raise Malformed("picture data amid a frame", chunk.start)
        else:
            self._tiling.add(chunk.end, Role.UNKNOWN, BEHIND_CHUNK)

    def _add_animation(self, chunk: Chunk) -> None:
        """Add the chunk that makes an animation of a picture.

        It does not behind the picture, and with no frames: so both Pillow and libpng.
        """
        if self.begun:
            self._tiling.add(chunk.end, Role.UNKNOWN, UNSHOWN)
            return
        self._require_sound(chunk)
        if chunk.size != _ANIMATION_SIZE:
            raise Malformed("an animation control of an impossible size", chunk.start)
        frames, plays = struct.unpack(">2I", self._buffer[chunk.data : chunk.stop])
        if self._promised:
            raise Malformed("a second animation control", chunk.start)
        if not frames:
            self._tiling.add(chunk.end, Role.UNKNOWN, UNSHOWN)
            return
        if max(frames, plays) > MAX_INT:
            raise Malformed("an impossible number of frames", chunk.start)
        self._promised = frames
        self._tiling.add(chunk.end, Role.STRUCTURE, _ANIMATION)

    def _add_control(self, chunk: Chunk) -> None:
        if self._awaited:
            raise Malformed("a frame without picture data", chunk.start)
        if self._over or self._accepted == self._promised:
            self._over = True
            self._tiling.add(chunk.end, Role.UNKNOWN, UNSHOWN)
            return
        if self.inside:
            raise Malformed("the picture data is cut short", chunk.start)
        if chunk.size != _CONTROL_SIZE:
            raise Malformed("a frame control of an impossible size", chunk.start)
        self._require_sound(chunk)
        self._count(chunk)
        fields = self._buffer[chunk.data + _SEQUENCE : chunk.stop]
        width, height, left, top, _, disposal, blending = struct.unpack(">4I4sBB", fields)
        possible = (
            0 < width <= self._picture.width - left
            and 0 < height <= self._picture.height - top
            and (self.begun or (width, height) == (self._picture.width, self._picture.height))
            and disposal <= _MOST_DISPOSAL
            and blending <= _MOST_BLENDING
        )
        if not possible:
            raise Malformed("an impossible frame", chunk.start)
        self._awaited = (width, height)
        self._accepted += 1
        self._tiling.add(chunk.end, Role.STRUCTURE, _CONTROL)

    def _add_frame(self, chunk: Chunk) -> None:
        if self._over or not self._promised:
            self._tiling.add(chunk.end, Role.UNKNOWN, UNSHOWN)
            return
        if chunk.size < _SEQUENCE:
            raise Malformed("frame data of an impossible size", chunk.start)
        self._count(chunk)
        if self.begun and self._awaited:
            self._begin(chunk, *self._awaited)
        if self._stands_in != b"fdAT":
            raise Malformed("frame data without a frame", chunk.start)
        self._add_data(chunk, chunk.data + _SEQUENCE, _FRAME_HEADER)

    def _begin(self, chunk: Chunk, width: int, height: int) -> None:
        self._rows = Rows(self._picture.row_bytes(width, height))
        self._known = False
        self._stands_in = chunk.kind
        self._awaited = None

    def _add_data(self, chunk: Chunk, start: int, name: str) -> None:
        """Add a chunk whose picture data begins at `start`, and apart from it what follows."""
        if start == chunk.stop:
            self._tiling.add(chunk.end, Role.UNKNOWN, EMPTY)
            return
        known = self._followed.get(start, 0)
        if self._rows is None or not (known or self.inside):
            self._tiling.add(chunk.end, Role.UNKNOWN, BEHIND_CHUNK)
            return
        self._require_sound(chunk)
        if start < known <= chunk.stop:
            self._known, end = True, known
        else:
            end = self._rows.follow(self._buffer, start, chunk.stop)
        self._tiling.add(start, Role.STRUCTURE, name)
        self._tiling.add(end, Role.PICTURE, "picture")
        self._tiling.add(chunk.stop, Role.UNKNOWN, BEHIND)
        self._tiling.add(chunk.end, Role.STRUCTURE, _CHECKSUM)

    def _count(self, chunk: Chunk) -> None:
        number = int.from_bytes(self._buffer[chunk.data : chunk.data + _SEQUENCE])
        if number != self._sequence:
            raise Malformed("the animation's frames are out of order", chunk.start)
        self._sequence += 1

    def _require_sound(self, chunk: Chunk) -> None:
        if not is_sound(self._buffer, chunk):
            raise Malformed("the picture data is damaged", chunk.start)


def written(buffer: Buffer, parts: Sequence[Part]) -> dict[int, bytes]:
    """Return by index what stands in a clean copy for the parts around the picture data.

    A chunk that was cut gets a new length; what follows a chunk that went, a new number.
    """
    made: dict[int, bytes] = {}
    sequence = start = end = 0
    header = b""
    for index, part in enumerate(parts):
        if part.role is Role.PICTURE:
            start, end = part.start, part.end
        elif part.name == _CONTROL:
            fields = buffer[part.start + HEADER + _SEQUENCE : part.start + HEADER + _CONTROL_SIZE]
            made[index] = make_chunk(b"fcTL", sequence.to_bytes(_SEQUENCE) + fields)
            sequence += 1
        elif part.name == _HEADER:
            header = made[index] = make_header(b"IDAT", parts[index + 1].size)
        elif part.name == _FRAME_HEADER:
            header = make_header(b"fdAT", _SEQUENCE + parts[index + 1].size)
            header += sequence.to_bytes(_SEQUENCE)
            made[index] = header
            sequence += 1
        elif part.name == _CHECKSUM:
            # As the source's is right, only that of a changed chunk has to be worked out anew.
            at = start - len(header)
            if header != buffer[at:start]:
                made[index] = checksum(buffer, start, end, zlib.crc32(header[4:])).to_bytes(4)
    return made
