"""ISO base media boxes: a size, a four-letter type and a payload that may hold boxes.

Source: ISO/IEC 14496-12:2022 section 4.2.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._tiling import MAX_PARTS
from unexposed.formats.parts import Buffer

HEADER = 8
"""Bytes of a box's size and type."""
LONG_HEADER = 16
"""Bytes of a header whose size has 64 bits."""
UUID = 16
"""Bytes of the extended type that follows the header of a 'uuid' box."""

ALPHA = frozenset(
    {
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        b"urn:mpeg:hevc:2015:auxid:1",
    }
)
"""How an auxiliary picture, or a track of such, says that it is the transparency of another."""

_MAX_SHORT = 0xFFFF_FFFF


class Box(msgspec.Struct, frozen=True, gc=False):
    """A box: its header at `start`, its payload from `data` to `end`.

    `uuid` is the extended type of a 'uuid' box, which is no part of the payload.
    """

    kind: bytes
    start: int
    data: int
    end: int
    uuid: bytes = b""

    @property
    def size(self) -> int:
        """Length in bytes, header included."""
        return self.end - self.start


def read_boxes(
    buffer: Buffer, start: int, limit: int, *, open_ended: bool = False
) -> Iterator[Box]:
    """Yield the boxes from `start` on; fewer than 8 bytes may be left over before `limit`.

    With `open_ended`, which only a file's own boxes may be, a size of zero runs to the limit.
    Raises Malformed for a box that runs over the limit or is smaller than its header.
    """
    for _ in range(MAX_PARTS):
        if limit - start < HEADER:
            return
        box = _read_box(buffer, start, limit, open_ended=open_ended)
        yield box
        start = box.end
    raise Malformed(f"has more than {MAX_PARTS:,} boxes", start)


def _read_box(buffer: Buffer, start: int, limit: int, *, open_ended: bool) -> Box:
    header = buffer[start : min(limit, start + LONG_HEADER)]
    size, kind, data = int.from_bytes(header[:4]), header[4:8], start + HEADER
    if size == 1:
        size, data = int.from_bytes(header[8:]), start + LONG_HEADER
    elif size == 0 and open_ended:
        size = limit - start
    end, uuid = start + size, b""
    if end > limit:
        raise Malformed("a box runs over the end of what holds it", start)
    if kind == b"uuid":
        uuid, data = buffer[data : min(end, data + UUID)], data + UUID
    if end < data:
        raise Malformed("a box is smaller than its header", start)
    return Box(kind, start, data, end, uuid)


class Fields:
    """The fields of a box, read one after the other and never beyond `end`."""

    def __init__(self, buffer: Buffer, at: int, end: int) -> None:
        self._buffer = buffer
        self.at = at
        self.end = end

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return self.end - self.at

    def take(self, size: int) -> bytes:
        """Return the next bytes. Raises Malformed where there are fewer."""
        if size > self.left:
            raise Malformed("a box is too short for its fields", self.at)
        taken = self._buffer[self.at : self.at + size]
        self.at += size
        return taken

    def number(self, size: int) -> int:
        """Return the next big-endian number of `size` bytes; 0 for no bytes."""
        return int.from_bytes(self.take(size))

    def text(self, most: int = 4_096) -> bytes:
        """Return the bytes up to the next NUL, which is passed over, or to the end.

        Raises Malformed for a text of more than `most` bytes.
        """
        piece = self._buffer[self.at : min(self.end, self.at + most + 1)]
        text, ending, _ = piece.partition(b"\0")
        if len(text) > most:
            raise Malformed("a text in a box is too long", self.at)
        self.at += len(text) + len(ending)
        return text


def read_full(buffer: Buffer, box: Box) -> tuple[int, int, Fields]:
    """Return version and flags of a full box, and the fields behind them. Raises Malformed."""
    fields = Fields(buffer, box.data, box.end)
    return fields.number(1), fields.number(3), fields


def make_header(kind: bytes, payload: int) -> bytes:
    """Return the header of a box with `payload` bytes of payload, short where that will do."""
    if HEADER + payload <= _MAX_SHORT:
        return (HEADER + payload).to_bytes(4) + kind
    return (1).to_bytes(4) + kind + (LONG_HEADER + payload).to_bytes(8)


def make_box(kind: bytes, *payload: bytes) -> bytes:
    """Return a whole box."""
    data = b"".join(payload)
    return make_header(kind, len(data)) + data


def make_full(kind: bytes, version: int, flags: int, *payload: bytes) -> bytes:
    """Return a whole full box."""
    return make_box(kind, bytes([version]), flags.to_bytes(3), *payload)
