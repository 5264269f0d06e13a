"""One maker's note, in the block that holds it."""

from __future__ import annotations

import msgspec

_HEAD = 32
"""Bytes of its beginning by which a note is recognised."""


class Note(msgspec.Struct, frozen=True):
    """A note at [start, start + size) of an Exif block, in bytes; its offsets may count from there.

    `order` is the block's byte order as `struct` has it, which a note need not follow.
    """

    data: bytes
    start: int
    size: int
    order: str
    where: str
    make: str = ""
    model: str = ""

    @property
    def end(self) -> int:
        """Where the note ends in its block."""
        return self.start + self.size

    @property
    def head(self) -> bytes:
        """The first bytes of the note."""
        return self.data[self.start : min(self.end, self.start + _HEAD)]
