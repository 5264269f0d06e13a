"""Clocks in the picture timing of H.264: the hour at which a picture was taken, if it says so.

Whether a message has one depends on lengths of fields that the sequence parameters tell.
Source: ITU-T H.264 (08/2021) sections 7.3.2.1.1, D.1.3, E.1.1 and E.1.2.
"""

from __future__ import annotations

from typing import Final

import msgspec

from unexposed.errors import Malformed

_WITH_FORMAT: Final = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
"""Profiles whose parameters tell the format of colours."""
_ALL_FORMATS: Final = 3
_ANY_RATIO: Final = 255
_MAX_CODES: Final = 256
_CLOCKS: Final = (1, 1, 1, 2, 2, 3, 3, 2, 3)
"""How many clocks there may be, by the structure of the picture (table D-1)."""


class Timing(msgspec.Struct, frozen=True, gc=False):
    """What comes before the clocks of a message: so many bits of delays, and a structure or not."""

    delays: int
    structured: bool

    def has_clock(self, payload: bytes) -> bool:
        """Tell whether a message of picture timing has a clock, or cannot be read."""
        if not self.structured:
            return False
        bits = _Bits(payload)
        try:
            bits.number(self.delays)
            structure = bits.number(4)
            return structure >= len(_CLOCKS) or any(
                bits.number(1) for _ in range(_CLOCKS[structure])
            )
        except Malformed:
            return True


def read_timing(parameters: bytes) -> Timing:
    """Return what sequence parameters, from their profile on, tell of the picture timing.

    The bytes that keep start codes apart are out of them. Raises Malformed.
    """
    bits = _Bits(parameters)
    profile = bits.number(8)
    bits.number(16)
    bits.code()
    if profile in _WITH_FORMAT:
        _pass_format(bits)
    bits.code()
    order = bits.code()
    if order == 0:
        bits.code()
    elif order == 1:
        bits.number(1)
        for _ in range(2):
            bits.code()
        for _ in range(min(bits.code(), _MAX_CODES)):
            bits.code()
    bits.code()
    bits.number(1)
    bits.code()
    bits.code()
    if not bits.number(1):
        bits.number(1)
    bits.number(1)
    if bits.number(1):
        for _ in range(4):
            bits.code()
    return _usability(bits) if bits.number(1) else Timing(0, structured=False)


def _pass_format(bits: _Bits) -> None:
    chroma = bits.code()
    if chroma == _ALL_FORMATS:
        bits.number(1)
    bits.code()
    bits.code()
    bits.number(1)
    if not bits.number(1):
        return
    for index in range(12 if chroma == _ALL_FORMATS else 8):
        if bits.number(1):
            last = following = 8
            for _ in range(16 if index < 6 else 64):
                if following:
                    following = (last + bits.signed_code()) % 256
                last = following or last


def _usability(bits: _Bits) -> Timing:
    if bits.number(1) and bits.number(8) == _ANY_RATIO:
        bits.number(32)
    if bits.number(1):
        bits.number(1)
    if bits.number(1):
        bits.number(4)
        if bits.number(1):
            bits.number(24)
    if bits.number(1):
        bits.code()
        bits.code()
    if bits.number(1):
        bits.number(65)
    delays, present = 0, False
    for _ in range(2):
        if bits.number(1):
            delays, present = _delays(bits), True
    if present:
        bits.number(1)
    return Timing(delays, structured=bool(bits.number(1)))


def _delays(bits: _Bits) -> int:
    """Return how many bits both delays take by the parameters of a hypothetical decoder."""
    count = min(bits.code(), 31) + 1
    bits.number(8)
    for _ in range(count):
        bits.code()
        bits.code()
        bits.number(1)
    bits.number(5)
    delays = bits.number(5) + 1 + bits.number(5) + 1
    bits.number(5)
    return delays


class _Bits:
    """Reads numbers and Exp-Golomb codes, the highest bit first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def number(self, size: int) -> int:
        """Return a number of so many bits. Raises Malformed where there are fewer."""
        self._left -= size
        if self._left < 0:
            raise Malformed("sequence parameters are cut short", 0)
        return self._value >> self._left & (1 << size) - 1

    def code(self) -> int:
        """Return an unsigned code. Raises Malformed."""
        zeros = 0
        while not self.number(1):
            zeros += 1
        return (1 << zeros) - 1 + self.number(zeros)

    def signed_code(self) -> int:
        """Return a signed code. Raises Malformed."""
        code = self.code()
        return (code + 1) // 2 if code & 1 else -(code // 2)
