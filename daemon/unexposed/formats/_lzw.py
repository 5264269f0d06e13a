"""How much of LZW data a decoder reads, as GIF and TIFF have it.

Only the lengths of the codes' strings are followed, not the pixels themselves.
Sources: GIF89a specification, appendix F; TIFF 6.0 section 13.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

import msgspec


class Dialect(msgspec.Struct, frozen=True):
    """How codes are packed, and how many entries before the table's end they grow wider."""

    order: Literal["little", "big"]
    """Whether a code begins with its byte's lowest bit or with its highest."""
    early: int


GIF = Dialect("little", 0)
TIFF = Dialect("big", 1)

CODE_SIZES = range(2, 9)
"""Bits of a pixel for which all decoders agree on how the data is read."""

_MAX_WIDTH = 12
_FULL = (1 << _MAX_WIDTH) + 1
"""Lengths from which no more are noted: one for each code, and one that no code can name."""
_BATCH = 512
"""Codes that are taken at once at most; a power of two."""
_FEW = 4
"""Codes that are taken at once behind a clear code, as another may follow soon."""
_SPECIAL = 1 << 40
"""Length given to the clear and end codes: more pixels than any picture has, so both stand out."""


class Corrupt(Exception):
    """What is wrong with the data: a code that stands for nothing yet, or too few codes."""


def bytes_read(
    pieces: Iterable[bytes],
    code_size: int,
    pixels: int,
    dialect: Dialect = GIF,
    *,
    whole: bool = False,
) -> int:
    """Return how many bytes of the data a decoder reads.

    That is up to the last pixel's code, with the end code if it follows at once or behind a clear
    code; up to an early end code; or up to the last whole code where the data runs out before.
    `pieces` are the data in order, `code_size` the bits of a pixel (one of CODE_SIZES), `pixels`
    how many there are, above 0. Raises Corrupt, and also where the data runs out if it has to be
    `whole`. Takes time in proportion to the data.
    """
    codes = _Codes(pieces, dialect.order)
    clear = 1 << code_size
    end = clear + 1
    fresh = [1] * clear + [_SPECIAL, _SPECIAL]
    # Each code adds the length of the string that the next one completes: one longer than its own.
    lengths, width, seen, limit = fresh.copy(), code_size + 1, 0, _FEW
    while seen < pixels:
        grows = (1 << width) - dialect.early + 1
        if width == _MAX_WIDTH or len(lengths) >= grows:
            grows = _FULL
        room = grows - len(lengths) if len(lengths) < grows else limit
        batch = codes.take(min(room, limit), width)
        if not batch:
            if whole:
                raise Corrupt("ends before the picture does")
            return codes.used
        known = len(lengths)
        total = _follow(batch, lengths)
        special = batch.index(clear) if clear in batch else 0
        if special and total >= _SPECIAL:
            del lengths[known:]
            codes.give_back(len(batch) - special, width)
            batch = batch[:special]
            total = _follow(batch, lengths)
        if seen + total < pixels:
            seen += total
            limit = min(2 * limit, _BATCH)
        else:
            del lengths[known:]
            turn = _turn(batch, lengths, pixels - seen)
            codes.give_back(len(batch) - turn - 1, width)
            if batch[turn] == end:
                return codes.used
            if batch[turn] == clear:
                lengths, width, limit = fresh.copy(), code_size + 1, _FEW
                continue
            seen = pixels
        if len(lengths) == grows < _FULL:
            width += 1
    used = codes.used
    following = codes.take(1, width)
    if following == (clear,):
        following = codes.take(1, code_size + 1)
    return codes.used if following == (end,) else used


def _follow(batch: Sequence[int], lengths: list[int]) -> int:
    """Return how many pixels the codes stand for; `_SPECIAL` or more if not all stand for some.

    Adds the strings that the codes define to `lengths`, while there is room in the table.
    """
    known = len(lengths)
    try:
        if known >= _FULL:
            return sum(map(lengths.__getitem__, batch))
        define = lengths.append
        for code in batch:
            define(lengths[code] + 1)
    except IndexError:
        return _SPECIAL
    return sum(lengths[known:]) - len(batch)


def _turn(batch: Sequence[int], lengths: list[int], left: int) -> int:
    """Return where the first code stands that is special, or that reaches the last of `left` pixels.

    Adds the strings that the codes before it define to `lengths`, and its own. Raises Corrupt.
    """
    for index, code in enumerate(batch):
        if code >= len(lengths):
            break
        left -= lengths[code]
        lengths.append(lengths[code] + 1)
        if left <= 0:
            return index
    raise Corrupt("is damaged")


class _Codes:
    """The codes in a row of bytes."""

    def __init__(self, pieces: Iterable[bytes], order: Literal["little", "big"]) -> None:
        self._pieces = iter(pieces)
        self._order = order
        self._data = b""
        self._bit = 0
        self._dropped = 0

    @property
    def used(self) -> int:
        """Bytes that the codes taken so far stand in."""
        return self._dropped + (self._bit + 7 >> 3)

    def take(self, count: int, width: int) -> tuple[int, ...]:
        """Return the next codes, up to `count` of `width` bits, as far as the data goes."""
        while len(self._data) * 8 - self._bit < count * width:
            piece = next(self._pieces, b"")
            if not piece:
                count = (len(self._data) * 8 - self._bit) // width
                break
            self._data = self._data[self._bit >> 3 :] + piece
            self._dropped += self._bit >> 3
            self._bit &= 7
        after = self._bit + count * width
        packed = int.from_bytes(self._data[self._bit >> 3 : after + 7 >> 3], self._order)
        packed >>= (self._bit if self._order == "little" else -after) & 7
        packed &= (1 << count * width) - 1
        self._bit = after
        if self._order == "little":
            return _fields(packed, count, width)
        return _fields(packed, count, width)[::-1]

    def give_back(self, count: int, width: int) -> None:
        """Undo the last `take` of so many codes."""
        self._bit -= count * width


def _fields(packed: int, count: int, width: int) -> tuple[int, ...]:
    """Return `count` fields of `width` bits, from the lowest up.

    The fields are moved apart, all of one half at a time, until each has 16 bits.
    """
    size = 1 << max(count - 1, 0).bit_length()
    for shift, lower, upper in _moves(size, width):
        packed = packed & lower | (packed & upper) << shift
    return struct.unpack(f"<{size}H", packed.to_bytes(2 * size, "little"))[:count]


@cache
def _moves(size: int, width: int) -> tuple[tuple[int, int, int], ...]:
    """Return the steps by which `size` fields, a power of two, come to be 16 bits apart.

    Each is how far the upper halves move, and masks for the lower and the upper halves.
    """
    steps = []
    half = size // 2
    while half:
        # Each group of fields begins where the steps before have put it.
        group = (1 << half * width) - 1
        lower = sum(group << start for start in range(0, 16 * size, 32 * half))
        steps.append(((16 - width) * half, lower, lower << half * width))
        half //= 2
    return tuple(steps)
