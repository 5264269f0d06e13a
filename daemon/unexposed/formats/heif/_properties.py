"""The properties of a picture's items: which stay, and what is left of them.

Sources: ISO/IEC 23008-12:2022 section 6.5; ISO/IEC 14496-12:2022 section 12.1.5 for colours;
AV1 Image File Format 1.1 section 2.3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import Box, Fields, make_box, make_full, read_full
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.parts import Buffer
from unexposed.metadata import icc
from unexposed.metadata.legible import legible

SIZE: Final = b"ispe"
COLOUR: Final = b"colr"
CROP: Final = b"clap"
ROLE: Final = b"auxC"
LAYERS: Final = (b"a1lx", b"a1op", b"lsel")
LAYER_SIZES: Final = b"a1lx"

ALPHA: Final = frozenset(
    {
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        b"urn:mpeg:hevc:2015:auxid:1",
    }
)
"""How an auxiliary picture says that it is the transparency of another."""

PROFILES: Final = (b"prof", b"rICC")

_NUMBERS: Final[dict[bytes, tuple[int, int]]] = {
    b"irot": (1, 0b11),
    b"imir": (1, 0b1),
    b"clap": (32, -1),
    b"pasp": (8, -1),
    b"clli": (4, -1),
    b"mdcv": (24, -1),
    b"amve": (8, -1),
    b"lsel": (2, -1),
    b"a1op": (1, 0b11111),
}
"""Boxes of nothing but numbers that stay: their length in bytes, and the bits that mean something."""

_FULL_NUMBERS: Final[dict[bytes, int]] = {b"ispe": 8, b"iscl": 8}
"""The same for full boxes, all of whose bits mean something."""

_DESCRIPTIONS: Final = frozenset(
    {b"udes", b"altt", b"crtt", b"mdft", b"cmin", b"cmex", b"free", b"skip"}
)
"""What goes even when it is called essential, as it does not change how the picture looks."""

_NCLX_FLAGS: Final = 0x80
_CHANNELS: Final = 16
_CCLV_FIELDS: Final = ((0b100000, 24), (0b10000, 4), (0b1000, 4), (0b100, 4))


def plain_property(buffer: Buffer, box: Box) -> bytes | None:
    """Return the box that stands for a property in a clean copy, None for one that goes.

    Raises Malformed for one that cannot be read.
    """
    make = _MAKERS.get(box.kind)
    return make(buffer, box) if make else None


def require_dispensable(box: Box) -> None:
    """Raise Held for a property that goes though a picture may not look the same without."""
    if box.kind not in _MAKERS and box.kind not in _DESCRIPTIONS:
        raise Held(f"its picture needs what cannot be cleaned yet ('{legible(box.kind)}')")


def is_known(box: Box) -> bool:
    """Tell whether a property is on the allowlist."""
    return box.kind in _MAKERS


def role_of(buffer: Buffer, box: Box) -> bytes:
    """Return the name by which an auxiliary picture says what it is. Raises Malformed."""
    _, _, fields = read_full(buffer, box)
    return fields.text()


def size_of(buffer: Buffer, box: Box) -> tuple[int, int]:
    """Return width and height in pixels from an 'ispe' box. Raises Malformed."""
    _, _, fields = read_full(buffer, box)
    return fields.number(4), fields.number(4)


def crop_of(buffer: Buffer, box: Box) -> tuple[int, int]:
    """Return the whole pixels, across and down, that a 'clap' box leaves. Raises Malformed."""
    fields = Fields(buffer, box.data, box.end)
    width, width_parts, height, height_parts = (fields.number(4) for _ in range(4))
    if not width_parts or not height_parts:
        raise Malformed("a 'clap' box divides by zero", box.start)
    return width // width_parts, height // height_parts


def profile_of(buffer: Buffer, box: Box) -> bytes | None:
    """Return the ICC profile of a 'colr' box, None for one without."""
    if buffer[box.data : min(box.end, box.data + 4)] not in PROFILES:
        return None
    begin = box.data + 4
    return buffer[begin : min(box.end, begin + icc.MAX_PROFILE + 1)]


def _numbers(buffer: Buffer, box: Box) -> bytes:
    length, mask = _NUMBERS[box.kind]
    number = Fields(buffer, box.data, box.end).number(length)
    return make_box(box.kind, (number & mask if mask >= 0 else number).to_bytes(length))


def _full_numbers(buffer: Buffer, box: Box) -> bytes:
    version, _, fields = read_full(buffer, box)
    if version:
        raise Malformed(f"a property '{legible(box.kind)}' of unknown version", box.start)
    return make_full(box.kind, 0, 0, fields.take(_FULL_NUMBERS[box.kind]))


def _depths(buffer: Buffer, box: Box) -> bytes | None:
    """Keep the bits of each channel; what further flags announce may hold text."""
    version, _, fields = read_full(buffer, box)
    count = fields.number(1)
    if version or count > _CHANNELS:
        return None
    return make_full(box.kind, 0, 0, bytes([count]), fields.take(count))


def _colour(buffer: Buffer, box: Box) -> bytes | None:
    fields = Fields(buffer, box.data, box.end)
    kind = fields.take(4)
    if kind == b"nclx":
        return make_box(box.kind, kind, fields.take(6), bytes([fields.number(1) & _NCLX_FLAGS]))
    profile = icc.plain(profile_of(buffer, box) or b"")
    return make_box(box.kind, kind, profile) if profile else None


def _role(buffer: Buffer, box: Box) -> bytes | None:
    role = role_of(buffer, box)
    return make_full(box.kind, 0, 0, role, b"\0") if role in ALPHA else None


def _content_colours(buffer: Buffer, box: Box) -> bytes:
    fields = Fields(buffer, box.data, box.end)
    flags = fields.number(1)
    present = [(bit, length) for bit, length in _CCLV_FIELDS if flags & bit]
    body = b"".join(fields.take(length) for _, length in present)
    return make_box(box.kind, bytes([sum(bit for bit, _ in present)]), body)


def _layer_sizes(buffer: Buffer, box: Box) -> bytes:
    fields = Fields(buffer, box.data, box.end)
    large = fields.number(1) & 1
    return make_box(box.kind, bytes([large]), fields.take(12 if large else 6))


def _hevc(buffer: Buffer, box: Box) -> bytes:
    fields = Fields(buffer, box.data, box.end)
    return make_box(box.kind, hevc.read_configuration(fields).plain)


def _av1(buffer: Buffer, box: Box) -> bytes:
    return make_box(box.kind, av1.plain_configuration(Fields(buffer, box.data, box.end)))


_MAKERS: Final[dict[bytes, Callable[[Buffer, Box], bytes | None]]] = {
    **dict.fromkeys(_NUMBERS, _numbers),
    **dict.fromkeys(_FULL_NUMBERS, _full_numbers),
    b"pixi": _depths,
    COLOUR: _colour,
    ROLE: _role,
    b"cclv": _content_colours,
    b"a1lx": _layer_sizes,
    b"hvcC": _hevc,
    b"av1C": _av1,
}
"""The allowlist: property -> what makes it plain."""
