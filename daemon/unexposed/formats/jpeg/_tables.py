"""The structure that a JPEG's scans need, to the byte: which tables they use, and no more.

A table that is replaced, or followed by no scan that names it, decides nothing about the
picture: it is a place to hide data in. Source: ITU-T T.81 B.2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._tiling import Tiling
from unexposed.formats.jpeg._headers import (
    FRAMES,
    Frame,
    ScanHeader,
    read_frame,
    read_scan_header,
)
from unexposed.formats.jpeg._segments import APP14, BEHIND, name_of
from unexposed.formats.jpeg._walk import DAC, DHT, DNL, DQT, DRI, HEADER, SOS, Piece
from unexposed.formats.parts import Buffer, Part, Role

Table: TypeAlias = tuple[int, int]
"""The marker that defines a table, and its slot; AC tables stand 16 slots behind DC tables."""
Span: TypeAlias = tuple[Table, int, int]
"""A table, and from where to where in the segment's body it stands."""

ADOBE_SIZE = 12
"""Bytes of an Adobe segment's body: the last one is the transform."""
_ADOBE_BODY = b"Adobe\0\x64" + bytes(4)
"""Version 100 and no flags; the transform follows."""

_AC = 16
_NO_RESTARTS = bytes(2)


def _quantisation(body: bytes) -> Iterator[Span]:
    at = 0
    while at < len(body):
        precision, slot = body[at] >> 4, body[at] & 15
        end = at + 1 + 64 * (1 + precision)
        if precision > 1 or slot > 3 or end > len(body):
            break
        yield (DQT, slot), at, end
        at = end


def _huffman(body: bytes) -> Iterator[Span]:
    at = 0
    while at + 17 <= len(body):
        kind, slot = body[at] >> 4, body[at] & 15
        symbols = sum(body[at + 1 : at + 17])
        end = at + 17 + symbols
        if kind > 1 or slot > 3 or symbols > 256 or end > len(body):
            break
        yield (DHT, kind * _AC + slot), at, end
        at = end


def _conditioning(body: bytes) -> Iterator[Span]:
    for at in range(0, len(body) - 1, 2):
        slot, value = body[at], body[at + 1]
        if slot >= 2 * _AC or (slot < _AC and value & 15 > value >> 4):
            break
        yield (DAC, slot), at, at + 2


def _interval(body: bytes) -> Iterator[Span]:
    if len(body) >= 2:
        yield (DRI, 0), 0, 2


_TABLES: dict[int, Callable[[bytes], Iterator[Span]]] = {
    DQT: _quantisation,
    DHT: _huffman,
    DAC: _conditioning,
    DRI: _interval,
}

STRUCTURAL = frozenset({*FRAMES, *_TABLES, SOS, DNL})
"""The markers of the segments that decoders need."""


def exact_size(code: int, body: bytes) -> int:
    """Return how many bytes of a structural segment's body say something; 0 for none."""
    if code in FRAMES:
        return 6 + 3 * body[5]
    if code == SOS:
        return 4 + 2 * body[0]
    if code == DNL:
        return 2 if len(body) >= 2 else 0
    return max((end for _, _, end in _TABLES[code](body)), default=0)


def quantisation_tables(body: bytes) -> set[bytes]:
    """Return the values of the tables in a DQT's body, as they stand there."""
    return {body[start + 1 : end] for _, start, end in _quantisation(body)}


def segment(code: int, body: bytes) -> bytes:
    """Return a whole segment."""
    return bytes((0xFF, code)) + (len(body) + 2).to_bytes(2) + body


def plain_adobe(transform: int, frame: Frame) -> bytes:
    """Return an Adobe segment that tells the transform alone, as libjpeg understands it."""
    if transform:
        transform = 2 if len(frame.components) == 4 else 1
    return segment(APP14, _ADOBE_BODY + bytes((transform,)))


def add(tiling: Tiling, buffer: Buffer, piece: Piece) -> None:
    """Add a segment that decoders need, and apart from it what they make nothing of."""
    name = name_of(piece.code, b"")
    size = exact_size(piece.code, buffer[piece.start + HEADER : piece.end])
    if size:
        tiling.add(piece.start + HEADER + size, Role.STRUCTURE, name)
        tiling.add(piece.end, Role.UNKNOWN, BEHIND + name)
    else:
        tiling.add(piece.end, Role.UNKNOWN, f"{name} without content")


def frame_of(buffer: Buffer, parts: Sequence[Part]) -> Frame:
    """Return the frame header of a JPEG that was dissected."""
    part = next(part for part in parts if _code(buffer, part) in FRAMES)
    return read_frame(buffer[part.start + 1], _body(buffer, part), part.start)


def written(buffer: Buffer, parts: Sequence[Part], needs: Needs | None = None) -> dict[int, bytes]:
    """Return by its index in `parts` what each structural segment is to be; b"" for nothing.

    Raises Malformed as `needs_of` does.
    """
    needs = needs or needs_of(buffer, parts)
    frame = needs.frame
    made: dict[int, bytes] = {}
    for index, part in enumerate(parts):
        code = _code(buffer, part)
        if index in needs.idle:
            made[index] = segment(code, _NO_RESTARTS)
        elif code in _TABLES:
            made[index] = cut_to(buffer, part, needs.spans[index])
        elif code == SOS:
            scan = read_scan_header(_body(buffer, part), frame, part.start)
            made[index] = segment(code, _plain_scan_header(scan, frame))
        elif code in FRAMES and frame.lossless:
            made[index] = segment(code, _without_quantisation(_body(buffer, part)))
        elif code in STRUCTURAL:
            made[index] = segment(code, _body(buffer, part))
    return made


class Needs(msgspec.Struct, frozen=True):
    """What the scans need of the tables.

    `spans` has by its index in the parts which spans of each table segment's body are used,
    `idle` the indices of restart intervals too long for every scan, `missing` the tables that
    no part defines before they are used.
    """

    frame: Frame
    spans: dict[int, set[tuple[int, int]]]
    idle: set[int]
    defined: set[Table]
    missing: set[Table]


def needs_of(buffer: Buffer, parts: Sequence[Part]) -> Needs:
    """Return what the scans among the parts need of the tables among them.

    Raises Malformed for a quantisation table that changes once it was used: libjpeg goes on with
    the first, other decoders with the second.
    """
    frame = frame_of(buffer, parts)
    needs = Needs(frame, {}, set(), set(), set())
    current: dict[Table, tuple[int, int, int]] = {}
    fixed: dict[Table, bytes] = {}
    restarts: dict[int, int] = {}
    for index, part in enumerate(parts):
        code = _code(buffer, part)
        if code == SOS:
            scan = read_scan_header(_body(buffer, part), frame, part.start)
            for table in _named(scan, frame):
                if table not in current:
                    needs.missing.add(table)
                    continue
                user, start, end = current[table]
                needs.spans[user].add((start, end))
                values = _slice(buffer, parts[user], start, end)
                if table[0] == DRI:
                    count = scan.restarts(frame, int.from_bytes(values))
                    restarts[user] = restarts.get(user, 0) + count
                elif table[0] == DQT and fixed.setdefault(table, values) != values:
                    raise Malformed("a quantisation table changes between scans", part.start)
        elif code in _TABLES:
            needs.spans[index] = set()
            for table, start, end in _TABLES[code](_body(buffer, part)):
                current[table] = index, start, end
    needs.defined.update(current)
    needs.idle.update(index for index, count in restarts.items() if not count)
    return needs


def cut_to(buffer: Buffer, part: Part, spans: Iterable[tuple[int, int]]) -> bytes:
    """Return a table segment with these spans of its body alone, b"" for none."""
    body = b"".join(_slice(buffer, part, start, end) for start, end in sorted(spans))
    return segment(buffer[part.start + 1], body) if body else b""


def _named(scan: ScanHeader, frame: Frame) -> Iterator[Table]:
    """Yield the tables that a scan uses."""
    yield DRI, 0
    entropy = DAC if frame.arithmetic else DHT
    uses_dc, uses_ac = scan.codes(frame)
    for component, (dc, ac) in zip(scan.components, scan.tables, strict=True):
        if not frame.lossless:
            yield DQT, component.table
        if uses_dc:
            yield entropy, dc
        if uses_ac:
            yield entropy, _AC + ac


def _plain_scan_header(scan: ScanHeader, frame: Frame) -> bytes:
    """Return the body of a SOS in which nothing stands but what decoders go by."""
    uses_dc, uses_ac = scan.codes(frame)
    body = bytes((len(scan.components),))
    for component, (dc, ac) in zip(scan.components, scan.tables, strict=True):
        body += bytes((component.number, uses_dc * dc << 4 | uses_ac * ac))
    if frame.progressive or frame.lossless:
        return body + bytes((scan.first, scan.last, scan.high << 4 | scan.low))
    return body + b"\0\x3f\0"


def _without_quantisation(body: bytes) -> bytes:
    """Return the body of a SOFn whose components name no table of DQT."""
    plain = bytearray(body)
    plain[8::3] = bytes(len(plain[8::3]))
    return bytes(plain)


def _code(buffer: Buffer, part: Part) -> int:
    return buffer[part.start + 1] if part.role is Role.STRUCTURE else -1


def _body(buffer: Buffer, part: Part) -> bytes:
    return buffer[part.start + HEADER : part.end]


def _slice(buffer: Buffer, part: Part, start: int, end: int) -> bytes:
    """Return the bytes from `start` to `end` of a segment's body."""
    body = part.start + HEADER
    return buffer[body + start : body + end]
