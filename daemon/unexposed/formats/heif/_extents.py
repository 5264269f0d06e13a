"""The bytes of one thing that lie in several places of a file, as if they were in one."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from unexposed.formats.parts import Buffer


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A piece of coded data; the offsets count within the extents.

    `name` says what it is if it is not needed to show the picture, and is empty if it is.
    """

    start: int
    end: int
    name: str = ""


class Extents:
    """Spans of a file, read one behind the other; offsets count from the first one's start."""

    def __init__(self, buffer: Buffer, spans: Sequence[tuple[int, int]]) -> None:
        self._buffer = buffer
        self._spans = spans
        self._starts = [0, *itertools.accumulate(end - start for start, end in spans)]
        self.size = self._starts[-1]

    def places(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the spans of the file in which the bytes [start, end) lie."""
        index = bisect_right(self._starts, start) - 1
        while start < end:
            offset = self._spans[index][0] - self._starts[index]
            stop = min(end, self._starts[index + 1])
            if start < stop:
                yield start + offset, stop + offset
            start, index = stop, index + 1

    def read(self, at: int, size: int) -> bytes:
        """Return up to `size` bytes, fewer where the extents end before."""
        pieces = self.places(at, min(self.size, at + size))
        return b"".join(self._buffer[start:end] for start, end in pieces)

    def where(self, at: int) -> int:
        """Return where in the file the byte at `at` stands; the first one's place for none."""
        for start, _ in self.places(at, min(self.size, at + 1)):
            return start
        return self._spans[0][0] if self._spans else 0
