"""The 'meta' box of a picture file: its items, where their bytes lie, how they belong together.

Source: ISO/IEC 14496-12:2022 section 8.11; ISO/IEC 23008-12:2022 sections 6 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import Box, Fields, read_boxes, read_full
from unexposed.formats.parts import Buffer

MAX_ITEMS: Final = 65_535
MAX_ENTRIES: Final = 200_000
"""Places, references and associations of all items together at most."""

_FULL_HEADER: Final = 4
_ONCE: Final = (b"hdlr", b"pitm", b"iloc", b"iinf", b"iref", b"iprp", b"idat")
_NEEDED: Final = (b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp")
_SIZES: Final = (0, 4, 8)
_HANDLER: Final = b"pict"

IN_FILE, IN_IDAT, IN_ITEM = range(3)
"""Construction methods: what an item's offsets count from."""


class Association(msgspec.Struct, frozen=True, gc=False):
    """A property that an item has: its place in the list of properties, from 0 on."""

    index: int
    essential: bool


class Reference(msgspec.Struct, frozen=True, gc=False):
    """How one item refers to others, by their numbers."""

    kind: bytes
    source: int
    targets: tuple[int, ...]


class Item(msgspec.Struct, kw_only=True):
    """One item. `spans` are where its bytes lie in the file, None for what cannot be told."""

    number: int
    kind: bytes
    start: int
    name: bytes = b""
    content: bytes = b""
    hidden: bool = False
    protected: bool = False
    construction: int = IN_FILE
    elsewhere: bool = False
    spans: tuple[tuple[int, int], ...] | None = ()
    properties: tuple[Association, ...] = ()


class Meta(msgspec.Struct, kw_only=True):
    """All that a 'meta' box tells; `strange` are the boxes in it that tell nothing of items."""

    box: Box
    primary: int
    handler_name: bytes
    items: dict[int, Item]
    references: tuple[Reference, ...]
    properties: tuple[Box, ...]
    idat: Box | None
    strange: tuple[Box, ...]


def read_meta(buffer: Buffer, box: Box) -> Meta:
    """Read a file's 'meta' box. Raises Malformed where it contradicts itself."""
    version, _, fields = read_full(buffer, box)
    if version:
        raise Malformed("a 'meta' box of unknown version", box.start)
    found: dict[bytes, Box] = {}
    strange = []
    for child in read_boxes(buffer, fields.at, box.end):
        if child.kind not in _ONCE:
            strange.append(child)
        elif child.kind in found:
            raise Malformed(f"has two '{child.kind.decode()}' boxes", child.start)
        else:
            found[child.kind] = child
    for kind in _NEEDED:
        if kind not in found:
            raise Malformed(f"has no '{kind.decode()}' box", box.start)
    items = _read_items(buffer, found[b"iinf"])
    _read_places(buffer, found[b"iloc"], found.get(b"idat"), items)
    references = tuple(_read_references(buffer, found[b"iref"])) if b"iref" in found else ()
    return Meta(
        box=box,
        primary=_read_primary(buffer, found[b"pitm"]),
        handler_name=_read_handler(buffer, found[b"hdlr"]),
        items=items,
        references=references,
        properties=_read_properties(buffer, found[b"iprp"], items),
        idat=found.get(b"idat"),
        strange=tuple(strange),
    )


def _read_handler(buffer: Buffer, box: Box) -> bytes:
    """Return the name that the writing program gave itself."""
    _, _, fields = read_full(buffer, box)
    fields.number(4)
    if fields.take(4) != _HANDLER:
        raise Malformed("its items are no pictures", box.start)
    fields.take(12)
    return fields.text()


def _read_primary(buffer: Buffer, box: Box) -> int:
    version, _, fields = read_full(buffer, box)
    return fields.number(4 if version else 2)


def _read_items(buffer: Buffer, box: Box) -> dict[int, Item]:
    version, _, fields = read_full(buffer, box)
    count = fields.number(4 if version else 2)
    if count > MAX_ITEMS:
        raise Malformed(f"has more than {MAX_ITEMS:,} items", box.start)
    items: dict[int, Item] = {}
    for child in read_boxes(buffer, fields.at, box.end):
        if child.kind != b"infe" or len(items) == count:
            raise Malformed("its list of items holds something else", child.start)
        item = _read_item(buffer, child)
        if item.number in items:
            raise Malformed("has two items of the same number", child.start)
        items[item.number] = item
    if len(items) < count:
        raise Malformed("its list of items is too short", box.start)
    return items


def _read_item(buffer: Buffer, box: Box) -> Item:
    version, flags, fields = read_full(buffer, box)
    number = fields.number(4 if version == 3 else 2)
    protected = bool(fields.number(2))
    kind = fields.take(4) if version >= 2 else b""
    name = fields.text()
    content = fields.text() if kind in (b"mime", b"uri ", b"") else b""
    return Item(
        number=number,
        kind=kind,
        start=box.start,
        name=name,
        content=content,
        hidden=bool(flags & 1),
        protected=protected,
    )


def _read_places(buffer: Buffer, box: Box, idat: Box | None, items: dict[int, Item]) -> None:
    """Tell each item where its bytes lie."""
    version, _, fields = read_full(buffer, box)
    if version > 2:
        raise Malformed("an 'iloc' box of unknown version", box.start)
    nibbles = fields.number(2)
    offset_size, length_size, base_size, index_size = (nibbles >> n & 0xF for n in (12, 8, 4, 0))
    if not version:
        index_size = 0
    if not {offset_size, length_size, base_size, index_size} <= {*_SIZES}:
        raise Malformed("an 'iloc' box with impossible sizes", box.start)
    wide = 4 if version == 2 else 2
    seen: set[int] = set()
    room = MAX_ENTRIES
    for _ in range(fields.number(wide)):
        number = fields.number(wide)
        construction = fields.number(2) & 0xF if version else IN_FILE
        elsewhere = bool(fields.number(2))
        base, count = fields.number(base_size), fields.number(2)
        room -= count + 1
        if number in seen or room < 0:
            raise Malformed("an 'iloc' box that repeats itself", fields.at)
        seen.add(number)
        spans = []
        for _ in range(count):
            fields.number(index_size)
            start, length = base + fields.number(offset_size), fields.number(length_size)
            spans.append((start, start + length))
        item = items.get(number)
        if item is not None:
            item.construction, item.elsewhere = construction, elsewhere
            item.spans = _in_file(spans, item, idat, len(buffer))


def _in_file(
    spans: list[tuple[int, int]], item: Item, idat: Box | None, size: int
) -> tuple[tuple[int, int], ...] | None:
    """Return spans that count from the file's start; None where they lead nowhere."""
    if item.elsewhere or item.construction not in (IN_FILE, IN_IDAT):
        return None
    begin, limit = 0, size
    if item.construction == IN_IDAT:
        if idat is None:
            return None
        begin, limit = idat.data, idat.end
    moved = tuple((start + begin, end + begin) for start, end in spans)
    return moved if all(start < end <= limit for start, end in moved) else None


def _read_references(buffer: Buffer, box: Box) -> Iterator[Reference]:
    version, _, fields = read_full(buffer, box)
    wide = 4 if version else 2
    room = MAX_ENTRIES
    for child in read_boxes(buffer, fields.at, box.end):
        inside = Fields(buffer, child.data, child.end)
        source, count = inside.number(wide), inside.number(2)
        room -= count + 1
        if room < 0:
            raise Malformed(f"has more than {MAX_ENTRIES:,} references", child.start)
        yield Reference(child.kind, source, tuple(inside.number(wide) for _ in range(count)))


def _read_properties(buffer: Buffer, box: Box, items: dict[int, Item]) -> tuple[Box, ...]:
    """Return the list of properties, and tell each item which of them it has."""
    children = [*read_boxes(buffer, box.data, box.end)]
    lists = [child for child in children if child.kind == b"ipco"]
    if len(lists) != 1:
        raise Malformed("has not exactly one list of properties", box.start)
    properties = tuple(read_boxes(buffer, lists[0].data, lists[0].end))
    room = MAX_ENTRIES
    for child in children:
        if child.kind == b"ipma":
            room = _read_associations(buffer, child, items, room)
    return properties


def _read_associations(buffer: Buffer, box: Box, items: dict[int, Item], room: int) -> int:
    """Tell each item its properties and return for how many more there is room."""
    version, flags, fields = read_full(buffer, box)
    wide: Literal[1, 2] = 2 if flags & 1 else 1
    top = 1 << 8 * wide - 1
    for _ in range(fields.number(4)):
        item = items.get(fields.number(4 if version else 2))
        count = fields.number(1)
        room -= count + 1
        if room < 0 or (item is not None and item.properties):
            raise Malformed("an 'ipma' box that repeats itself", fields.at)
        entries = [fields.number(wide) for _ in range(count)]
        if item is not None:
            item.properties = tuple(
                Association((entry & top - 1) - 1, bool(entry & top))
                for entry in entries
                if entry & top - 1
            )
    return room
