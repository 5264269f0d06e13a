"""The chunks that say which colours a PNG's numbers stand for, and which of them viewers heed.

A chunk is passed over where libpng passes over it: for its place, its size or its values, for
a wrong checksum, and for being the second of its kind. Sources: PNG (third edition) 5.6, 11.2.2,
11.3.1 and 11.3.2; libpng 1.6 (pngrutil.c, png.c).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.parts import Buffer
from unexposed.formats.png._chunks import Chunk, is_sound
from unexposed.formats.png._picture import GREY, PALETTE, RGB, Picture, inflate
from unexposed.metadata import icc

_MOST_COLOURS = 256
_COLOUR_SAMPLES: Final = {GREY: 1, RGB: 3}
"""Colour type -> samples of the one colour that tRNS makes transparent, where it does."""

_PROFILE_NAME = b"ICC"
_LONGEST_NAME = 79
_MOST_PROFILE = icc.MAX_PROFILE + (64 << 10)
"""Bytes of an iCCP chunk's data that are looked at."""
_MOST = 3 * _MOST_COLOURS + 1
"""Bytes of any other chunk's data that are looked at: one more than any may have."""

_STORED_BLOCK = 0xFFFF
_ZLIB_HEADER = b"\x78\x01"

_GAMMAS = range(16, 625_000_001)
_MOST_CHROMATICITY = 110_000
"""1.1, in units of 0.00001: room for the primaries that lie a little outside."""
_MOST_LUMINANCE = 100_000_000
"""10,000 cd/m², in units of 0.0001: as bright as any signal can say."""


def _are_chromaticities(numbers: tuple[int, ...], most: int) -> bool:
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return all(x + y <= most for x, y in pairs)


def _is_mastering(data: bytes) -> bool:
    *chromaticities, brightest, darkest = struct.unpack(">8H2I", data)
    in_range = _are_chromaticities(tuple(chromaticities), _MOST_CHROMATICITY // 2)
    return in_range and darkest <= brightest <= _MOST_LUMINANCE


_FIXED: Final[dict[bytes, tuple[int, Callable[[bytes], bool]]]] = {
    b"gAMA": (4, lambda data: int.from_bytes(data) in _GAMMAS),
    b"cHRM": (
        32,
        lambda data: _are_chromaticities(struct.unpack(">8I", data), _MOST_CHROMATICITY),
    ),
    b"sRGB": (1, lambda data: data[0] <= 3),
    b"cICP": (4, lambda data: data[0] <= 22 and data[1] <= 18 and not data[2] and data[3] <= 1),
    b"mDCV": (24, _is_mastering),
    b"cLLI": (8, lambda data: max(struct.unpack(">2I", data)) <= _MOST_LUMINANCE),
}
"""Chunk -> its size, and whether its values are any that can be."""

_BEFORE_PALETTE: Final = frozenset({*_FIXED, b"iCCP", b"sBIT"})
CUT: Final = frozenset({b"PLTE", b"tRNS"})
"""Chunks of which the beginning counts where they are too long."""
CHUNKS: Final = _BEFORE_PALETTE | CUT | {b"bKGD"}


class Colours:
    """What has been said so far, in front of the picture data, of a picture's colours."""

    def __init__(self, buffer: Buffer, picture: Picture) -> None:
        self._buffer = buffer
        self._picture = picture
        self._heeded: set[bytes] = set()
        self._behind_palette = False

    def heeded(self, chunk: Chunk) -> bytes:
        """Return the data that a chunk of `CHUNKS` has in a clean copy, b"" if it has no place there.

        Raises Malformed for a palette without which the picture cannot be shown.
        """
        kind = chunk.kind
        if kind == b"PLTE" and self._picture.colour_type == PALETTE:
            return self._palette(chunk)
        if kind in self._heeded or (self._behind_palette and kind in _BEFORE_PALETTE):
            return b""
        if not is_sound(self._buffer, chunk):
            return b""
        if kind == b"PLTE":
            self._behind_palette = self._picture.colour_type & RGB == RGB
            return b""
        most = _MOST_PROFILE if kind == b"iCCP" else _MOST
        data = self._plain(kind, self._buffer[chunk.data : min(chunk.stop, chunk.data + most)])
        if data or kind == b"iCCP":
            self._heeded.add(kind)  # of profiles the first, so that no more than one is inflated
        return data

    def require_palette(self, position: int) -> None:
        """Raise Malformed if the picture data begins at `position` and its colours are missing."""
        if self._picture.colour_type == PALETTE and not self._picture.colours:
            raise Malformed("the picture has no palette", position)

    def _palette(self, chunk: Chunk) -> bytes:
        """Return the colours that pixels can have."""
        count, rest = divmod(chunk.size, 3)
        if self._picture.colours:
            raise Malformed("a second palette", chunk.start)
        if rest or not 0 < count <= _MOST_COLOURS:
            raise Malformed("a palette of an impossible size", chunk.start)
        if not is_sound(self._buffer, chunk):
            raise Malformed("the palette is damaged", chunk.start)
        count = min(count, 1 << self._picture.depth)
        self._picture = msgspec.structs.replace(self._picture, colours=count)
        self._behind_palette = True
        return self._buffer[chunk.data : chunk.data + 3 * count]

    def _plain(self, kind: bytes, data: bytes) -> bytes:
        if kind == b"iCCP":
            return _plain_profile(data)
        if kind == b"tRNS":
            return self._transparency(data)
        if kind == b"sBIT":
            valid = self._are_significant_bits(data)
        elif kind == b"bKGD":
            valid = self._is_background(data)
        else:
            size, is_possible = _FIXED[kind]
            valid = len(data) == size and is_possible(data)
        return data if valid else b""

    def _transparency(self, data: bytes) -> bytes:
        """Return one alpha value for each colour at most, or the one colour that is transparent.

        Bits of that colour beyond the picture's depth are none: decoders mask them (11.3.1.1).
        """
        picture = self._picture
        if picture.colour_type == PALETTE:
            return data[: picture.colours]
        samples = _COLOUR_SAMPLES.get(picture.colour_type, 0)
        if not samples or len(data) < 2 * samples:
            return b""
        numbers = struct.unpack_from(f">{samples}H", data)
        mask = (1 << picture.depth) - 1
        return struct.pack(f">{samples}H", *(number & mask for number in numbers))

    def _are_significant_bits(self, data: bytes) -> bool:
        picture = self._picture
        samples, depth = (
            (3, 8) if picture.colour_type == PALETTE else (picture.channels, picture.depth)
        )
        return len(data) == samples and all(1 <= bits <= depth for bits in data)

    def _is_background(self, data: bytes) -> bool:
        picture = self._picture
        if picture.colour_type == PALETTE:
            return len(data) == 1 and data[0] < picture.colours
        samples = 3 if picture.colour_type & RGB else 1
        if len(data) != 2 * samples:
            return False
        return all(number >> picture.depth == 0 for number in struct.unpack(f">{samples}H", data))


def split_profile(data: bytes) -> tuple[bytes, bytes]:
    """Return the name in an iCCP chunk's data, and the zlib stream; both empty for none."""
    name, _, rest = data.partition(b"\0")
    if not 0 < len(name) <= _LONGEST_NAME or rest[:1] != b"\0":
        return b"", b""
    return name, rest[1:]


def _plain_profile(data: bytes) -> bytes:
    """Return an iCCP chunk's data with the profile made plain, b"" for one that is of no use.

    A profile can be compressed in countless ways, and no two versions of zlib do it alike: so
    it is not compressed at all, which can be written in one way only.
    """
    _, stream = split_profile(data)
    profile = icc.plain(inflate(stream, icc.MAX_PROFILE + 1)[0])
    return _PROFILE_NAME + b"\0\0" + _stored(profile) if profile else b""


def _stored(data: bytes) -> bytes:
    """Return a zlib stream of stored blocks (RFC 1950 2.2, RFC 1951 3.2.4), all full but the last."""
    blocks = [data[at : at + _STORED_BLOCK] for at in range(0, len(data), _STORED_BLOCK)]
    lengths = [struct.pack("<HH", len(block), len(block) ^ 0xFFFF) for block in blocks]
    finals = [b"\0"] * (len(blocks) - 1) + [b"\1"]
    stored = zip(finals, lengths, blocks, strict=True)
    body = b"".join(part for block in stored for part in block)
    return _ZLIB_HEADER + body + zlib.adler32(data).to_bytes(4)
