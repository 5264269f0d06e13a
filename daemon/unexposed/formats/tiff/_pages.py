"""The pages of a TIFF: a chain of directories, and the numbers in them.

Read strictly, as what stays depends on it: `metadata.tiff` walks all that is in a file, and
tolerates all. Sources: TIFF 6.0 section 2; the BigTIFF design of 2008; for what readers make of
broken files libtiff's tif_dirread.c.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer
from unexposed.formats.tiff import _tags as tags
from unexposed.metadata.tiff import BIG, HEADERS, TYPES, Entry, Layout

MAX_PAGES = 65_535
_MAX_ENTRIES = 1_000_000
_MAX_TAGS = 10_000


class Page(msgspec.Struct, frozen=True):
    """One directory, at [start, end), with the first sound entry of each tag."""

    number: int
    start: int
    end: int
    count: int
    following: int
    entries: dict[int, Entry]


class Source(msgspec.Struct, frozen=True):
    """A TIFF file and how its numbers are to be read."""

    buffer: Buffer
    order: str
    layout: Layout

    @property
    def big(self) -> bool:
        """Whether offsets have eight bytes."""
        return self.layout is BIG

    @property
    def header(self) -> int:
        """Bytes of the header."""
        return self.layout.first + struct.calcsize(self.layout.offset)

    def unpack(self, code: str, at: int) -> tuple[int, ...]:
        """Read numbers. Raises Malformed where the file ends before."""
        try:
            return struct.unpack_from(self.order + code, self.buffer, at)
        except struct.error:
            raise Malformed("the file is cut short", len(self.buffer)) from None

    def raw(self, entry: Entry, most: int) -> bytes:
        """Return the first `most` values of an entry as they stand."""
        size = min(entry.size, most * TYPES[entry.type][0])
        return self.buffer[entry.start : entry.start + size]

    def numbers(self, page: Page, tag: int, most: int) -> tuple[int, ...]:
        """Return the first `most` whole numbers of a tag, none where it has no such value."""
        entry = page.entries.get(tag)
        if entry is None or entry.type not in tags.COUNTED:
            return ()
        raw = self.raw(entry, most)
        size, code = TYPES[entry.type]
        return struct.unpack(f"{self.order}{len(raw) // size}{code}", raw)

    def number(self, page: Page, tag: int, default: int) -> int:
        """Return a tag's first whole number."""
        return next(iter(self.numbers(page, tag, 1)), default)


def open_source(buffer: Buffer) -> Source:
    """Read the header. Raises Malformed for one that is not TIFF's."""
    head = buffer[:16]
    if head[:4] not in HEADERS:
        raise Malformed("does not begin as a TIFF", 0)
    order, layout = HEADERS[head[:4]]
    source = Source(buffer, order, layout)
    if layout is BIG and source.unpack("HH", 4) != (8, 0):
        raise Malformed("a BigTIFF with offsets of an unknown size", 4)
    return source


def read_pages(source: Source) -> list[Page]:
    """Return the chain of pages; it ends where it comes back to a page.

    Raises Malformed where a page lies outside the file and where there is none.
    """
    (start,) = source.unpack(source.layout.offset, source.layout.first)
    pages: list[Page] = []
    seen: set[int] = set()
    entries = 0
    while start and start not in seen:
        seen.add(start)
        page = read_page(source, len(pages), start)
        pages.append(page)
        entries += page.count
        if len(pages) > MAX_PAGES or entries > _MAX_ENTRIES:
            raise Malformed("has more pages than can be read", start)
        start = page.following
    if not pages:
        raise Malformed("holds no picture", source.layout.first)
    return pages


def read_page(source: Source, number: int, start: int) -> Page:
    """Read the directory at `start`.

    Entries of an unknown type, or with a value outside the file, are passed over as readers do.
    Raises Malformed where the directory itself is not whole, and where a tag that the picture
    needs stands twice or is damaged.
    """
    if not source.header <= start < len(source.buffer):
        raise Malformed("a page lies outside the file", min(start, len(source.buffer)))
    layout = source.layout
    (count,) = source.unpack(layout.count, start)
    first = start + struct.calcsize(layout.count)
    wide = struct.calcsize("=" + layout.entry) + struct.calcsize(layout.offset)
    last = first + count * wide
    if not count or last + struct.calcsize(layout.offset) > len(source.buffer):
        raise Malformed("a page is cut short", start)
    if count > _MAX_TAGS:
        raise Malformed("a page with more tags than can be read", start)
    entries: dict[int, Entry] = {}
    for at in range(first, last, wide):
        entry = _read_entry(source, at, f"IFD{number}")
        if entry is None:
            continue
        if entry.tag in entries and (entry.tag in tags.KEPT or entry.tag in tags.MADE):
            raise Malformed(f"a page has its tag {entry.tag} twice", at)
        entries.setdefault(entry.tag, entry)
    (following,) = source.unpack(layout.offset, last)
    end = last + struct.calcsize(layout.offset)
    return Page(number, start, end, count, following, entries)


def is_small(source: Source, page: Page) -> bool:
    """Tell whether a page is a smaller copy of another, or otherwise no page of its own."""
    kind = source.number(page, tags.NEW_SUBFILE_TYPE, 0)
    old = source.number(page, tags.SUBFILE_TYPE, 1)
    return bool(kind & ~tags.PAGE_BITS) or (not kind and old == tags.OLD_REDUCED)


def _read_entry(source: Source, at: int, ifd: str) -> Entry | None:
    layout = source.layout
    tag, kind, count = source.unpack(layout.entry, at)
    inline = at + struct.calcsize("=" + layout.entry)
    size = count * TYPES[kind][0] if kind in TYPES else 0
    start = inline
    if size > struct.calcsize(layout.offset):
        (start,) = source.unpack(layout.offset, inline)
    sound = size and start >= source.header and start + size <= len(source.buffer)
    if tag in _NEEDED and not (sound and _is_legal(tag, kind, count)):
        raise Malformed(f"the value of tag {tag} is damaged", at)
    return Entry(ifd, tag, kind, count, start, size) if sound else None


def _is_legal(tag: int, kind: int, count: int) -> bool:
    """Tell whether readers agree on what a value of this type and length means."""
    rule = tags.KEPT.get(tag)
    return rule is None or (kind in rule.types and (rule.most != 1 or count == 1))


_NEEDED: Final = (tags.KEPT.keys() | tags.MADE) - {
    tags.PROFILE,
    tags.X_RESOLUTION,
    tags.Y_RESOLUTION,
    tags.RESOLUTION_UNIT,
}
"""Tags of which a damaged value would leave the picture in doubt."""
