"""The table behind a colour profile's header: which tags it has, and where their elements stand.

Source: ICC.1:2022 section 7.3.
"""

from __future__ import annotations

import struct

import msgspec

TABLE = 132
"""Where the table's first entry stands, in bytes: behind the header and the number of entries."""

MAX_TAGS = 100
"""Entries that are read at most."""

ENTRY = struct.Struct(">4sII")
"""A tag, and where its element stands and how large it is, in bytes."""

_HEADER = 128


class Tag(msgspec.Struct, frozen=True, gc=False):
    """A tag, and the span [start, end) of its element, in bytes; it may reach beyond the profile."""

    name: bytes
    start: int
    end: int


class Table(msgspec.Struct, frozen=True):
    """The first `MAX_TAGS` tags, as far as the profile has them.

    `count` is how many it says that there are, and `end` where the table ends by that, in bytes.
    """

    tags: tuple[Tag, ...]
    count: int
    end: int


def table_of(profile: bytes) -> Table:
    """Read the table of a profile of `TABLE` bytes or more."""
    count = int.from_bytes(profile[_HEADER:TABLE])
    there = min(count, MAX_TAGS, (len(profile) - TABLE) // ENTRY.size)
    entries = profile[TABLE : TABLE + there * ENTRY.size]
    tags = (Tag(name, start, start + size) for name, start, size in ENTRY.iter_unpack(entries))
    return Table(tuple(tags), count, TABLE + count * ENTRY.size)
