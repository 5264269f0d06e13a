"""Cut a TIFF's picture data out of the file: each strip and tile, to its true end.

What is between and behind them goes; the order in which they stand in the file stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._tiling import MAX_PARTS
from unexposed.formats.parts import KEPT_ROLES, Followed, Part, Role
from unexposed.formats.tiff import _jpeg as jpeg
from unexposed.formats.tiff import _streams as streams
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._pages import Page, Source
from unexposed.formats.tiff._shape import Shape, read_shape
from unexposed.formats.tiff._streams import Stretch

_PICTURE = "picture"
_AS_IT_STANDS: Final[dict[int, bytes]] = {}


class Piece(msgspec.Struct, frozen=True):
    """A strip or tile: its parts end to end, and what is to stand for each.

    `made` has by a part's index the bytes that stand for it, b"" for nothing; others stay.
    """

    parts: list[Part]
    made: dict[int, bytes]

    @property
    def start(self) -> int:
        """Where it begins in the file."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where its last part ends."""
        return self.parts[-1].end

    @property
    def size(self) -> int:
        """Bytes that it has in the clean copy."""
        return sum(
            len(self.made[index]) if index in self.made else part.size
            for index, part in enumerate(self.parts)
        )


class Cut(msgspec.Struct, frozen=True):
    """The pieces of all pages, in the file's order.

    `starts` has for each page where its strips or tiles begin, in their own order, 0 for one that
    is left out; `tables` what becomes of its JPEG tables, b"" where it has none.
    """

    pieces: list[Piece]
    starts: list[list[int]]
    tables: list[bytes]


def cut(source: Source, pages: Sequence[Page], followed: Followed) -> Cut:
    """Cut out the picture data of these pages; of what `followed` knows the end is not searched.

    Raises Malformed where it is damaged, incomplete, or described in contradicting ways.
    """
    found: dict[int, Piece] = {}
    divided = _Divided(source, followed)
    whole = Cut([], [], [])
    total = 0
    for page in pages:
        shape = read_shape(source, page)
        if streams.why_not(shape.compression):
            raise Malformed("a compression that is not known", page.start)
        total += shape.pieces
        if total > MAX_PARTS:
            raise Malformed(f"falls into more than {MAX_PARTS:,} pieces", page.start)
        shared = _shared_tables(source, page, shape)
        starts = []
        for index, (start, end) in enumerate(_spans(source, page, shape)):
            starts.append(start)
            if not start:
                continue
            sides = shape.across, shape.rows(index)
            stretch = Stretch(start, end, shape.decoded_size(index), sides, shape.reversed_bits)
            parts = divided.parts(shape.compression, stretch)
            if shape.compression == streams.JPEG:
                piece = _jpeg_piece(source, parts, shared)
            else:
                piece = Piece(parts, _AS_IT_STANDS)
            if found.setdefault(start, piece) != piece:
                raise Malformed("two pieces of the picture lie over each other", start)
        whole.starts.append(starts)
        whole.tables.append(shared.made())
    whole.pieces.extend(found[start] for start in sorted(found))
    if not whole.pieces:
        raise Malformed("holds no picture data", pages[0].start)
    for before, after in zip(whole.pieces, whole.pieces[1:], strict=False):
        if after.start < before.end:
            raise Malformed("two pieces of the picture lie over each other", after.start)
    return whole


def _spans(source: Source, page: Page, shape: Shape) -> Iterator[tuple[int, int]]:
    """Yield from where to where each strip or tile goes as the file counts it; 0, 0 for none."""
    offsets, counts = (
        (tags.TILE_OFFSETS, tags.TILE_COUNTS)
        if shape.tiled
        else (tags.STRIP_OFFSETS, tags.STRIP_COUNTS)
    )
    wanted = shape.pieces
    starts = source.numbers(page, offsets, wanted + 1)
    sizes = source.numbers(page, counts, wanted + 1)
    if len(starts) != wanted:
        raise Malformed("a page has more or fewer pieces than its picture", page.start)
    if sizes and len(sizes) != wanted:
        raise Malformed("a page does not say how long its pieces are", page.start)
    if not sizes or (wanted == 1 and not sizes[0]):
        sizes = _guessed_sizes(source, page, shape, starts)
    limit = len(source.buffer)
    for index, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        if not size and not start:
            yield 0, 0
            continue
        # Readers that copy uncompressed rows go by the rows, not by what is counted.
        end = start + (shape.decoded_size(index) if shape.compression == streams.PLAIN else size)
        if start < source.header:
            raise Malformed("picture data lies outside the file", page.start)
        if end > limit:
            raise Malformed("the picture data is cut short", limit)
        yield start, end


def _guessed_sizes(
    source: Source, page: Page, shape: Shape, starts: Sequence[int]
) -> tuple[int, ...]:
    """Return what readers assume of a single piece of which nothing is said."""
    room = len(source.buffer) - starts[0]
    if len(starts) > 1 or shape.compression not in streams.FINDS_ITS_END or room <= 0:
        raise Malformed("a page does not say how long its pieces are", page.start)
    return (room,)


def _shared_tables(source: Source, page: Page, shape: Shape) -> jpeg.Shared:
    entry = page.entries.get(tags.JPEG_TABLES)
    if entry is None or shape.compression != streams.JPEG:
        return jpeg.Shared(source.buffer, 0, 0)
    return jpeg.Shared(source.buffer, entry.start, entry.start + entry.size)


def _jpeg_piece(source: Source, parts: list[Part], shared: jpeg.Shared) -> Piece:
    """Return a JPEG strip or tile without what its decoder does not need."""
    made = {
        number: data
        for number, data in shared.written(parts).items()
        if data != source.buffer[parts[number].start : parts[number].end]
    }
    for number, part in enumerate(parts):
        if part.role not in KEPT_ROLES:
            made[number] = b""
        elif number in made:
            parts[number] = msgspec.structs.replace(part, plain=False)
    return Piece(parts, made)


class _Divided:
    """The strips and tiles so far, each divided once however many pages or places share it."""

    def __init__(self, source: Source, followed: Followed) -> None:
        self._buffer = source.buffer
        self._followed = followed
        self._known: dict[int, tuple[int, Stretch, list[Part]]] = {}
        self._size = self._count = 0

    def parts(self, compression: int, stretch: Stretch) -> list[Part]:
        """Return the parts of a strip or tile.

        Raises Malformed where it is damaged, lies over others, or is read in two ways.
        """
        known = self._known.get(stretch.start)
        if known is None:
            known = compression, stretch, self._divide(compression, stretch)
            self._known[stretch.start] = known
            self._size += known[2][-1].end - stretch.start
        self._count += len(known[2])
        if self._count > MAX_PARTS:
            raise Malformed(f"falls into more than {MAX_PARTS:,} pieces", stretch.start)
        if known[:2] != (compression, stretch) or self._size > len(self._buffer):
            raise Malformed("two pieces of the picture lie over each other", stretch.start)
        return list(known[2])

    def _divide(self, compression: int, stretch: Stretch) -> list[Part]:
        start = stretch.start
        if compression == streams.JPEG:
            return jpeg.divide(self._buffer, start, stretch.end, stretch.sides, self._followed)
        stop = self._followed.get(start, 0)
        if not stop:
            stop = streams.true_end(self._buffer, compression, stretch)
        if stop <= start:
            raise Malformed("a piece of the picture without data", start)
        return [Part(start, stop, Role.PICTURE, _PICTURE)]
