"""How large the frames of an AV1 picture are at most.

Source: AV1 bitstream specification sections 5.5.1, 5.5.3 and 5.5.4.
"""

from __future__ import annotations

from typing import Final

from unexposed.errors import Malformed
from unexposed.formats.heif._bits import Bits, Short

_TICKS_BITS: Final = 64
_CLOCK_BITS: Final = 32 + 5 + 5
_MAX_LEVEL_WITHOUT_TIER: Final = 7


def size_of(header: bytes, where: int) -> tuple[int, int]:
    """Return width and height in pixels from a sequence header's content.

    `where` is its place in the file. Raises Malformed for one that cannot be read.
    """
    bits = Bits(header)
    try:
        bits.take(4)
        if bits.take(1):
            bits.take(5)
        else:
            _pass_points(bits)
        widths = bits.take(4) + 1, bits.take(4) + 1
        return bits.take(widths[0]) + 1, bits.take(widths[1]) + 1
    except Short:
        raise Malformed("the header of an AV1 picture cannot be read", where) from None


def _pass_points(bits: Bits) -> None:
    """Pass over the operating points and the clock of a header that is not for stills alone."""
    delay = _pass_clock(bits) if bits.take(1) else 0
    displayed = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > _MAX_LEVEL_WITHOUT_TIER:
            bits.take(1)
        if delay and bits.take(1):
            bits.take(2 * delay + 1)
        if displayed and bits.take(1):
            bits.take(4)


def _pass_clock(bits: Bits) -> int:
    """Return how many bits a decoder's delays have, 0 where none are given."""
    bits.take(_TICKS_BITS)
    if bits.take(1):
        bits.count()
    if not bits.take(1):
        return 0
    delay = bits.take(5) + 1
    bits.take(_CLOCK_BITS)
    return delay
