"""Films read box by box, without the daemon's own code."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_BASE, _OFFSET, _SIZES = 0x1, 0x1, 0x200
"""Flags of a fragment's header, and of its runs."""


def told(data: bytes) -> dict[int, list[bytes]]:
    """The samples of each track by its fragments, where these say everything, as clean copies do."""
    found: dict[int, list[bytes]] = {}
    at = 0
    for kind, payload in boxes(data):
        for portion in inside(payload, b"traf") if kind == b"moof" else ():
            header = inside_one(portion, b"tfhd")
            flags, number = struct.unpack_from(">II", header)
            (base,) = struct.unpack_from(">Q", header, 8) if flags & _BASE else (at,)
            for run in inside(portion, b"trun"):
                flags, count, offset = struct.unpack_from(">IIi", run)
                assert flags == _OFFSET | _SIZES
                place = base + offset
                for size in numbers(run[12 : 12 + 4 * count]):
                    found.setdefault(number, []).append(data[place : place + size])
                    place += size
        at += 8 + len(payload)
    return found


def samples(data: bytes, start: int = 0) -> dict[int, list[bytes]]:
    """The samples of each track by its tables, read without the daemon's own code."""
    found = {}
    for track in inside(inside_one(data, b"moov"), b"trak"):
        (number,) = struct.unpack_from(">I", inside_one(track, b"tkhd"), 12)
        table = track
        for kind in (b"mdia", b"minf", b"stbl"):
            table = inside_one(table, kind)
        found[number] = list(_cut(data, table))
    return found


def _cut(data: bytes, table: bytes) -> Iterator[bytes]:
    shared, count = struct.unpack_from(">II", inside_one(table, b"stsz"), 4)
    sizes = [shared] * count if shared else numbers(inside_one(table, b"stsz")[12:])
    wide = bool(inside(table, b"co64"))
    places = numbers(inside_one(table, b"co64" if wide else b"stco")[8:], "Q" if wide else "I")
    rows = numbers(inside_one(table, b"stsc")[8:])
    spread = dict(zip(rows[0::3], rows[1::3], strict=True))
    left = iter(sizes)
    each = 0
    for chunk, at in enumerate(places, 1):
        each = spread.get(chunk, each)
        for _ in range(each):
            size = next(left)
            yield data[at : at + size]
            at += size
    assert next(left, None) is None


def numbers(data: bytes, form: str = "I") -> list[int]:
    return [one for (one,) in struct.iter_unpack(f">{form}", data)]


def inside(data: bytes, kind: bytes) -> list[bytes]:
    """The payloads of the boxes of a kind."""
    return [payload for one, payload in boxes(data) if one == kind]


def inside_one(data: bytes, kind: bytes) -> bytes:
    (payload,) = inside(data, kind)
    return payload


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while len(data) - at >= 8:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        size = size or len(data) - at
        yield kind, data[at + head : at + size]
        at += size
