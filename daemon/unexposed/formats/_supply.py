"""What the blocks of one file may take of it, however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from unexposed.formats._leftover import GLIMPSE
from unexposed.formats.parts import Buffer
from unexposed.metadata.block import MAX_PAYLOAD

_ROOM = 4 * MAX_PAYLOAD
"""Bytes that the blocks of one file hold at most."""


class Supply:
    """Reads from a file until there was enough of it."""

    def __init__(self, buffer: Buffer) -> None:
        self.buffer = buffer
        self._left = _ROOM

    def take(self, start: int, end: int) -> bytes:
        """Return the bytes [start, end), or as many of them as there is room for."""
        data = self.buffer[start : max(start, min(end, start + self._left))]
        self._left -= len(data)
        return data

    def gather(self, spans: Iterable[tuple[int, int]], *, whole: bool) -> bytes:
        """Return the bytes of several spans as one, or a glimpse of them."""
        room = MAX_PAYLOAD if whole else GLIMPSE
        found = []
        for start, end in spans:
            if not room:
                break
            found.append(self.take(start, min(end, start + room)))
            room -= len(found[-1])
        return b"".join(found)
