"""How much of LZW data a decoder reads, as GIF and TIFF have it.

Only the lengths of the codes' strings are followed, not the pixels themselves.
Sources: GIF89a specification, appendix F; TIFF 6.0 section 13.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
_FULL = 1 << _MAX_WIDTH
_BATCH = 64
"""Codes that are taken at once at most: few enough that shifting them all out stays cheap."""
_SPECIAL = 1 << 40
"""Length given to the clear and end codes: more pixels than any picture has, so both stand out."""


class Corrupt(Exception):
    """A code that stands for nothing yet."""


def bytes_read(pieces: Iterable[bytes], code_size: int, pixels: int, dialect: Dialect = GIF) -> int:
    """Return how many bytes of the data a decoder reads.

    That is up to the last pixel's code, with the end code if it follows at once or behind a clear
    code; up to an early end code; or up to the last whole code where the data runs out before.
    `pieces` are the data in order, `code_size` the bits of a pixel (one of CODE_SIZES), `pixels`
    how many there are, above 0. Raises Corrupt. Takes time in proportion to the data.
    """
    codes = _Codes(pieces, dialect)
    clear = 1 << code_size
    end = clear + 1
    fresh = [1] * clear + [_SPECIAL, _SPECIAL]
    lengths, width, last, seen = fresh.copy(), code_size + 1, 0, 0
    limit = 1
    while seen < pixels:
        # A batch ends where the width grows; the first code after a clear adds no string. One
        # that something special stands in is given back and taken in smaller steps.
        room = (1 << width) - dialect.early - len(lengths) if last else 1
        batch = codes.take(min(room, limit) if room > 0 else limit, width)
        if not batch:
            return codes.used
        known = len(lengths)
        try:
            newest, total = _follow(batch, lengths, last)
        except IndexError:
            newest, total = 0, _SPECIAL
        if seen + total < pixels or (len(batch) == 1 and total < _SPECIAL):
            last = newest
            seen += total
            limit = min(2 * limit, _BATCH)
            if len(lengths) == (1 << width) - dialect.early and width < _MAX_WIDTH:
                width += 1
        elif len(batch) > 1:
            del lengths[known:]
            codes.give_back(len(batch), width)
            limit = len(batch) // 2
        elif batch[0] == clear:
            lengths, width, last = fresh.copy(), code_size + 1, 0
        elif batch[0] == end:
            return codes.used
        else:
            raise Corrupt
    used = codes.used
    following = codes.take(1, width)
    if following == [clear]:
        following = codes.take(1, code_size + 1)
    return codes.used if following == [end] else used


def _follow(batch: Sequence[int], lengths: list[int], last: int) -> tuple[int, int]:
    """Return the length of the last code's string, and of all together, in pixels.

    Adds the strings that the codes define to `lengths`. Raises IndexError.
    """
    total = 0
    if not last or len(lengths) >= _FULL:
        for code in batch:
            last = lengths[code]
            total += last
    else:
        define = lengths.append
        for code in batch:
            define(last + 1)
            last = lengths[code]
            total += last
    return last, total


class _Codes:
    """The codes in a row of bytes."""

    def __init__(self, pieces: Iterable[bytes], dialect: Dialect) -> None:
        self._pieces = iter(pieces)
        self._order = dialect.order
        self._data = b""
        self._bit = 0
        self._dropped = 0

    @property
    def used(self) -> int:
        """Bytes that the codes taken so far stand in."""
        return self._dropped + (self._bit + 7 >> 3)

    def take(self, count: int, width: int) -> list[int]:
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
        mask = (1 << width) - 1
        self._bit = after
        shifts = range(0, count * width, width)
        return [packed >> s & mask for s in (shifts if self._order == "little" else shifts[::-1])]

    def give_back(self, count: int, width: int) -> None:
        """Undo the last `take`."""
        self._bit -= count * width
