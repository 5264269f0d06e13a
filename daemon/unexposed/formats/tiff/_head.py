"""Write what stands before the picture data in a clean TIFF: header, directories and values.

The pages keep their order and each tag the type of its value. All values follow their directory,
on even bytes; the strips and tiles of all pages follow, end to end, as they stood in the source.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Role
from unexposed.formats.tiff import _tags as tags
from unexposed.formats.tiff._cut import Cut
from unexposed.formats.tiff._pages import Page, Source
from unexposed.formats.tiff._values import RATIONAL, Value, Values
from unexposed.metadata import icc

MAX_HEAD = 64 << 20
"""Bytes of directories and values at most."""
_MOST_CLASSIC = 0xFFFF_FFFF

_BYTE, _SHORT, _LONG, _UNDEFINED, _LONG8 = 1, 3, 4, 7, 16
_SHARED_FROM = 256
"""Bytes from which equal values of several pages are written once."""

_NO_UNIT, _INCH = 1, 2
_NOBODYS_DENSITY = 72
_FINEST_RATIO = 100
_WIDEST_RATIO = 20

_POSITIONS: Final = frozenset({tags.STRIP_OFFSETS, tags.TILE_OFFSETS})

HEADER = "header"
DIRECTORY = "directory"


class Section(msgspec.Struct, frozen=True):
    """The next `size` bytes of a head, and what they are for."""

    size: int
    role: Role
    name: str


class Head(msgspec.Struct, frozen=True):
    """The bytes before the picture data, and the sections that they consist of.

    `profiled` has the numbers of the pages with a colour profile in it.
    """

    data: bytes
    sections: list[Section]
    profiled: frozenset[int]


def make_head(source: Source, pages: Sequence[Page], cut: Cut, note: bytes = b"") -> Head:
    """Return the head of a clean copy that holds these pages, with an XMP packet if there is one.

    Raises Malformed for more than fits.
    """
    sizes = [piece.size for piece in cut.pieces]
    *places, total = accumulate(sizes, initial=0)
    starts = [piece.start for piece in cut.pieces]
    at = dict(zip(starts, zip(places, sizes, strict=True), strict=True))
    pool = _Pool(Values(source))
    described = [
        (page, _values(source, page, tables, pool), [at.get(start) for start in begins])
        for page, tables, begins in zip(pages, cut.tables, cut.starts, strict=True)
    ]
    if note:
        described[0][1].append(Value(tags.XMP, _BYTE, note))
    profiled = frozenset(
        page.number
        for page, values, _ in described
        if any(value.tag == tags.PROFILE for value in values)
    )
    # The offsets depend on how long the head is, its length does not depend on the offsets.
    length = 0
    for _ in range(2):
        if length + total > _MOST_CLASSIC and not source.big:
            raise Malformed("too large for a TIFF that is no BigTIFF", 0)
        data, sections = _laid_out(
            source,
            [values + _placed(source, page, spans, length) for page, values, spans in described],
        )
        length = len(data)
    return Head(data, sections, profiled)


class _Pool:
    """The longer values so far, each once: pages may share one, or point into each other's."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self._known: dict[bytes, bytes] = {}
        self._profiles: dict[bytes, bytes] = {}
        self._size = 0

    def shared(self, value: bytes) -> bytes:
        """Return the value itself, or the one before that equals it. Raises Malformed for too many."""
        if len(value) < _SHARED_FROM:
            return value
        if value not in self._known:
            self._size += len(value)
            if self._size > MAX_HEAD:
                raise Malformed("has more structure than any picture needs", 0)
        return self._known.setdefault(value, value)

    def plain(self, profile: bytes) -> bytes:
        """Return the plain form of a colour profile, b"" for none that can be used."""
        profile = self.shared(profile)
        if profile not in self._profiles:
            self._profiles[profile] = icc.plain(profile) or b""
        return self._profiles[profile]


def _values(source: Source, page: Page, tables: bytes, pool: _Pool) -> list[Value]:
    """Return what stays of a page, but for where its picture is."""
    found = []
    for tag in tags.KEPT:
        value = pool.values.kept(page, tag)
        if value:
            pool.shared(value.data)
            found.append(value)
    subfile = source.number(page, tags.NEW_SUBFILE_TYPE, 0) & tags.PAGE_BITS
    if subfile:
        found.append(Value(tags.NEW_SUBFILE_TYPE, _LONG, _packed(source, "I", subfile)))
    if tables:
        found.append(Value(tags.JPEG_TABLES, _UNDEFINED, tables))
    entry = page.entries.get(tags.PROFILE)
    if entry and entry.size <= icc.MAX_PROFILE:
        profile = pool.plain(source.raw(entry, entry.count))
        if profile:
            found.append(Value(tags.PROFILE, _UNDEFINED, profile))
    return found + _density(source, page)


def _density(source: Source, page: Page) -> list[Value]:
    """Return a resolution that says nothing, but for the shape of pixels that are not square."""
    if page.entries.keys().isdisjoint((tags.X_RESOLUTION, tags.Y_RESOLUTION)):
        return []
    across, down = (_ratio(source, page, tag) for tag in (tags.X_RESOLUTION, tags.Y_RESOLUTION))
    shape = (across / down).limit_denominator(_FINEST_RATIO) if across and down else Fraction(1)
    if shape == 1 or not Fraction(1, _WIDEST_RATIO) <= shape <= _WIDEST_RATIO:
        x = y = _NOBODYS_DENSITY
        unit = _INCH
    else:
        x, y, unit = shape.numerator, shape.denominator, _NO_UNIT
    return [
        Value(tags.X_RESOLUTION, RATIONAL, _packed(source, "II", x, 1)),
        Value(tags.Y_RESOLUTION, RATIONAL, _packed(source, "II", y, 1)),
        Value(tags.RESOLUTION_UNIT, _SHORT, _packed(source, "H", unit)),
    ]


def _ratio(source: Source, page: Page, tag: int) -> Fraction:
    """Return a positive number, 0 for anything else."""
    entry = page.entries.get(tag)
    if entry is None or entry.type != RATIONAL:
        return Fraction(0)
    over, under = source.unpack("II", entry.start)
    return Fraction(over, under) if under else Fraction(0)


def _placed(
    source: Source, page: Page, spans: Sequence[tuple[int, int] | None], head: int
) -> list[Value]:
    """Return where the strips or tiles stand behind a head of so many bytes, and their sizes."""
    kind, code = (_LONG8, "Q") if source.big else (_LONG, "I")
    where, how_long = (
        (tags.TILE_OFFSETS, tags.TILE_COUNTS)
        if tags.TILE_OFFSETS in page.entries
        else (tags.STRIP_OFFSETS, tags.STRIP_COUNTS)
    )
    offsets = [head + span[0] if span else 0 for span in spans]
    sizes = [span[1] if span else 0 for span in spans]
    return [
        Value(where, kind, _packed(source, f"{len(offsets)}{code}", *offsets)),
        Value(how_long, kind, _packed(source, f"{len(sizes)}{code}", *sizes)),
    ]


def _packed(source: Source, code: str, *numbers: int) -> bytes:
    return struct.pack(source.order + code, *numbers)


def _laid_out(source: Source, pages: Sequence[Sequence[Value]]) -> tuple[bytes, list[Section]]:
    """Put header, directories and values one after the other."""
    layout = source.layout
    link = struct.calcsize(layout.offset)
    head = bytearray(source.buffer[: layout.first])
    head += _packed(source, layout.offset, source.header)
    sections = [Section(source.header, Role.STRUCTURE, HEADER)]
    written: dict[bytes, int] = {}
    for number, values in enumerate(pages):
        ordered = sorted(values, key=lambda value: value.tag)
        directory = bytearray(_packed(source, layout.count, len(ordered)))
        entry_size = struct.calcsize("=" + layout.entry) + link
        end = len(head) + len(directory) + len(ordered) * entry_size + link
        body = bytearray()
        own = []
        for value in ordered:
            directory += _packed(source, layout.entry, value.tag, value.type, value.count)
            if len(value.data) <= link:
                directory += value.data.ljust(link, b"\0")
                continue
            place = written.get(value.data)
            if place is None:
                place = end + len(body)
                body += value.data + b"\0" * (len(value.data) & 1)
                own.append(_section(value))
                if len(value.data) >= _SHARED_FROM and value.tag not in _POSITIONS:
                    written[value.data] = place
            directory += _packed(source, layout.offset, place)
        last = number == len(pages) - 1
        following = 0 if last else end + len(body)
        directory += _packed(source, layout.offset, following)
        sections += [Section(len(directory), Role.STRUCTURE, DIRECTORY), *own]
        head += directory + body
        if len(head) > MAX_HEAD:
            raise Malformed("has more structure than any picture needs", 0)
    return bytes(head), sections


def _section(value: Value) -> Section:
    colour = value.tag == tags.PROFILE
    size = len(value.data) + (len(value.data) & 1)
    return Section(size, Role.COLOUR if colour else Role.STRUCTURE, tags.name_of(value.tag))
