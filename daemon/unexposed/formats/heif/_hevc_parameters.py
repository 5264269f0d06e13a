"""What the parameter sets of an HEVC picture say of its size, and its slices of their places.

Source: ITU-T H.265 sections 7.3.2.2, 7.3.2.3, 7.3.3, 7.3.6.1, 7.4.3.2.1 and 7.4.7.1.
"""

from __future__ import annotations

from typing import Final

import msgspec

from unexposed.errors import Malformed
from unexposed.formats.heif._bits import Bits, Short

SLICE_HEAD: Final = 32
"""Bytes of a slice that tell its place, and more."""

_UNIT_HEADER: Final = 2
_PROFILE_BYTES: Final = 12
_PROFILE_BITS: Final = 88
_LEVEL_BITS: Final = 8
_MAX_SUB_LAYERS: Final = 8
_UNITS: Final = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}
"""Chroma format -> the luma samples, across and down, that one step of the window has."""
_SEPARATE_PLANES: Final = 3
_SMALLEST_BLOCK: Final = 3
_LARGEST_BLOCK: Final = 6
"""Logarithms of a coding block's side in samples."""


class Sequence(msgspec.Struct, frozen=True):
    """What a sequence parameter set says of its pictures.

    `size` is that of the coded picture in luma samples, across and down, and `cut` how many of
    them are not shown; `profile` stands as it does in a decoder's configuration; `blocks` is
    how many coding blocks a picture has.
    """

    number: int
    size: tuple[int, int]
    cut: tuple[int, int]
    profile: bytes
    blocks: int


class Picture(msgspec.Struct, frozen=True):
    """A picture parameter set: its number, that of its sequence, and whether slices may be cut."""

    number: int
    sequence: int
    dependent: bool


class Slice(msgspec.Struct, frozen=True):
    """Where a slice begins, in coding blocks from the picture's first one on."""

    first: bool
    address: int


def read_sequence(unit: bytes, where: int) -> Sequence:
    """Read a sequence parameter set, whose place in the file is `where`. Raises Malformed."""
    data = _content(unit)
    try:
        return _sequence(Bits(data), data[1 : 1 + _PROFILE_BYTES])
    except Short:
        raise _unreadable(where) from None


def read_picture(unit: bytes, where: int) -> Picture:
    """Read the beginning of a picture parameter set. Raises Malformed."""
    bits = Bits(_content(unit))
    try:
        return Picture(bits.count(), bits.count(), bool(bits.take(1)))
    except Short:
        raise _unreadable(where) from None


def read_slice(unit: bytes, sequence: Sequence, pictures: dict[int, Picture], where: int) -> Slice:
    """Read the beginning of a slice of a picture that needs no other. Raises Malformed."""
    bits = Bits(_content(unit))
    try:
        first, _, number = bool(bits.take(1)), bits.take(1), bits.count()
        if number not in pictures:
            raise Malformed("a slice of an HEVC picture has no parameters", where)
        if first:
            return Slice(first, 0)
        bits.take(pictures[number].dependent)
        address = bits.take((sequence.blocks - 1).bit_length())
    except Short:
        raise Malformed("a slice of an HEVC picture is too short", where) from None
    if address >= sequence.blocks:
        raise Malformed("a slice of an HEVC picture lies outside of it", where)
    return Slice(first, address)


def _unreadable(where: int) -> Malformed:
    return Malformed("parameters of an HEVC picture cannot be read", where)


def _content(unit: bytes) -> bytes:
    return unit[_UNIT_HEADER:].replace(b"\0\0\3", b"\0\0")


def _sequence(bits: Bits, profile: bytes) -> Sequence:
    bits.take(4)
    sub_layers = bits.take(4) >> 1
    _pass_profiles(bits, sub_layers)
    number = bits.count()
    chroma = bits.count()
    if chroma == _SEPARATE_PLANES:
        bits.take(1)
    if chroma not in _UNITS:
        raise Short
    size = bits.count(), bits.count()
    cut = _window(bits, chroma) if bits.take(1) else (0, 0)
    _pass_depths_and_orders(bits, sub_layers)
    block = bits.count() + _SMALLEST_BLOCK + bits.count()
    if block > _LARGEST_BLOCK or not all(size):
        raise Short
    across, down = (-(-side >> block) for side in size)
    return Sequence(number, size, cut, profile, across * down)


def _window(bits: Bits, chroma: int) -> tuple[int, int]:
    left, right, top, bottom = (bits.count() for _ in range(4))
    across, down = _UNITS[chroma]
    return (left + right) * across, (top + bottom) * down


def _pass_depths_and_orders(bits: Bits, sub_layers: int) -> None:
    for _ in range(3):
        bits.count()
    for _ in range(sub_layers + 1 if bits.take(1) else 1):
        for _ in range(3):
            bits.count()


def _pass_profiles(bits: Bits, sub_layers: int) -> None:
    bits.take(_PROFILE_BITS + _LEVEL_BITS)
    present = [(bits.take(1), bits.take(1)) for _ in range(sub_layers)]
    if sub_layers:
        bits.take(2 * (_MAX_SUB_LAYERS - sub_layers))
    for profile, level in present:
        bits.take(profile * _PROFILE_BITS + level * _LEVEL_BITS)
