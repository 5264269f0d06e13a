"""A picture file's own boxes and brands.

Sources: ISO/IEC 14496-12:2022 section 4.3; ISO/IEC 23008-12:2022 section 10 and annexes B, C;
ISO/IEC 23000-22:2019; AV1 Image File Format 1.1 section 6.
"""

from __future__ import annotations

from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats._boxes import HEADER, Box, make_box, read_boxes
from unexposed.formats.parts import Buffer

HEIC: Final = "heic"
AVIF: Final = "avif"

_FAMILIES: Final[dict[bytes, str]] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
}
"""Brand -> the format that it stands for."""

_EITHER: Final = (b"mif1", b"mif2", b"msf1")
"""Brands of both formats."""

_SEQUENCES: Final = (b"msf1", b"hevc", b"hevx", b"hevm", b"hevs", b"avis")
"""Brands of files that are first of all made of moving pictures."""

_KEPT_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"miaf", b"MiHB", b"MiHA", b"MiHE"}
    | {b"MiPr", b"avif", b"avio", b"MA1A", b"MA1B"}
)
"""The allowlist: brands that say how to read a still picture."""

_MOVING_BRANDS: Final = _KEPT_BRANDS | {*_SEQUENCES, b"iso8", b"isom"}
"""Those of an animation, which say how to read its tracks too."""

_STILLS: Final[dict[bytes, bytes]] = {
    b"msf1": b"mif1",
    b"avis": b"avif",
    b"hevc": b"heic",
    b"hevx": b"heix",
    b"hevm": b"heim",
    b"hevs": b"heis",
}
"""Brand of an animation -> that of a still picture out of it."""

_REGISTERED: Final = (
    b"tmap",
    b"iso8",
    b"isom",
    b"iso4",
    b"iso6",
    b"mp41",
    b"mp42",
    b"1pic",
    b"hvc1",
)
"""Brands that go but give nobody away."""

_MAX_TYPE: Final = 4_096
_BRANDS: Final = 16
_UNFINISHED: Final = (b"ftyp", b"meta", b"mdat", b"moov", b"free", b"uuid")
"""Boxes that, where they run over the end of the file, were cut short."""


class File(msgspec.Struct, frozen=True):
    """A file's own boxes in their order, and where what is none begins."""

    boxes: tuple[Box, ...]
    end: int

    @property
    def meta(self) -> Box:
        """The box that tells of the picture."""
        return next(box for box in self.boxes if box.kind == b"meta")


def family(head: bytes) -> str:
    """Return which format a file's first bytes belong to, "" for none of these."""
    size = int.from_bytes(head[:4])
    if head[4:8] != b"ftyp" or size < _BRANDS:
        return ""
    major, *others = _brands(head[:size])
    if major in _EITHER:
        return next((_FAMILIES[brand] for brand in others if brand in _FAMILIES), HEIC)
    return _FAMILIES.get(major, "")


def read_file(buffer: Buffer) -> File:
    """Divide a file into its boxes. Raises Malformed for one without exactly one list of items."""
    if not family(buffer[:_MAX_TYPE]):
        raise Malformed("does not begin as a HEIF file", 0)
    boxes: list[Box] = []
    end = 0
    try:
        for box in read_boxes(buffer, 0, len(buffer), open_ended=True):
            if not _is_name(box.kind) or (boxes and box.kind == b"ftyp"):
                break
            boxes.append(box)
            end = box.end
    except Malformed:
        if buffer[end + 4 : end + HEADER] in _UNFINISHED:
            raise Malformed("the file is cut short", len(buffer)) from None
    if boxes[0].size > _MAX_TYPE:
        raise Malformed("has too many brands", 0)
    if sum(box.kind == b"meta" for box in boxes) != 1:
        raise Malformed("has not exactly one list of items", 0)
    return File(tuple(boxes), end)


def is_animation(buffer: Buffer, box: Box) -> bool:
    """Tell from an 'ftyp' box whether a file is first of all made of moving pictures."""
    return buffer[box.data : box.data + 4] in _SEQUENCES


def make_type(buffer: Buffer, box: Box, *, moving: bool) -> bytes:
    """Return the 'ftyp' box that says which picture this is and nothing of who wrote it."""
    major, *others = _brands(buffer[box.start : box.end])
    if not moving:
        major = _STILLS.get(major, major)
    known = _MOVING_BRANDS if moving else _KEPT_BRANDS
    kept = dict.fromkeys(brand for brand in others if brand in known)
    return make_box(box.kind, major, bytes(4), *kept)


def strange_brands(buffer: Buffer, box: Box) -> list[bytes]:
    """Return the brands that no specification has."""
    known = {*_KEPT_BRANDS, *_FAMILIES, *_EITHER, *_REGISTERED}
    return [brand for brand in _brands(buffer[box.start : box.end]) if brand not in known]


def _brands(head: bytes) -> list[bytes]:
    """Return the major brand and the others from a whole 'ftyp' box or its beginning."""
    rest = [head[at : at + 4] for at in range(_BRANDS, len(head) - 3, 4)]
    return [head[HEADER : HEADER + 4], *rest]


def _is_name(kind: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind)
