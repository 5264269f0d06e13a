"""Exif blocks made of what makers keep in forms of their own, so that one reader knows what it tells.

Source: TIFF 6.0 section 2; CIPA DC-008 (Exif 2.32) 4.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from unexposed.metadata.tiff import HEADERS, TYPES

EXIF: Final = 0x8769
GPS: Final = 0x8825
NOTE: Final = 0x927C
TEXT, RATIONAL, UNDEFINED = 2, 5, 7

_LONG: Final = 4
_MOST: Final = 500
"""Tags of a directory at most."""
MOST_BYTES: Final = 64 << 10
"""Bytes of a value at most; what is more is left out."""
_BEGINNINGS: Final = {"<": b"II*\0", ">": b"MM\0*"}
_HEADER: Final = 8


class Tag(NamedTuple):
    """One tag; its value's bytes are in the byte order of the block that is to be made."""

    number: int
    type: int
    value: bytes


def made(
    order: str, main: Iterable[Tag] = (), exif: Iterable[Tag] = (), gps: Iterable[Tag] = ()
) -> bytes:
    """Return a block with these directories; b"" where all of them are empty."""
    tags = _usable(main)
    behind = b""
    at = _HEADER
    for pointer, inner in ((EXIF, exif), (GPS, gps)):
        if usable := _usable(inner):
            behind += directory(order, usable, at)
            tags.append(Tag(pointer, _LONG, struct.pack(f"{order}I", at)))
            at = _HEADER + len(behind)
    if not tags:
        return b""
    head = _BEGINNINGS[order] + struct.pack(f"{order}I", at)
    return head + behind + directory(order, tags, at)


def directory(order: str, tags: Sequence[Tag], start: int) -> bytes:
    """Return a directory that begins at `start`, with its values behind it and none to follow."""
    head = struct.pack(f"{order}H", len(tags))
    after = start + 2 + 12 * len(tags) + 4
    behind = b""
    for number, kind, value in sorted(tags):
        head += struct.pack(f"{order}HHI", number, kind, len(value) // TYPES[kind][0])
        if len(value) <= 4:
            head += value.ljust(4, b"\0")
        else:
            head += struct.pack(f"{order}I", after + len(behind))
            behind += value
    return head + bytes(4) + behind


def listed(data: bytes, at: int, base: int, order: str) -> Iterator[Tag]:
    """Yield the tags of a directory that stands alone at `at`; its offsets count from `base`."""
    (count,) = struct.unpack_from(f"{order}H", data, at) if len(data) >= at + 2 else (0,)
    for entry in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
        number, kind, many, offset = struct.unpack_from(f"{order}HHII", data, entry)
        size = TYPES.get(kind, (0, ""))[0] * many
        place = entry + 8 if size <= 4 else base + offset
        if 0 < size <= MOST_BYTES and place + size <= len(data):
            yield Tag(number, kind, data[place : place + size])


def below(data: bytes, pointer: int) -> bytes:
    """Return a TIFF structure whose main directory is brought to where `pointer` leads.

    As it is where it is none.
    """
    if data[:4] not in _BEGINNINGS.values():
        return data
    order, _ = HEADERS[data[:4]]
    main = directory(order, [Tag(pointer, _LONG, data[4:8])], len(data))
    return data[:4] + struct.pack(f"{order}I", len(data)) + data[8:] + main


def _usable(tags: Iterable[Tag]) -> list[Tag]:
    found = []
    for tag in tags:
        size = TYPES.get(tag.type, (0, ""))[0]
        if size and 0 < len(tag.value) <= MOST_BYTES and len(tag.value) % size == 0:
            found.append(tag._replace(number=tag.number & 0xFFFF))
        if len(found) == _MOST:
            break
    return found
