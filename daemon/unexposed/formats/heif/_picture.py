"""A picture as its clean copy will have it: what its items are, and which bytes they keep.

Source: ISO/IEC 23008-12:2022 section 6.6.2 for derived pictures.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, Fields
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _choice as choice
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._extents import Extents, Unit
from unexposed.formats.heif._meta import IN_FILE, Association, Item, Meta, Reference
from unexposed.formats.parts import Buffer, Role

MAX_UNITS: Final = 200_000
"""Units of all coded pictures of a file at most."""

_MARGIN: Final = 64
"""Pixels a side that a picture may have beyond those that it shows: the largest coding block."""

_CROPPED: Final = "it still holds what was cropped away from it; export it as a new picture"
_GRID_HEADER: Final = 4
BEHIND: Final = "data behind a derived picture"


class Piece(msgspec.Struct, frozen=True, gc=False, order=True):
    """Bytes [start, end) of the file that an item keeps; `made` stands in their place if given."""

    start: int
    end: int
    role: Role = Role.PICTURE
    made: bytes | None = None


class Gone(msgspec.Struct, frozen=True, gc=False, order=True):
    """Bytes of the file that belong to no kept item, or to one that does not need them."""

    start: int
    end: int
    role: Role
    name: str


class Kept(msgspec.Struct, frozen=True):
    """An item as the clean copy has it; its number is its place in the list, from 1 on.

    `content` is the type of what a note holds.
    """

    kind: bytes
    hidden: bool
    construction: int
    pieces: tuple[Piece, ...]
    properties: tuple[Association, ...]
    content: bytes = b""


class Picture(msgspec.Struct, frozen=True):
    """All that a clean copy holds: items, how they refer to each other, and their properties.

    `pieces` and `gone` are in the order of the file, and neither has two that overlap.
    """

    primary: int
    items: tuple[Kept, ...]
    references: tuple[Reference, ...]
    properties: tuple[bytes, ...]
    pieces: tuple[Piece, ...]
    gone: tuple[Gone, ...]


def read_picture(buffer: Buffer, meta: Meta, primary: int, areas: Sequence[Box]) -> Picture:
    """Return what a clean copy of one picture of a file holds.

    Its bytes have to lie in the boxes `areas`, which are in the order of the file. Raises
    Malformed where it cannot be told what belongs to the picture, and Held where that is
    known but cannot be cleaned.
    """
    made = choice.choose(buffer, meta, primary)
    numbers = {item.number: place for place, item in enumerate(made.items, 1)}
    associations, boxes = _kept_properties(buffer, meta, made.items)
    reader = _Reader(buffer, meta)
    items = tuple(
        Kept(
            kind=item.kind,
            hidden=item.hidden,
            construction=item.construction,
            pieces=reader.pieces(item, made.inputs.get(item.number, [])),
            properties=associations[item.number],
        )
        for item in made.items
    )
    pieces = _apart({piece for item in items for piece in item.pieces})
    _require_inside(pieces, areas)
    for number, name in choice.named(buffer, meta, made.items).items():
        spans = meta.items[number].spans or ()
        reader.gone += [Gone(start, end, choice.role_of(name), name) for start, end in spans]
    return Picture(
        primary=numbers[primary],
        items=items,
        references=tuple(_kept_references(meta, numbers)),
        properties=boxes,
        pieces=pieces,
        gone=tuple(_disjoint(reader.gone)),
    )


def with_note(picture: Picture) -> Picture:
    """Return the same picture with one more item, which describes it in XMP."""
    note = Kept(b"mime", True, IN_FILE, (), (), choice.XMP_TYPE)
    about = Reference(b"cdsc", len(picture.items) + 1, (picture.primary,))
    return msgspec.structs.replace(
        picture, items=(*picture.items, note), references=(*picture.references, about)
    )


def is_cropped(buffer: Buffer, meta: Meta, item: Item) -> bool:
    """Tell whether more of an item is hidden than its coding explains. Raises Malformed."""
    crop = choice.property_of(meta, item, properties.CROP)
    size = choice.property_of(meta, item, properties.SIZE)
    if crop is None or size is None:
        return crop is not None
    sides, left = properties.size_of(buffer, size), properties.crop_of(buffer, crop)
    return any(side - rest >= _MARGIN for side, rest in zip(sides, left, strict=True))


def _kept_references(meta: Meta, numbers: dict[int, int]) -> Iterator[Reference]:
    for one in meta.references:
        if one.kind in choice.KEPT_REFERENCES and one.source in numbers:
            targets = tuple(numbers[target] for target in one.targets if target in numbers)
            if targets:
                yield Reference(one.kind, numbers[one.source], targets)


def _kept_properties(
    buffer: Buffer, meta: Meta, items: Sequence[Item]
) -> tuple[dict[int, tuple[Association, ...]], tuple[bytes, ...]]:
    """Return the associations of each item, and the properties from which they count."""
    made: dict[int, bytes | None] = {}
    for item in items:
        for one in item.properties:
            if one.index >= len(meta.properties):
                raise Malformed("an item has a property that does not exist", item.start)
            box = meta.properties[one.index]
            if one.index not in made:
                made[one.index] = properties.plain_property(buffer, box)
            if one.essential and made[one.index] is None:
                properties.require_dispensable(box)
    stay = {index: box for index, box in sorted(made.items()) if box is not None}
    places = {index: place for place, index in enumerate(stay)}
    associations = {
        item.number: tuple(
            Association(places[one.index], one.essential)
            for one in item.properties
            if one.index in places
        )
        for item in items
    }
    return associations, tuple(stay.values())


def _apart(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return pieces in the order of the file. Raises Malformed for two that overlap."""
    ordered = tuple(sorted(pieces, key=lambda piece: (piece.start, piece.end)))
    for left, right in itertools.pairwise(ordered):
        if right.start < left.end:
            raise Malformed("two items share some of their bytes", right.start)
    return ordered


def _require_inside(pieces: Sequence[Piece], areas: Sequence[Box]) -> None:
    starts = [area.data for area in areas]
    for piece in pieces:
        index = bisect_right(starts, piece.start) - 1
        if index < 0 or piece.end > areas[index].end:
            raise Malformed("a picture lies outside of the boxes for data", piece.start)


def _disjoint(gone: Iterable[Gone]) -> Iterator[Gone]:
    """Yield spans in the order of the file, each byte in the first that has it."""
    position = 0
    for one in sorted(gone):
        start = max(one.start, position)
        if start < one.end:
            yield Gone(start, one.end, one.role, one.name)
            position = one.end


class _Reader:
    """Divides the bytes of items into those that stay and those that go, which `gone` collects."""

    def __init__(self, buffer: Buffer, meta: Meta) -> None:
        self._buffer = buffer
        self._meta = meta
        self._room = MAX_UNITS
        self._configurations: dict[int, hevc.Configuration] = {}
        self.gone: list[Gone] = []

    def pieces(self, item: Item, inputs: Sequence[int]) -> tuple[Piece, ...]:
        """Return what an item keeps, in the order in which a decoder reads it."""
        if is_cropped(self._buffer, self._meta, item):
            raise Held(_CROPPED)
        data = Extents(self._buffer, item.spans or ())
        if item.kind == choice.SAME:
            self._go(data, 0, data.size, Role.UNKNOWN, BEHIND)
            return ()
        if item.spans is None:
            raise Malformed("a picture lies nowhere", item.start)
        if item.kind == choice.GRID:
            return self._grid(item, data, inputs)
        return self._coded(item, data)

    def _go(self, data: Extents, start: int, end: int, role: Role, name: str) -> None:
        self.gone += [Gone(*place, role, name) for place in data.places(start, end)]

    def _coded(self, item: Item, data: Extents) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        for unit in self._units(item, data):
            self._room -= 1
            if self._room < 0:
                raise Malformed(f"its pictures have more than {MAX_UNITS:,} units", item.start)
            if unit.name:
                self._go(data, unit.start, unit.end, Role.METADATA, unit.name)
                continue
            for start, end in data.places(unit.start, unit.end):
                if pieces and pieces[-1].end == start:
                    pieces[-1] = Piece(pieces[-1].start, end)
                else:
                    pieces.append(Piece(start, end))
        return tuple(pieces)

    def _units(self, item: Item, data: Extents) -> Iterator[Unit]:
        kinds = {self._meta.properties[one.index].kind for one in item.properties}
        if item.kind == b"av01":
            units = av1.read_units(data, layered=not kinds.isdisjoint(properties.LAYERS))
        else:
            units = hevc.read_units(data, self._configuration(item))
        for unit in units:
            if unit.name and properties.LAYER_SIZES in kinds:
                raise Malformed("a picture in layers holds more than these", item.start)
            yield unit

    def _configuration(self, item: Item) -> hevc.Configuration:
        """Return how an item's decoder is set up; many items share one box that says so."""
        boxes = {self._meta.properties[one.index] for one in item.properties}
        boxes = {box for box in boxes if box.kind == b"hvcC"}
        if len(boxes) != 1:
            raise Malformed("an HEVC picture has not exactly one configuration", item.start)
        box = boxes.pop()
        if box.start not in self._configurations:
            fields = Fields(self._buffer, box.data, box.end)
            self._configurations[box.start] = hevc.read_configuration(fields)
        configuration = self._configurations[box.start]
        if max(configuration.cut) >= _MARGIN:
            raise Held(_CROPPED)
        return configuration

    def _grid(self, item: Item, data: Extents, inputs: Sequence[int]) -> tuple[Piece, ...]:
        head = data.read(0, _GRID_HEADER)
        large = sum(head[1:2]) & 1
        end = _GRID_HEADER + (8 if large else 4)
        head += data.read(_GRID_HEADER, end - _GRID_HEADER)
        places = [*data.places(0, min(end, data.size))]
        if len(head) < end or head[0] or len(places) != 1:
            raise Malformed("a grid of pictures without its measures", item.start)
        rows, columns = head[2] + 1, head[3] + 1
        if rows * columns != len(inputs):
            raise Malformed("a grid of pictures has too few or too many", item.start)
        wide = 4 if large else 2
        width, height = (int.from_bytes(head[at : at + wide]) for at in (4, 4 + wide))
        self._require_covered(item, inputs[0], (width, height), (columns, rows))
        made = bytes([0, large]) + head[2:]
        self._go(data, end, data.size, Role.UNKNOWN, BEHIND)
        return (Piece(*places[0], Role.STRUCTURE, None if made == head else made),)

    def _require_covered(
        self, item: Item, tile: int, shown: tuple[int, int], count: tuple[int, int]
    ) -> None:
        """Raise Held where whole tiles of a grid lie outside of what it shows."""
        box = choice.property_of(self._meta, self._meta.items[tile], properties.SIZE)
        if box is None:
            raise Malformed("a piece of the picture does not tell its size", item.start)
        size = properties.size_of(self._buffer, box)
        for each, number, most in zip(size, count, shown, strict=True):
            if each * (number - 1) >= most:
                raise Held(_CROPPED)
