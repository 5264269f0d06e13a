"""Write the boxes of a clean picture file: always the same ones, in the same order.

Source: ISO/IEC 14496-12:2022 sections 4.3 and 8.11; ISO/IEC 23008-12:2022 section 9.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from unexposed.formats._boxes import make_box, make_full, make_header
from unexposed.formats.heif._meta import IN_FILE
from unexposed.formats.heif._picture import Picture

Place = tuple[int, int]
"""Offset and length in bytes of what an item keeps in one place."""

_NARROW_INDEX: Final = 0x7F


def make_meta(picture: Picture, places: Sequence[Sequence[Place]], wide: int, inside: int) -> bytes:
    """Return a 'meta' box up to where the bytes begin that it holds itself, of which it has `inside`.

    `places` are those of each item; each number in them is written with `wide` bytes.
    """
    body = b"".join(
        (
            bytes(4),
            make_full(b"hdlr", 0, 0, bytes(4), b"pict", bytes(13)),
            make_full(b"pitm", 0, 0, picture.primary.to_bytes(2)),
            _make_places(picture, places, wide),
            _make_items(picture),
            _make_references(picture),
            _make_properties(picture),
            make_header(b"idat", inside) if inside else b"",
        )
    )
    return make_header(b"meta", len(body) + inside) + body


def _make_places(picture: Picture, places: Sequence[Sequence[Place]], wide: int) -> bytes:
    """Return the 'iloc' box; one without construction methods where all is in the file itself."""
    rows = []
    version = int(any(item.construction != IN_FILE for item in picture.items))
    for number, (item, those) in enumerate(zip(picture.items, places, strict=True), 1):
        if those:
            method = item.construction.to_bytes(2) if version else b""
            extents = (at.to_bytes(wide) + length.to_bytes(wide) for at, length in those)
            rows.append(
                number.to_bytes(2) + method + bytes(2) + len(those).to_bytes(2) + b"".join(extents)
            )
    sizes = bytes([wide << 4 | wide, 0])
    return make_full(b"iloc", version, 0, sizes, len(rows).to_bytes(2), *rows)


def _make_items(picture: Picture) -> bytes:
    rows = (
        make_full(
            b"infe",
            2,
            int(item.hidden),
            number.to_bytes(2) + bytes(2),
            item.kind + b"\0",
            item.content + b"\0" if item.content else b"",
        )
        for number, item in enumerate(picture.items, 1)
    )
    return make_full(b"iinf", 0, 0, len(picture.items).to_bytes(2), *rows)


def _make_references(picture: Picture) -> bytes:
    rows = (
        make_box(
            one.kind,
            one.source.to_bytes(2),
            len(one.targets).to_bytes(2),
            *(target.to_bytes(2) for target in one.targets),
        )
        for one in picture.references
    )
    return make_full(b"iref", 0, 0, *rows) if picture.references else b""


def _make_properties(picture: Picture) -> bytes:
    wide = 2 if len(picture.properties) > _NARROW_INDEX else 1
    essential = 1 << 8 * wide - 1
    rows = []
    for number, item in enumerate(picture.items, 1):
        if item.properties:
            entries = (one.index + 1 | essential * one.essential for one in item.properties)
            rows.append(
                number.to_bytes(2)
                + bytes([len(item.properties)])
                + b"".join(entry.to_bytes(wide) for entry in entries)
            )
    return make_box(
        b"iprp",
        make_box(b"ipco", *picture.properties),
        make_full(b"ipma", 0, wide - 1, len(rows).to_bytes(4), *rows),
    )
