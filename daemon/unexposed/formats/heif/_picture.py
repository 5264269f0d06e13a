"""A picture as its clean copy will have it: what its items are, and which bytes they keep.

Source: ISO/IEC 23008-12:2022 section 6.6.2 for derived pictures.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Box, Fields
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _choice as choice
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.heif import _properties as properties
from unexposed.formats.heif._extents import Extents, Unit
from unexposed.formats.heif._meta import IN_FILE, Association, Item, Meta, Reference
from unexposed.formats.heif._shown import Shown
from unexposed.formats.parts import Buffer, Role
from unexposed.metadata.legible import legible

MAX_UNITS: Final = 200_000
"""Units of all coded pictures of a file at most."""

_GRID_HEADER: Final = 4
BEHIND: Final = "data behind a derived picture"


class Piece(msgspec.Struct, frozen=True, gc=False, order=True):
    """Bytes [start, end) of the file that stay; `made` stands in their place if given.

    `name` says what they are if not an item's.
    """

    start: int
    end: int
    role: Role = Role.PICTURE
    made: bytes | None = None
    name: str = ""


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


class Moving(msgspec.Struct, frozen=True):
    """What the tracks of an animation keep, what of them goes, and what they share with items.

    `shared` has the places of items that are those of samples too, with the pieces they are in.
    """

    pieces: tuple[Piece, ...] = ()
    gone: tuple[Gone, ...] = ()
    shared: Mapping[tuple[int, int], tuple[Piece, ...]] = MappingProxyType({})


STILL: Final = Moving()


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


def read_picture(
    buffer: Buffer, meta: Meta, primary: int, areas: Sequence[Box], moving: Moving = STILL
) -> Picture:
    """Return what a clean copy of one picture of a file holds, with what its tracks keep.

    Its bytes have to lie in the boxes `areas`, which are in the order of the file. Raises
    Malformed where it cannot be told what belongs to the picture, and Held where that is
    known but cannot be cleaned.
    """
    made = choice.choose(buffer, meta, primary)
    numbers = {item.number: place for place, item in enumerate(made.items, 1)}
    associations, boxes = _kept_properties(buffer, meta, made.items)
    inputs = {one.source: one.targets for one in made.references if one.kind == choice.INPUTS}
    reader = _Reader(buffer, meta, moving)
    items = tuple(
        Kept(
            kind=item.kind,
            hidden=item.hidden,
            construction=item.construction,
            pieces=reader.pieces(item, inputs.get(item.number, ())),
            properties=associations[item.number],
        )
        for item in made.items
    )
    pieces = _apart({*moving.pieces, *(piece for item in items for piece in item.pieces)})
    _require_inside(pieces, areas)
    for number, name in choice.named(buffer, meta, made.items).items():
        spans = meta.items[number].spans or ()
        reader.gone += [Gone(start, end, choice.role_of(name), name) for start, end in spans]
    return Picture(
        primary=numbers[primary],
        items=items,
        references=tuple(
            Reference(one.kind, numbers[one.source], tuple(numbers[to] for to in one.targets))
            for one in made.references
        ),
        properties=boxes,
        pieces=pieces,
        gone=tuple(_disjoint([*reader.gone, *moving.gone])),
    )


def with_note(picture: Picture) -> Picture:
    """Return the same picture with one more item, which describes it in XMP."""
    note = Kept(b"mime", True, IN_FILE, (), (), choice.XMP_TYPE)
    about = Reference(b"cdsc", len(picture.items) + 1, (picture.primary,))
    return msgspec.structs.replace(
        picture, items=(*picture.items, note), references=(*picture.references, about)
    )


def _kept_properties(
    buffer: Buffer, meta: Meta, items: Sequence[Item]
) -> tuple[dict[int, tuple[Association, ...]], tuple[bytes, ...]]:
    """Return the associations of each item, and the properties from which they count."""
    made: dict[int, bytes | None] = {}
    for item in items:
        sorts = set()
        for one in item.properties:
            if one.index >= len(meta.properties):
                raise Malformed("an item has a property that does not exist", item.start)
            box = meta.properties[one.index]
            if one.index not in made:
                made[one.index] = properties.plain_property(buffer, box)
            plain = made[one.index]
            if plain is None:
                if one.essential:
                    properties.require_dispensable(box)
                continue
            sort = properties.sort_of(plain)
            if sort in sorts or item.kind not in properties.OWNERS.get(box.kind, (item.kind,)):
                name = legible(box.kind)
                raise Malformed(f"a property '{name}' of an item is one too many", item.start)
            sorts.add(sort)
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
            raise Malformed("two pictures share some of their bytes", right.start)
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

    def __init__(self, buffer: Buffer, meta: Meta, moving: Moving) -> None:
        self._buffer = buffer
        self._meta = meta
        self._moving = moving
        self._shown = Shown(buffer, meta)
        self._room = MAX_UNITS
        self._configurations: dict[int, hevc.Configuration] = {}
        self.gone: list[Gone] = []

    def pieces(self, item: Item, inputs: Sequence[int]) -> tuple[Piece, ...]:
        """Return what an item keeps, in the order in which a decoder reads it."""
        data = Extents(self._buffer, item.spans or ())
        if item.kind == choice.SAME:
            self._shown.require_same(item, inputs)
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
        spans = item.spans or ()
        sample = self._moving.shared.get(spans[0]) if len(spans) == 1 else None
        return sample or tuple(pieces)

    def _units(self, item: Item, data: Extents) -> Iterator[Unit]:
        if item.kind == b"av01":
            yield from av1.read_units(data)
            self._shown.require_whole(item, av1.coded_size(data))
            return
        configuration = self._configuration(item)
        yield from hevc.read_units(data, configuration)
        sequence = configuration.sequence
        self._shown.require_whole(item, sequence.size, sequence.cut)

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
        return self._configurations[box.start]

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
        self._shown.require_covered(item, inputs, (width, height), (columns, rows))
        made = bytes([0, large]) + head[2:]
        self._go(data, end, data.size, Role.UNKNOWN, BEHIND)
        return (Piece(*places[0], Role.STRUCTURE, None if made == head else made),)
