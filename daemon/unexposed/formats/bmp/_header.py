"""A BMP's headers: what they say of the picture, and how they stand in a clean copy.

Sources: the Windows documentation of BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER,
BITMAPV4HEADER and BITMAPV5HEADER; IBM's OS/2 2.0 Presentation Manager for the header of 64 bytes.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer

FILE_HEADER = 14
_CORE, _INFO, _MASKS_2, _MASKS_3, _OS2, _V4, _V5 = 12, 40, 52, 56, 64, 108, 124
SIZES: Final = frozenset({_CORE, _INFO, _MASKS_2, _MASKS_3, _OS2, _V4, _V5})
"""Bytes of the header behind the file header, which tell its kind."""

PLAIN, RLE8, RLE4, MASKED = 0, 1, 2, 3
_JPEG_OR_PNG: Final = frozenset({4, 5})
_DEPTHS: Final = {
    PLAIN: frozenset({1, 4, 8, 16, 24, 32}),
    RLE8: frozenset({8}),
    RLE4: frozenset({4}),
    MASKED: frozenset({16, 32}),
}
"""Compression -> bits of a pixel."""

_CALIBRATED, _SRGB, _WINDOWS = 0, 0x73524742, 0x57696E20
_LINKED, _EMBEDDED = 0x4C494E4B, 0x4D424544
_INTENTS: Final = frozenset({1, 2, 4, 8})
_NO_INTENT = 4

_SPACE_AT, _INTENT_AT = 56, 108
"""Where in a header colour space and rendering intent stand; what they concern follows."""
_POINTS, _CURVES = 9, 3
"""Numbers of 32 bits behind the colour space: coordinates with 30 bits of fraction, and gamma
values with 16."""
_COORDINATE_MOST, _COORDINATE_STEP = 1 << 30, 1 << 14
_CURVE_LEAST, _CURVE_MOST, _CURVE_STEP = 1 << 14, 8 << 16, 1 << 4
_MASKS_AT = 40
_MOST_SIDE = 0x7FFF_FFFF


class Header(msgspec.Struct, frozen=True):
    """What the headers say. Sides in pixels, places in bytes from the start of the file.

    `colours` is how many the palette has that belong to the picture, `said` the number as the
    header has it, 0 for all that the bits allow; `spare` has the bits of a pixel that no colour
    uses; [`profile`, `profile_end`) is an embedded profile, or the path of a linked one.
    """

    kind: int
    width: int
    height: int
    bits: int
    compression: int
    colours: int
    said: int
    offset: int
    spare: int
    space: int
    profile: int
    profile_end: int

    @property
    def end(self) -> int:
        """Where the header ends."""
        return FILE_HEADER + self.kind

    @property
    def masks(self) -> int:
        """Bytes of colour masks behind the header."""
        return 12 if self.compression == MASKED and self.kind == _INFO else 0

    @property
    def colour_size(self) -> int:
        """Bytes of a colour in the palette."""
        return 3 if self.kind == _CORE else 4

    @property
    def palette_end(self) -> int:
        """Where the palette ends, the masks before it."""
        return self.end + self.masks + self.colours * self.colour_size

    @property
    def row_bits(self) -> int:
        """Bits of a row without what fills it up."""
        return self.width * self.bits

    @property
    def row_size(self) -> int:
        """Bytes of a row, filled up to a multiple of four."""
        return (self.row_bits + 31) // 32 * 4

    @property
    def embedded(self) -> bool:
        """Whether a profile stands in the file."""
        return self.space == _EMBEDDED and self.profile_end > self.profile

    @property
    def calibrated(self) -> bool:
        """Whether end points and gamma values say what the colours are."""
        return self.space == _CALIBRATED

    @property
    def linked(self) -> bool:
        """Whether the path of a profile stands in the file."""
        return self.space == _LINKED and self.profile_end > self.profile


def read_header(buffer: Buffer) -> Header:
    """Read both headers.

    Raises Malformed for one that is cut short or impossible, and for data that is no BMP's own.
    """
    head = buffer[: FILE_HEADER + _V5]
    kind = int.from_bytes(head[FILE_HEADER : FILE_HEADER + 4], "little")
    if head[:2] != b"BM" or kind not in SIZES:
        raise Malformed("does not begin as a BMP", 0)
    if len(head) < FILE_HEADER + kind:
        raise Malformed("the file is cut short", len(head))
    said = compression = 0
    if kind == _CORE:
        width, height, planes, bits = struct.unpack_from("<4H", head, FILE_HEADER + 4)
    else:
        width, height, planes, bits, compression = struct.unpack_from(
            "<iiHHI", head, FILE_HEADER + 4
        )
        (said,) = struct.unpack_from("<I", head, FILE_HEADER + 32)
    if compression in _JPEG_OR_PNG and kind != _OS2:
        raise Malformed("a JPEG or PNG inside a BMP: save it as JPEG or PNG", FILE_HEADER + 16)
    if compression not in _DEPTHS or (kind == _OS2 and compression == MASKED):
        raise Malformed("compressed in a way that is not known", FILE_HEADER + 16)
    if bits not in _DEPTHS[compression] or planes > 1:
        raise Malformed("an impossible number of bits", FILE_HEADER + 14)
    if width <= 0 or not height or height < -_MOST_SIDE or (height < 0 and compression in _RLE):
        raise Malformed("an impossible width or height", FILE_HEADER + 4)
    space, profile, profile_end = _colour_space(head, kind, len(buffer))
    return Header(
        kind=kind,
        width=width,
        height=abs(height),
        bits=bits,
        compression=compression,
        colours=min(said or 1 << bits, 1 << bits) if bits <= 8 else 0,
        said=said,
        offset=int.from_bytes(head[10:14], "little"),
        spare=_spare_bits(head, kind, bits, compression),
        space=space,
        profile=profile,
        profile_end=profile_end,
    )


_RLE: Final = frozenset({RLE8, RLE4})
_SPARE: Final = {16: 0x8000, 32: 0xFF00_0000}
"""Bits of a pixel -> those that stand for nothing where there are no masks."""


def _spare_bits(head: bytes, kind: int, bits: int, compression: int) -> int:
    """Return the bits of a pixel that no colour uses. Raises Malformed for impossible masks."""
    if compression != MASKED:
        return _SPARE.get(bits, 0)
    start = FILE_HEADER + _MASKS_AT
    colours = 4 if kind >= _MASKS_3 else 3
    if len(head) < start + 4 * colours:
        raise Malformed("the file is cut short", len(head))
    spare = (1 << bits) - 1
    for mask in struct.unpack_from(f"<{colours}I", head, start):
        if mask >> bits or mask & (mask + (mask & -mask)):
            raise Malformed("an impossible colour mask", start)
        spare &= ~mask
    return spare


def _colour_space(head: bytes, kind: int, length: int) -> tuple[int, int, int]:
    """Return the colour space, and from where to where its profile goes."""
    if kind < _V4:
        return _SRGB, 0, 0
    (space,) = struct.unpack_from("<I", head, FILE_HEADER + _SPACE_AT)
    if kind < _V5 or space not in (_LINKED, _EMBEDDED):
        return space, 0, 0
    start, size = struct.unpack_from("<II", head, FILE_HEADER + _INTENT_AT + 4)
    start += FILE_HEADER
    if not size or start < FILE_HEADER + kind or start + size > length:
        return space, 0, 0
    return space, start, start + size


def made_header(buffer: Buffer, header: Header, data: int, profile: int) -> bytes:
    """Return both headers for `data` bytes of picture data and `profile` bytes of profile.

    Raises Malformed for more than a BMP can hold.
    """
    end = header.palette_end + data
    if end + profile > 0xFFFF_FFFF:
        raise Malformed("too large for a BMP", 2)
    old = buffer[FILE_HEADER : header.end]
    made = struct.pack("<2sIIII", b"BM", end + profile, 0, header.palette_end, header.kind)
    if header.kind == _CORE:
        return made + old[4:8] + struct.pack("<HH", 1, header.bits)
    said = min(header.said, header.colours)
    made += old[4:12] + struct.pack("<HHII", 1, header.bits, header.compression, data)
    made += struct.pack("<iiII", 0, 0, said, 0)
    if header.kind == _OS2:
        return made.ljust(header.end, b"\0")
    masks = old[_MASKS_AT : min(header.kind, _SPACE_AT)]
    made += masks if header.compression == MASKED else bytes(len(masks))
    if header.kind < _V4:
        return made
    space = _EMBEDDED if profile else header.space
    points = _plain_points(old[_SPACE_AT + 4 : _INTENT_AT]) if space == _CALIBRATED else b""
    if not (profile or points or space == _WINDOWS):
        space = _SRGB
    made += struct.pack("<I", space) + points.ljust(_INTENT_AT - _SPACE_AT - 4, b"\0")
    if header.kind < _V5:
        return made
    (intent,) = struct.unpack_from("<I", old, _INTENT_AT)
    intent = intent if intent in _INTENTS else _NO_INTENT
    place = end - FILE_HEADER if profile else 0
    return made + struct.pack("<IIII", intent, place, profile, 0)


def _plain_points(points: bytes) -> bytes:
    """Return end points and gamma values, no more exact than a screen needs.

    b"" for those that no screen has. All may be zero, as many programs leave them.
    """
    *coordinates, red, green, blue = struct.unpack(f"<{_POINTS + _CURVES}I", points)
    curves = (red, green, blue)
    if not all(one <= _COORDINATE_MOST for one in coordinates):
        return b""
    if not all(not one or _CURVE_LEAST <= one <= _CURVE_MOST for one in curves):
        return b""
    rounded = [one // _COORDINATE_STEP * _COORDINATE_STEP for one in coordinates]
    rounded += [one // _CURVE_STEP * _CURVE_STEP for one in curves]
    return struct.pack(f"<{_POINTS + _CURVES}I", *rounded)


def density(buffer: Buffer, header: Header) -> tuple[int, int]:
    """Return how many pixels a metre has, across and down; zeros where nothing is said."""
    if header.kind == _CORE:
        return 0, 0
    across, down = struct.unpack_from("<ii", buffer, FILE_HEADER + 24)
    return across, down
