"""A walk over the directories of a TIFF structure, as Exif blocks and TIFF files have it.

Tolerant and bounded: it raises nothing, reads what can be read, and says what is damaged.
Source: TIFF 6.0 section 2; CIPA DC-008 (Exif 2.32) 4.6; the BigTIFF design of 2008.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

MAX_ENTRIES = 10_000
MAX_DIRECTORIES = 1_000
_MAX_DAMAGE = 20
_MAX_VALUES = 4_096

Data: TypeAlias = bytes | mmap.mmap
Value: TypeAlias = int | float | tuple[int, int]
"""A number, or a rational as numerator and denominator."""

TYPES: dict[int, tuple[int, str]] = {
    1: (1, "B"),
    2: (1, "B"),
    3: (2, "H"),
    4: (4, "I"),
    5: (8, "II"),
    6: (1, "b"),
    7: (1, "B"),
    8: (2, "h"),
    9: (4, "i"),
    10: (8, "ii"),
    11: (4, "f"),
    12: (8, "d"),
    13: (4, "I"),
    16: (8, "Q"),
    17: (8, "q"),
    18: (8, "Q"),
    129: (1, "B"),
}
"""Type -> bytes that one value takes, and how `struct` reads it. 129 is UTF-8 text (Exif 3.0)."""
RATIONALS = frozenset({5, 10})

SUB_IFDS = 0x014A
_POINTERS: dict[tuple[str, int], str] = {
    ("", 0x8769): "Exif",
    ("", 0x8825): "GPS",
    ("Exif", 0xA005): "Interop",
}
"""(directory, tag) -> the directory that the tag points to; "" for a page of the main chain."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One tag: `count` values of `type`, at [start, start + size) in the structure, in bytes."""

    ifd: str
    tag: int
    type: int
    count: int
    start: int
    size: int


class Directory(msgspec.Struct, frozen=True, gc=False):
    """One directory's own bytes [start, end), with its link to the next one where it has one."""

    ifd: str
    start: int
    end: int


class Walk(msgspec.Struct, frozen=True):
    """What a walk found. Only entries whose value lies inside the structure are among `entries`."""

    data: Data
    order: str
    """"<" or ">", as `struct` has it; "" when there is no TIFF header."""
    entries: tuple[Entry, ...] = ()
    directories: tuple[Directory, ...] = ()
    damage: tuple[str, ...] = ()
    """What is wrong, in a few words each; empty for a sound structure."""

    def raw(self, entry: Entry, limit: int = 1 << 20) -> bytes:
        """Return an entry's bytes, the first `limit` at most."""
        return bytes(self.data[entry.start : entry.start + min(entry.size, limit)])

    def values(self, entry: Entry) -> tuple[Value, ...]:
        """Return an entry's values as numbers, the first few thousand at most."""
        size, code = TYPES[entry.type]
        raw = self.raw(entry, size * _MAX_VALUES)
        numbers = struct.unpack(f"{self.order}{code * (len(raw) // size)}", raw)
        if entry.type in RATIONALS:
            return tuple(zip(numbers[::2], numbers[1::2], strict=True))
        return numbers


def walk(data: Data) -> Walk:
    """Walk a whole structure: the chain IFD0, IFD1, ... with Exif, GPS, Interop and SubIFDs.

    Directories below IFD0 are named "Exif", "GPS", "Interop", "SubIFD0"; those of later pages
    have the page in front, "IFD1 GPS". Offsets count from the start of `data`.
    """
    return _Walker(data).run()


class Layout(msgspec.Struct, frozen=True):
    """How wide the fields are, as `struct` has it: classic TIFF, or BigTIFF."""

    count: str
    """The number of a directory's entries."""
    entry: str
    """An entry's tag, type and count; its value, or the offset of that, follows."""
    offset: str
    first: int
    """Where the header keeps the offset of IFD0."""


CLASSIC = Layout("H", "HHI", "I", 4)
BIG = Layout("Q", "HHQ", "Q", 8)
HEADERS: dict[bytes, tuple[str, Layout]] = {
    b"II*\x00": ("<", CLASSIC),
    b"MM\x00*": (">", CLASSIC),
    b"II+\x00": ("<", BIG),
    b"MM\x00+": (">", BIG),
}
"""How a structure begins -> byte order and layout."""


class _Walker:
    """The state of one walk."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.end = len(data)
        self.order, self.layout = HEADERS.get(bytes(data[:4]), ("", CLASSIC))
        self.entries: list[Entry] = []
        self.directories: list[Directory] = []
        self.damage: dict[str, None] = {}
        self.seen: set[int] = set()

    def run(self) -> Walk:
        if not self.order:
            self.hurt("no TIFF header")
        else:
            self.chain()
        return Walk(
            data=self.data,
            order=self.order,
            entries=tuple(self.entries),
            directories=tuple(self.directories),
            damage=tuple(self.damage),
        )

    def hurt(self, what: str) -> None:
        if len(self.damage) < _MAX_DAMAGE:
            self.damage[what] = None

    def number(self, code: str, at: int) -> int | None:
        if at < 0 or at + struct.calcsize("=" + code) > self.end:
            return None
        (value,) = struct.unpack_from(self.order + code, self.data, at)
        return int(value)

    def chain(self) -> None:
        start = self.number(self.layout.offset, self.layout.first)
        page = 0
        if not start:
            self.hurt("no first directory")
        while start:
            start = self.directory(f"IFD{page}", start, page_name="" if page == 0 else f"IFD{page}")
            page += 1

    def directory(self, ifd: str, start: int, page_name: str) -> int | None:
        """Read one directory and those below it; return the offset of the next of its chain."""
        if start in self.seen:
            self.hurt(f"{ifd} stands where another directory stands")
            return None
        if len(self.seen) >= MAX_DIRECTORIES:
            self.hurt("too many directories")
            return None
        self.seen.add(start)
        count = self.number(self.layout.count, start)
        if count is None:
            self.hurt(f"{ifd} lies outside the block")
            return None
        wide = struct.calcsize("=" + self.layout.entry + self.layout.offset)
        first = start + struct.calcsize("=" + self.layout.count)
        room = (self.end - first) // wide
        if count > room:
            self.hurt(f"{ifd} is cut short")
        last = first + wide * min(count, room)
        below: list[tuple[str, int]] = []
        for at in range(first, last, wide):
            if len(self.entries) >= MAX_ENTRIES:
                self.hurt("too many entries")
                return None
            entry = self.entry(ifd, at)
            if entry is not None:
                self.entries.append(entry)
                if len(below) < MAX_DIRECTORIES:
                    below.extend(self.pointed(entry, page_name))
        following = self.number(self.layout.offset, last) if count <= room else None
        links = 0 if following is None else struct.calcsize("=" + self.layout.offset)
        self.directories.append(Directory(ifd, start, last + links))
        for name, offset in below:
            self.directory(name, offset, page_name)
        if following is None and count <= room and ifd.startswith("IFD"):
            self.hurt(f"{ifd} has no link")
        return following

    def entry(self, ifd: str, at: int) -> Entry | None:
        tag, kind, count = struct.unpack_from(self.order + self.layout.entry, self.data, at)
        if kind not in TYPES:
            self.hurt(f"{ifd} has a tag of an unknown type")
            return None
        size = count * TYPES[kind][0]
        start = at + struct.calcsize("=" + self.layout.entry)
        if size > struct.calcsize("=" + self.layout.offset):
            start = self.number(self.layout.offset, start) or 0
        if start < self.layout.first or start + size > self.end:
            self.hurt(f"{ifd} has a value outside the block")
            return None
        return Entry(ifd, tag, kind, count, start, size)

    def pointed(self, entry: Entry, page_name: str) -> Iterator[tuple[str, int]]:
        """Yield the directories that an entry points to, each with its offset."""
        parent = entry.ifd.removeprefix(page_name).strip()
        if parent.startswith("IFD"):
            parent = ""
        prefix = f"{page_name} " if page_name else ""
        if name := _POINTERS.get((parent, entry.tag)):
            offsets = self.offsets(entry)[:1]
            names = [prefix + name]
        elif parent == "" and entry.tag == SUB_IFDS:
            offsets = self.offsets(entry)
            names = [f"{prefix}SubIFD{n}" for n in range(len(offsets))]
        else:
            return
        if not offsets:
            self.hurt(f"{entry.ifd} points nowhere")
        yield from zip(names, offsets, strict=True) if offsets else ()

    def offsets(self, entry: Entry) -> list[int]:
        code = TYPES[entry.type][1]
        if code not in ("I", "Q", "H"):
            return []
        count = min(entry.count, MAX_DIRECTORIES)
        return list(struct.unpack_from(f"{self.order}{count}{code}", self.data, entry.start))
