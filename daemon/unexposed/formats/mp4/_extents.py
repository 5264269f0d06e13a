"""Where the samples of each track lie in the file, from the movie's tables and from fragments."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.mp4._entries import Entry
from unexposed.formats.mp4._notes import Note
from unexposed.formats.mp4._tables import Samples, is_ascending
from unexposed.formats.parts import Buffer

MAX_SAMPLE: Final = 64 << 10
"""Bytes of a sample that are handed out at most."""


class Extents:
    """The stretches of consecutive samples that belong to one track.

    Held as columns, as there may be half a million. `shared` is the size that all samples of a
    stretch have; where it is 0, they have sizes of their own. Columns of the movie's tables are
    borrowed, and copied only where fragments add to them.
    """

    def __init__(self) -> None:
        self.starts = array("Q")
        self.lengths = array("Q")
        self._counts = array("I")
        self._kinds = array("I")
        self._shared = array("I")
        self._sizes = array("I")
        self._borrowed = False

    def add_chunks(self, samples: Samples) -> None:
        """Begin with the chunks of the movie's tables."""
        self.starts, self.lengths = samples.starts, samples.lengths
        self._counts, self._kinds, self._sizes = samples.counts, samples.kinds, samples.sizes
        self._shared = array("I", [samples.shared]) * len(samples.starts)
        self._borrowed = True

    def add_run(
        self, start: int, length: int, count: int, *, kind: int, shared: int, sizes: array[int]
    ) -> None:
        """Add a run of a fragment: its samples share a size, or have those in `sizes`."""
        if self._borrowed:
            self.starts, self.lengths = self.starts[:], self.lengths[:]
            self._counts, self._kinds = self._counts[:], self._kinds[:]
            self._sizes = self._sizes[:]
            self._borrowed = False
        self.starts.append(start)
        self.lengths.append(length)
        self._counts.append(count)
        self._kinds.append(kind)
        self._shared.append(shared)
        self._sizes.extend(sizes)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield where stretches that are not empty begin and end, in the order of the file."""
        for index in self._ordered():
            if self.lengths[index]:
                yield self.starts[index], self.starts[index] + self.lengths[index]

    def notes(self, buffer: Buffer, entries: Sequence[Entry]) -> Iterator[Note]:
        """Yield the notes in the samples, in the order of the file.

        Raises Malformed where a sample cannot be read.
        """
        if not any(entry.screen for entry in entries):
            return
        for index, sizes in self._sized():
            kind, at = self._kinds[index], self.starts[index]
            if not 1 <= kind <= len(entries):
                raise Malformed("samples of a kind that is not described", at)
            screen = entries[kind - 1].screen
            if screen is None:
                continue
            for size in sizes:
                yield from screen(buffer, at, at + size)
                at += size

    def samples(self, buffer: Buffer) -> Iterator[bytes]:
        """Yield the bytes of each sample, as far as the file has these, in the order of the file."""
        for index, sizes in self._sized():
            at = self.starts[index]
            for size in sizes:
                yield buffer[at : min(at + size, at + MAX_SAMPLE, len(buffer))]
                at += size

    def each(self) -> Iterator[tuple[int, int]]:
        """Yield where each sample begins and ends, in the order of the file."""
        for index, sizes in self._sized():
            at = self.starts[index]
            for size in sizes:
                yield at, at + size
                at += size

    def _sized(self) -> Iterator[tuple[int, Iterable[int]]]:
        """Yield each stretch and the sizes of its samples, in the order of the file."""
        own = map(_own, self._shared, self._counts)
        firsts = array("Q", accumulate(own, initial=0))
        for index in self._ordered():
            first, count, shared = firsts[index], self._counts[index], self._shared[index]
            yield index, repeat(shared, count) if shared else self._sizes[first : first + count]

    def _ordered(self) -> Iterable[int]:
        every = range(len(self.starts))
        return every if is_ascending(self.starts) else sorted(every, key=self.starts.__getitem__)


def _own(shared: int, count: int) -> int:
    """Return how many samples of a stretch have sizes of their own."""
    return 0 if shared else count


def runs(tracks: Iterable[Extents]) -> Iterator[tuple[int, int]]:
    """Yield where bytes that belong to any of the tracks begin and end, joined where they touch.

    Raises Malformed where two samples share bytes.
    """
    begin = end = 0
    for start, stop in heapq.merge(*(extents.spans() for extents in tracks)):
        if start < end:
            raise Malformed("two samples share bytes", start)
        if start > end:
            if end > begin:
                yield begin, end
            begin = start
        end = stop
    if end > begin:
        yield begin, end
