"""The properties of a picture's items: which stay, and what is left of them.

Sources: ISO/IEC 23008-12:2022 section 6.5; ISO/IEC 14496-12:2022 section 12.1.5 for colours;
AV1 Image File Format 1.1 section 2.3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from fractions import Fraction
from typing import Final

import msgspec

from unexposed.errors import Held, Malformed
from unexposed.formats._boxes import ALPHA, HEADER, Box, Fields, make_box, make_full, read_full
from unexposed.formats.heif import _av1 as av1
from unexposed.formats.heif import _hevc as hevc
from unexposed.formats.parts import Buffer
from unexposed.metadata import icc
from unexposed.metadata.legible import legible

SIZE: Final = b"ispe"
COLOUR: Final = b"colr"
CROP: Final = b"clap"
ROLE: Final = b"auxC"
TURNS: Final = (b"irot", b"imir")

OWNERS: Final[dict[bytes, tuple[bytes, ...]]] = {
    b"hvcC": (b"hvc1",),
    b"av1C": (b"av01",),
    b"a1op": (b"av01",),
    b"lsel": (b"av01",),
}
"""Properties that only some kinds of items have: which."""

PROFILES: Final = (b"prof", b"rICC")

_CHROMATICITY: Final = range(50_001)
"""Steps of 0.00002 from 0 to 1."""
_LUMINANCE: Final = range(10_001)
"""Candelas per square metre, up to the brightest that any transfer function has."""
_FINE_LUMINANCE: Final = range(100_000_001)
"""The same in steps of 0.0001."""
_ILLUMINANCE: Final = range(1_000_000_001)
"""Steps of 0.0001 lux, up to that of the sun."""
_LAYER: Final = frozenset({*range(4), 0xFFFF})

_NUMBERS: Final[dict[bytes, tuple[tuple[int, Container[int]], ...]]] = {
    b"clli": ((2, _LUMINANCE),) * 2,
    b"mdcv": ((2, _CHROMATICITY),) * 8 + ((4, _FINE_LUMINANCE),) * 2,
    b"amve": ((4, _ILLUMINANCE), (2, _CHROMATICITY), (2, _CHROMATICITY)),
    b"lsel": ((2, _LAYER),),
}
"""Boxes of nothing but numbers, which stay where these can be true: their length in bytes each,
and what they can be."""

_MASKS: Final[dict[bytes, int]] = {b"irot": 0b11, b"imir": 0b1, b"a1op": 0b11111}
"""Boxes of one byte that stay, and the bits of it that mean something."""

_DESCRIPTIONS: Final = frozenset(
    {b"udes", b"altt", b"crtt", b"mdft", b"cmin", b"cmex", b"free", b"skip"}
)
"""What goes even when it is called essential, as it does not change how the picture looks."""

_NCLX: Final = b"nclx"
_ONE: Final = (1).to_bytes(4)
_TWO: Final = (2).to_bytes(4)
_NCLX_FLAGS: Final = 0x80
_CODES: Final = range(256)
"""What primaries, curves and matrices can have as a number."""
_CHANNELS: Final = range(1, 5)
_DEPTHS: Final = range(1, 17)
_SPACING: Final = range(1, 1 << 16)
_CCLV_PRIMARIES: Final = 0b100000
_CCLV_LUMINANCES: Final = (0b10000, 0b1000, 0b100)
_CCLV_CHROMATICITY: Final = 5_000_000
"""Steps of 0.00002 from 0 that a primary may be away, to either side."""


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


class Area(msgspec.Struct, frozen=True):
    """What a crop leaves: whole pixels, across and down.

    `moved` is how far its middle lies from that of the picture, in half pixels.
    """

    size: tuple[int, int]
    moved: tuple[int, int]


def crop_of(buffer: Buffer, box: Box) -> Area:
    """Read a 'clap' box. Raises Malformed for one that does not keep to pixels."""
    fields = Fields(buffer, box.data, box.end)
    parts = [(fields.take(4), fields.number(4)) for _ in range(4)]
    if not all(below for _, below in parts):
        raise Malformed("a 'clap' box divides by zero", box.start)
    width, height, *offsets = (
        Fraction(int.from_bytes(above, signed=place > 1), below)
        for place, (above, below) in enumerate(parts)
    )
    across, down = (2 * offset for offset in offsets)
    if not all(one.denominator == 1 for one in (width, height, across, down)):
        raise Malformed("a 'clap' box cuts through pixels", box.start)
    if not (width and height):
        raise Malformed("a 'clap' box leaves nothing", box.start)
    return Area((width.numerator, height.numerator), (across.numerator, down.numerator))


def profile_of(buffer: Buffer, box: Box) -> bytes | None:
    """Return the ICC profile of a 'colr' box, None for one without."""
    if buffer[box.data : min(box.end, box.data + 4)] not in PROFILES:
        return None
    begin = box.data + 4
    return buffer[begin : min(box.end, begin + icc.MAX_PROFILE + 1)]


def curve_of(buffer: Buffer, box: Box) -> int:
    """Return the number of the transfer characteristics that a box states, 0 for none."""
    if box.kind != COLOUR or buffer[box.data : box.data + 4] != _NCLX:
        return 0
    return int.from_bytes(buffer[box.data + 6 : box.data + 8])


def sort_of(plain: bytes) -> tuple[bytes, bool]:
    """Return what only one of an item's properties, as plain boxes, can be."""
    kind = plain[4:HEADER]
    return kind, kind == COLOUR and plain[HEADER : HEADER + 4] == _NCLX


def _numbers(buffer: Buffer, box: Box) -> bytes | None:
    fields = Fields(buffer, box.data, box.end)
    numbers = [(fields.number(length), length, can) for length, can in _NUMBERS[box.kind]]
    if not all(number in can for number, _, can in numbers):
        return None
    return make_box(box.kind, *(number.to_bytes(length) for number, length, _ in numbers))


def _masked(buffer: Buffer, box: Box) -> bytes:
    number = Fields(buffer, box.data, box.end).number(1)
    return make_box(box.kind, bytes([number & _MASKS[box.kind]]))


def _size(buffer: Buffer, box: Box) -> bytes:
    version, _, fields = read_full(buffer, box)
    if version:
        raise Malformed(f"a property '{legible(box.kind)}' of unknown version", box.start)
    return make_full(box.kind, 0, 0, fields.take(8))


def _crop(buffer: Buffer, box: Box) -> bytes:
    area = crop_of(buffer, box)
    sizes = (side.to_bytes(4) + _ONE for side in area.size)
    offsets = (moved.to_bytes(4, signed=True) + _TWO for moved in area.moved)
    return make_box(box.kind, *sizes, *offsets)


def _spacing(buffer: Buffer, box: Box) -> bytes | None:
    """Keep how wide a pixel is for its height, in the lowest terms."""
    fields = Fields(buffer, box.data, box.end)
    across, down = fields.number(4), fields.number(4)
    if not (across and down):
        return None
    ratio = Fraction(across, down)
    across, down = ratio.numerator, ratio.denominator
    if across not in _SPACING or down not in _SPACING:
        return None
    return make_box(box.kind, across.to_bytes(4), down.to_bytes(4))


def _depths(buffer: Buffer, box: Box) -> bytes | None:
    """Keep the bits of each channel; what further flags announce may hold text."""
    version, _, fields = read_full(buffer, box)
    count = fields.number(1)
    if version or count not in _CHANNELS:
        return None
    depths = fields.take(count)
    if not all(depth in _DEPTHS for depth in depths):
        return None
    return make_full(box.kind, 0, 0, bytes([count]), depths)


def _colour(buffer: Buffer, box: Box) -> bytes | None:
    fields = Fields(buffer, box.data, box.end)
    kind = fields.take(4)
    if kind == _NCLX:
        codes = [fields.number(2) for _ in range(3)]
        full_range = bytes([fields.number(1) & _NCLX_FLAGS])
        if not all(code in _CODES for code in codes):
            raise Malformed("a picture tells its colours in unknown codes", box.start)
        return make_box(box.kind, kind, *(code.to_bytes(2) for code in codes), full_range)
    profile = icc.plain(profile_of(buffer, box) or b"")
    return make_box(box.kind, kind, profile) if profile else None


def _role(buffer: Buffer, box: Box) -> bytes | None:
    role = role_of(buffer, box)
    return make_full(box.kind, 0, 0, role, b"\0") if role in ALPHA else None


def _content_colours(buffer: Buffer, box: Box) -> bytes | None:
    fields = Fields(buffer, box.data, box.end)
    flags = fields.number(1)
    primaries = [fields.take(4) for _ in range(6 if flags & _CCLV_PRIMARIES else 0)]
    luminances = [fields.take(4) for bit in _CCLV_LUMINANCES if flags & bit]
    far = (abs(int.from_bytes(one, signed=True)) > _CCLV_CHROMATICITY for one in primaries)
    if any(far):
        return None
    kept = flags & sum(_CCLV_LUMINANCES, _CCLV_PRIMARIES)
    return make_box(box.kind, bytes([kept]), *primaries, *luminances)


def _hevc(buffer: Buffer, box: Box) -> bytes:
    fields = Fields(buffer, box.data, box.end)
    return make_box(box.kind, hevc.read_configuration(fields).plain)


def _av1(buffer: Buffer, box: Box) -> bytes:
    return make_box(box.kind, av1.plain_configuration(Fields(buffer, box.data, box.end)))


_MAKERS: Final[dict[bytes, Callable[[Buffer, Box], bytes | None]]] = {
    **dict.fromkeys(_NUMBERS, _numbers),
    **dict.fromkeys(_MASKS, _masked),
    SIZE: _size,
    CROP: _crop,
    b"pasp": _spacing,
    b"pixi": _depths,
    COLOUR: _colour,
    ROLE: _role,
    b"cclv": _content_colours,
    b"hvcC": _hevc,
    b"av1C": _av1,
}
"""The allowlist: property -> what makes it plain."""
