"""JPEG: JFIF, Exif and MPO files, baseline, progressive, lossless and arithmetic-coded.

Sources: ITU-T T.81; JFIF 1.02; CIPA DC-008 (Exif 2.32) section 4.7; CIPA DC-007 (MPO);
ICC.1:2022 annex B.4. What decoders make of the colours follows libjpeg's
default_decompress_parms (jdapimin.c), which can go by the components' ids: they stay. So does
what only decoding could tell from the picture: bytes behind the last code of a scan or of a
restart interval and before the next marker, the bits that fill the last byte there, and
symbols of a Huffman table that the scan never uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from unexposed.formats._tiling import Tiling
from unexposed.formats.jpeg import _segments as names
from unexposed.formats.jpeg import _tables as tables
from unexposed.formats.jpeg import _trailer
from unexposed.formats.jpeg import _walk as markers
from unexposed.formats.jpeg._blocks import blocks
from unexposed.formats.jpeg._places import PLACES
from unexposed.formats.jpeg._surplus import comes_in_lines, with_more_lines, without_its_end
from unexposed.formats.jpeg._walk import HEADER, Piece, walk
from unexposed.formats.parts import (
    KEPT_ROLES,
    NOTHING,
    Buffer,
    Followed,
    Keep,
    Part,
    Plan,
    Put,
    Role,
    coalesce,
)
from unexposed.metadata import exif, icc

__all__ = [
    "EXTENSIONS",
    "NAME",
    "PILLOW",
    "PLACES",
    "annotate",
    "blocks",
    "comes_in_lines",
    "dissect",
    "rebuild",
    "sniff",
    "with_more_lines",
    "without_its_end",
]

NAME = "jpeg"
PILLOW = ("JPEG", "MPO")
EXTENSIONS = (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo")

_EOI = b"\xff\xd9"
_JFIF_BODY = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
"""Version 1.01, no unit, square pixels, no thumbnail."""
_PLAIN_JFIF = tables.segment(names.APP0, _JFIF_BODY)

_ICC_SERIAL = len(names.ICC_START)
_ICC_HEADER = _ICC_SERIAL + 2
_ICC_CHUNK = 65_533 - _ICC_HEADER

_HEAD = (names.JFIF, names.EXIF, names.ICC)
"""What stands first in a clean copy, in this order; the rest stays in the file's."""
_REST = len(_HEAD)


def sniff(head: bytes) -> bool:
    """Tell whether the bytes begin a JPEG."""
    return head[:3] == b"\xff\xd8\xff"


def dissect(buffer: Buffer, followed: Followed = NOTHING, /) -> list[Part]:
    """Divide a JPEG into its segments, its scans, and what stands between and behind them.

    Raises Malformed where libjpeg would take no picture from the file.
    """
    parts = _divided(buffer, followed)
    replaced = _replaced(buffer, parts)
    for index, part in enumerate(parts):
        made = replaced.get(index)
        if made == b"" and part.role is Role.STRUCTURE:
            parts[index] = Part(part.start, part.end, Role.UNKNOWN, part.name + names.UNUSED)
        elif made is not None:
            parts[index] = msgspec.structs.replace(part, plain=False)
    head = _head(buffer, parts)
    in_place = _in_place(buffer, parts, head)
    for index, part in enumerate(parts):
        if _slot(part) < _REST and not head[part.name]:
            parts[index] = msgspec.structs.replace(part, role=Role.METADATA)
        elif _slot(part) < _REST and index not in in_place:
            parts[index] = msgspec.structs.replace(part, plain=False)
    return parts


def rebuild(buffer: Buffer, parts: Sequence[Part]) -> Plan:
    """Plan the clean copy: JFIF, orientation and profile made plain, then the picture."""
    replaced = _replaced(buffer, parts)
    kept: dict[str, list[Keep]] = {name: [] for name in _HEAD}
    rest: Plan = []
    for index, part in enumerate(parts):
        if _slot(part) < _REST:
            if part.plain:
                kept[part.name].append(Keep(part.start, part.end))
        elif part.allowed:
            rest.append(Keep(part.start, part.end))
        elif part.role in KEPT_ROLES:
            rest.append(Put(replaced[index]))
    plan = rest[:1]
    for name, wanted in _head(buffer, parts).items():
        plan += kept[name] or [Put(data) for data in wanted]
    plan += rest[1:]
    if not any(part.name == "EOI" for part in parts):
        plan.append(Put(_EOI))
    return coalesce(plan)


def annotate(buffer: Buffer, parts: Sequence[Part], packet: bytes) -> Plan:
    """Plan the copy with an XMP packet behind what stands first in it."""
    at = next(part.start for part in parts[1:] if _slot(part) == _REST)
    note = tables.segment(names.APP1, names.XMP_START + packet)
    return [Keep(0, at), Put(note), Keep(at, len(buffer))]


def _divided(buffer: Buffer, followed: Followed) -> list[Part]:
    """Divide the file; whether a part is plain is left open."""
    pieces = walk(buffer, followed=followed)
    first_scan = next(n for n, piece in enumerate(pieces) if piece.code == markers.SOS)
    honoured = _honoured(buffer, pieces[:first_scan])
    lines = next((piece.start for piece in pieces[first_scan:] if _counts_lines(piece)), 0)
    tiling = Tiling()
    for piece in pieces:
        code, start, end = piece.code, piece.start, piece.end
        if code == markers.SCAN:
            tiling.add(end, Role.PICTURE, names.SCAN)
        elif code == markers.STRAY:
            tiling.add(end, Role.UNKNOWN, names.STRAY)
        elif code in (markers.SOI, markers.EOI):
            tiling.add(end, Role.STRUCTURE, names.name_of(code, b""))
        elif code == markers.DNL and start != lines:
            tiling.add(end, Role.UNKNOWN, "DNL out of place")
        elif code in tables.STRUCTURAL:
            tables.add(tiling, buffer, piece)
        else:
            _add_other(tiling, buffer, piece, honoured.get(start, ""))
    if pieces[-1].code == markers.EOI:
        for end, name in _trailer.split(buffer, tiling.position):
            tiling.add(end, Role.TRAILER, name)
    return tiling.parts


def _honoured(buffer: Buffer, pieces: Iterable[Piece]) -> dict[int, str]:
    """Return the names of the segments before the first scan that decoders heed, by their starts.

    Of several JFIF segments any will do, of Exif the first counts, of Adobe the last.
    """
    found: dict[str, int] = {}
    profile: list[Piece] = []
    for piece in pieces:
        name = names.name_of(piece.code, _start_of(buffer, piece))
        size = piece.end - piece.start - HEADER
        if name == names.JFIF and size >= len(_JFIF_BODY):
            found.setdefault(name, piece.start)
        elif name == names.ADOBE and size >= tables.ADOBE_SIZE:
            found[name] = piece.start
        elif name == names.EXIF and _start_of(buffer, piece).startswith(names.EXIF_START):
            found.setdefault(name, piece.start)
        elif name == names.ICC and size >= _ICC_HEADER:
            profile.append(piece)
    starts = {start: name for name, start in found.items()}
    if _sequence(buffer, profile):
        starts |= {piece.start: names.ICC for piece in profile}
    return starts


def _counts_lines(piece: Piece) -> bool:
    return piece.code == markers.DNL and piece.end - piece.start >= HEADER + 2


def _start_of(buffer: Buffer, piece: Piece | Part) -> bytes:
    """Return as much of a segment's body as tells what it is."""
    start = piece.start + HEADER
    return buffer[start : min(piece.end, start + names.LONGEST_START)]


def _add_other(tiling: Tiling, buffer: Buffer, piece: Piece, honoured: str) -> None:
    """Add a segment that decoders can do without, or `honoured`, one that they heed."""
    body = piece.start + HEADER
    name = names.name_of(piece.code, _start_of(buffer, piece))
    if honoured == names.JFIF:
        across, down = buffer[body + 12 : body + 14]
        tiling.add(body + len(_JFIF_BODY), Role.STRUCTURE, name)
        tiling.add(
            min(piece.end, tiling.position + 3 * across * down),
            Role.THUMBNAIL,
            names.JFIF_THUMBNAIL,
        )
        tiling.add(piece.end, Role.UNKNOWN, names.BEHIND + name)
    elif honoured == names.ADOBE:
        tiling.add(body + tables.ADOBE_SIZE, Role.STRUCTURE, name)
        tiling.add(piece.end, Role.UNKNOWN, names.BEHIND + name)
    elif honoured == names.EXIF:
        made = _oriented(buffer[body : piece.end])
        same = made == [buffer[piece.start : piece.end]]
        tiling.add(piece.end, Role.ORIENTATION if same else Role.METADATA, name)
    elif honoured == names.ICC:
        tiling.add(piece.end, Role.COLOUR, name)
    elif name == names.JFXX:
        tiling.add(piece.end, Role.THUMBNAIL, name)
    else:
        tiling.add(piece.end, Role.METADATA, name)


def _slot(part: Part) -> int:
    """Return which place at the head of a clean copy a part is for, `_REST` for none."""
    if part.role in KEPT_ROLES and part.name in _HEAD:
        return _HEAD.index(part.name)
    return _REST


def _head(buffer: Buffer, parts: Sequence[Part]) -> dict[str, list[bytes]]:
    """Return the segments that stand first in the clean copy, by name and in order."""
    before = [part for part in parts[: _first_scan(parts)] if part.name in _HEAD]
    jfif = any(_slot(part) == 0 for part in before)
    oriented = next(
        (
            _oriented(buffer[part.start + HEADER : part.end])
            for part in before
            if part.name == names.EXIF and _start_of(buffer, part).startswith(names.EXIF_START)
        ),
        [],
    )
    profile = [part for part in before if part.role is Role.COLOUR]
    return {
        names.JFIF: [_PLAIN_JFIF] if jfif else [],
        names.EXIF: oriented,
        names.ICC: _profile(buffer, profile),
    }


def _first_scan(parts: Sequence[Part]) -> int:
    return next(index for index, part in enumerate(parts) if part.name == "SOS")


def _oriented(body: bytes) -> list[bytes]:
    """Return a segment with the orientation alone that an Exif segment's body tells, if any."""
    number = exif.orientation(body[len(names.EXIF_START) :])
    if number == 1:
        return []
    return [tables.segment(names.APP1, names.EXIF_START + exif.plain_orientation(number))]


def _sequence(buffer: Buffer, pieces: Sequence[Piece | Part]) -> list[tuple[int, int]]:
    """Return from where to where the chunks of a profile stand, in order.

    None at all unless every number of the sequence is there exactly once, as in libjpeg's
    jpeg_read_icc_profile.
    """
    found: dict[int, tuple[int, int]] = {}
    count = len(pieces)
    for piece in pieces:
        serial = piece.start + HEADER + _ICC_SERIAL
        number, total = buffer[serial : serial + 2]
        if total != count or not 1 <= number <= count or number in found:
            return []
        found[number] = serial + 2, piece.end
    return [found[number] for number in sorted(found)]


def _profile(buffer: Buffer, parts: Sequence[Part]) -> list[bytes]:
    """Return the segments of the profile made plain, none for one that cannot be used."""
    spans = _sequence(buffer, parts)
    if sum(end - start for start, end in spans) > icc.MAX_PROFILE:
        return []
    profile = icc.plain(b"".join(buffer[start:end] for start, end in spans))
    if not profile:
        return []
    chunks = [profile[at : at + _ICC_CHUNK] for at in range(0, len(profile), _ICC_CHUNK)]
    return [
        tables.segment(names.APP2, names.ICC_START + bytes((number, len(chunks))) + chunk)
        for number, chunk in enumerate(chunks, 1)
    ]


def _in_place(
    buffer: Buffer, parts: Sequence[Part], head: dict[str, list[bytes]]
) -> frozenset[int]:
    """Return the indices of the parts at the head that stand as they do in a clean copy."""
    placed: dict[str, list[int]] = {name: [] for name in _HEAD}
    stage = 0
    for index, part in enumerate(parts):
        slot = _slot(part)
        if slot == _REST and part.role in KEPT_ROLES and part.name != "SOI":
            break
        if slot == _REST or slot < stage:
            continue
        so_far, wanted = placed[part.name], head[part.name]
        if len(so_far) < len(wanted) and buffer[part.start : part.end] == wanted[len(so_far)]:
            so_far.append(index)
            stage = slot
    whole = (found for name, found in placed.items() if len(found) == len(head[name]))
    return frozenset(index for found in whole for index in found)


def _replaced(buffer: Buffer, parts: Sequence[Part]) -> dict[int, bytes]:
    """Return by index what is to stand for parts whose own bytes do not; b"" for nothing."""
    made = tables.written(buffer, parts)
    for index, part in enumerate(parts):
        if part.name == names.ADOBE and part.role is Role.STRUCTURE:
            frame = tables.frame_of(buffer, parts)
            made[index] = tables.plain_adobe(buffer[part.end - 1], frame)
    return {
        index: data
        for index, data in made.items()
        if data != buffer[parts[index].start : parts[index].end]
    }
