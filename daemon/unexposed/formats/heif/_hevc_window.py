"""How much of a coded HEVC picture its decoder cuts away before it is shown.

Source: ITU-T H.265 sections 7.3.2.2, 7.3.3, 7.4.3.2.1 and 9.2.
"""

from __future__ import annotations

from typing import Final

from unexposed.errors import Malformed

_UNIT_HEADER: Final = 2
_PROFILE_BITS: Final = 88
_LEVEL_BITS: Final = 8
_MAX_SUB_LAYERS: Final = 8
_MAX_ZEROS: Final = 32
_UNITS: Final = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}
"""Chroma format -> the luma samples, across and down, that one step of the window has."""
_SEPARATE_PLANES: Final = 3


def cut_away(parameters: bytes, where: int) -> tuple[int, int]:
    """Return the luma samples, across and down, that a sequence parameter set says not to show.

    `where` is its place in the file. Raises Malformed for one that cannot be read.
    """
    try:
        return _read(_Bits(parameters[_UNIT_HEADER:].replace(b"\0\0\3", b"\0\0")))
    except _Short:
        raise Malformed("parameters of an HEVC picture cannot be read", where) from None


def _read(bits: _Bits) -> tuple[int, int]:
    bits.take(4)
    _pass_profiles(bits, (bits.take(4) >> 1))
    bits.count()
    chroma = bits.count()
    if chroma == _SEPARATE_PLANES:
        bits.take(1)
    if chroma not in _UNITS:
        raise _Short
    bits.count()
    bits.count()
    if not bits.take(1):
        return 0, 0
    left, right, top, bottom = (bits.count() for _ in range(4))
    across, down = _UNITS[chroma]
    return (left + right) * across, (top + bottom) * down


def _pass_profiles(bits: _Bits, sub_layers: int) -> None:
    bits.take(_PROFILE_BITS + _LEVEL_BITS)
    present = [(bits.take(1), bits.take(1)) for _ in range(sub_layers)]
    if sub_layers:
        bits.take(2 * (_MAX_SUB_LAYERS - sub_layers))
    for profile, level in present:
        bits.take(profile * _PROFILE_BITS + level * _LEVEL_BITS)


class _Short(Exception):
    """There are fewer bits than the fields take, or they stand for nothing."""


class _Bits:
    """Reads bits from the first one on."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data)
        self._left = 8 * len(data)

    def take(self, size: int) -> int:
        """Return the next bits as a number."""
        if size > self._left:
            raise _Short
        self._left -= size
        return self._number >> self._left & (1 << size) - 1

    def count(self) -> int:
        """Return the next number in the Exp-Golomb code."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _MAX_ZEROS:
                raise _Short
        return (1 << zeros) - 1 + self.take(zeros)
