"""The metadata of a JPEG for the readers, what is spread over several segments joined.

Sources: XMP Specification Part 3 section 1.1.3 (extended XMP); ISO 19566-5 annex D (JUMBF
boxes in APP11); JFIF 1.02 (densities and thumbnails).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from unexposed.formats._leftover import GLIMPSE, WHERE, telling
from unexposed.formats._supply import Supply
from unexposed.formats.jpeg import _encoder as encoder
from unexposed.formats.jpeg import _segments as names
from unexposed.formats.jpeg import _tables as tables
from unexposed.formats.jpeg._trailer import LABELS
from unexposed.formats.jpeg._walk import DQT, HEADER
from unexposed.formats.parts import Buffer, Part, Role
from unexposed.metadata.block import MAX_PAYLOAD, Block
from unexposed.metadata.legible import legible

_JPEG_IN_JFXX: Final = 0x10
_GUID: Final = 32
_EXTENDED_HEADER: Final = len(names.EXTENDED_XMP_START) + _GUID + 8
_JUMBF_HEADER: Final = 8
"""Identifier, number of the box and number of the packet; the box's length and type follow."""
_FLIR: Final = b"FLIR\0"
_FLIR_HEADER: Final = 8
"""Identifier, version, number of the segment, and number of the last."""
_UNITS: Final = {1: "inch", 2: "centimetre"}
_LABEL: Final = 24

_ALONE: Final[dict[str, tuple[str, int, str, str]]] = {
    names.EXIF: ("exif", len(names.EXIF_START), "EXIF", ""),
    names.XMP: ("xmp", len(names.XMP_START), "XMP", ""),
    names.MPF: ("mpf", len(names.MPF_START), "MPF", ""),
    names.COMMENT: ("comment", 0, "JPEG comment", ""),
    names.JFXX: ("thumbnail", 6, "JFXX thumbnail", "JFXX"),
}
"""Part -> its language, where the payload begins in the body, its place, and its label."""


def blocks(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Hand out the metadata of a dissected JPEG, and the encoder's fingerprint if it has one."""
    supply = Supply(buffer)
    found: list[Block] = []
    spread: dict[str, list[Part]] = {}
    made: dict[int, bytes] = {}
    for index, part in enumerate(parts):
        if part.allowed:
            continue
        if part.name in _JOINED:
            spread.setdefault(part.name, []).append(part)
        elif part.role is Role.STRUCTURE:
            made = made or tables.written(buffer, parts)
            unused = part.size - len(made[index]) if index in made else 0
            found += _structure(supply, part, unused)
        else:
            found.append(_single(supply, part))
    for name, pieces in spread.items():
        bodies = [supply.take(part.start + HEADER, part.end) for part in pieces]
        found += _JOINED[name](bodies, sum(part.size for part in pieces))
    return _with_flir_joined(found) + _fingerprint(buffer, parts)


def _with_flir_joined(found: list[Block]) -> list[Block]:
    """Put FLIR's data together, which is spread over segments with a number in each."""
    pieces = [one for one in found if one.payload.startswith(_FLIR) and one.language == "segment"]
    if not pieces:
        return found
    payload = b"".join(one.payload[_FLIR_HEADER:] for one in pieces)
    whole = Block("flir", payload, pieces[0].where, sum(one.size for one in pieces))
    return [one for one in found if one not in pieces] + [whole]


def _single(supply: Supply, part: Part) -> Block:
    """Return what one part holds that does not stay."""
    body = part.start + HEADER
    if part.role is Role.TRAILER:
        start, end, label = telling(supply.buffer, part)
        label = LABELS[part.name] or label
        return Block("trailer", supply.take(start, end), WHERE, part.size, label)
    if part.role is Role.UNKNOWN:
        return _unknown(supply, part)
    if part.name == names.JFIF_THUMBNAIL:
        payload = supply.take(part.start, part.end)
        return Block("thumbnail", payload, part.name, part.size, names.JFIF)
    if part.name in _ALONE:
        language, offset, where, label = _ALONE[part.name]
        payload = supply.take(min(body + offset, part.end), part.end)
        return Block(language, payload, where, part.size, label)
    number = supply.buffer[part.start + 1] - names.APP0
    return _segment(supply.take(body, part.end), f"APP{number}", part.size)


def _segment(payload: bytes, where: str, size: int) -> Block:
    """Return a segment in no language, labelled with the name that it begins with."""
    name = legible(payload[:_LABEL].split(b"\0", 1)[0])
    label = f"{where} {name}" if name.isprintable() and name.isascii() and name else where
    return Block("segment", payload, where, size, label)


def _unknown(supply: Supply, part: Part) -> Block:
    payload = supply.take(part.start, min(part.end, part.start + GLIMPSE))
    where = "outside of segments" if part.name == names.STRAY else part.name
    return Block("unknown", payload, where, part.size, part.name)


def _structure(supply: Supply, part: Part, unused: int) -> list[Block]:
    """Return what a segment tells that is made plain: a density, or `unused` bytes of tables."""
    if part.name == names.JFIF:
        unit, *density = supply.buffer[part.start + HEADER + 7 : part.start + HEADER + 12]
        across, down = int.from_bytes(density[:2]), int.from_bytes(density[2:])
        if unit not in _UNITS:
            return []
        payload = f"{across} by {down} pixels per {_UNITS[unit]}".encode()
        return [Block("density", payload, names.JFIF, part.size)]
    if unused > 0:
        payload = supply.take(part.start, part.end)
        return [Block("unknown", payload, f"{part.name} table{names.UNUSED}", unused, part.name)]
    return []


def _icc(bodies: list[bytes], size: int) -> list[Block]:
    start = len(names.ICC_START)
    ordered = sorted(bodies, key=lambda body: body[start : start + 1])
    payload = b"".join(body[start + 2 :] for body in ordered)
    return [Block("icc", payload[:MAX_PAYLOAD], names.ICC, size)]


def _photoshop(bodies: list[bytes], size: int) -> list[Block]:
    payload = b"".join(body[len(names.PHOTOSHOP_START) :] for body in bodies)
    return [Block("photoshop", payload[:MAX_PAYLOAD], names.PHOTOSHOP, size)]


def _extended_xmp(bodies: list[bytes], size: int) -> list[Block]:
    """Join the pieces of each packet, which its digest names, by their offsets."""
    packets: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for body in bodies:
        begin = len(names.EXTENDED_XMP_START)
        guid, offset = body[begin : begin + _GUID], body[_EXTENDED_HEADER - 4 : _EXTENDED_HEADER]
        packets.setdefault(guid, []).append((offset, body[_EXTENDED_HEADER:]))
    found = []
    for pieces in packets.values():
        payload = b"".join(piece for _, piece in sorted(pieces))[:MAX_PAYLOAD]
        share = size if len(packets) == 1 else len(payload)
        found.append(Block("xmp", payload, names.XMP, share, "extended"))
    return found


def _jumbf(bodies: list[bytes], size: int) -> list[Block]:
    """Join the packets of each box; all but a box's first repeat its length and type."""
    boxes: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for body in bodies:
        boxes.setdefault(body[2:4], []).append((body[4:8], body))
    joined = []
    for packets in boxes.values():
        first, *others = (body for _, body in sorted(packets))
        extended = first[_JUMBF_HEADER : _JUMBF_HEADER + 4] == b"\0\0\0\1"
        repeated = _JUMBF_HEADER + (16 if extended else 8)
        joined += [first[_JUMBF_HEADER:], *(body[repeated:] for body in others)]
    payload = b"".join(joined)[:MAX_PAYLOAD]
    if b"c2pa" in payload[:256]:
        return [Block("c2pa", payload, names.JUMBF, size)]
    return [Block("segment", payload, "APP11", size, "APP11 JUMBF")]


_JOINED: Final[dict[str, Callable[[list[bytes], int], list[Block]]]] = {
    names.ICC: _icc,
    names.PHOTOSHOP: _photoshop,
    names.EXTENDED_XMP: _extended_xmp,
    names.JUMBF: _jumbf,
}


def _fingerprint(buffer: Buffer, parts: Sequence[Part]) -> list[Block]:
    """Return the quantisation tables, unless nearly every program has the same."""
    bodies = [
        buffer[part.start + HEADER : part.end]
        for part in parts
        if part.role is Role.STRUCTURE and buffer[part.start + 1] == DQT
    ]
    found = [table for body in bodies for table in tables.quantisation_tables(body)]
    if encoder.is_standard(set(found)):
        return []
    payload = b"".join(bodies)[:MAX_PAYLOAD]
    label = encoder.sampling(tables.frame_of(buffer, parts))
    return [Block("encoder", payload, "quantisation tables", len(payload), label)]
