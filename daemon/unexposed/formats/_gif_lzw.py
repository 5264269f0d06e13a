"""How much of a GIF picture's LZW data a decoder reads.

Only the lengths of the codes' strings are followed, not the pixels themselves.
Source: GIF89a specification, appendix F.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CODE_SIZES = range(2, 9)
"""Bits of a pixel for which all decoders agree on how the data is read."""

_MAX_WIDTH = 12
_FULL = 1 << _MAX_WIDTH
_BATCH = 64
"""Codes that are taken at once at most: few enough that shifting them all out stays cheap."""
_SPECIAL = 1 << 40
"""Length given to the clear and end codes: more pixels than any picture has, so both stand out."""


class Corrupt(Exception):
    """What is wrong with the data: a code that stands for nothing yet, or too few codes."""


def bytes_read(pieces: Iterable[bytes], code_size: int, pixels: int) -> int:
    """Return how many bytes of the data a decoder reads.

    That is up to the last pixel's code, and the end code if it follows at once; or up to an
    early end code. `pieces` are the data in order, `code_size` the bits of a pixel (one of
    CODE_SIZES), `pixels` the picture's area, above 0. Raises Corrupt, also where the data runs
    out before either: there decoders read on in whatever follows. Takes time in proportion to
    the data.
    """
    codes = _Codes(pieces)
    clear = 1 << code_size
    end = clear + 1
    fresh = [1] * clear + [_SPECIAL, _SPECIAL]
    lengths, width, last, seen = fresh.copy(), code_size + 1, 0, 0
    limit = 1
    while seen < pixels:
        # A batch ends where the width grows; the first code after a clear adds no string. One
        # that something special stands in is given back and taken in smaller steps.
        room = (1 << width) - len(lengths) if last else 1
        batch = codes.take(min(room or limit, limit), width)
        if not batch:
            raise Corrupt("ends before the picture does")
        known = len(lengths)
        try:
            newest, total = _follow(batch, lengths, last)
        except IndexError:
            newest, total = 0, _SPECIAL
        if seen + total < pixels or (len(batch) == 1 and total < _SPECIAL):
            last = newest
            seen += total
            limit = min(2 * limit, _BATCH)
            if len(lengths) == 1 << width and width < _MAX_WIDTH:
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
            raise Corrupt("is damaged")
    following = codes.take(1, width)
    if following and following[0] != end:
        codes.give_back(1, width)
    return codes.used


def _follow(batch: Sequence[int], lengths: list[int], last: int) -> tuple[int, int]:
    """Return the length of the last code's string, and of all together, in pixels.

    Adds the strings that the codes define to `lengths`. Raises IndexError.
    """
    total = 0
    if not last or len(lengths) == _FULL:
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
    """The codes in a row of bytes, from the lowest bit up."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
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
        packed = int.from_bytes(self._data[self._bit >> 3 : after + 7 >> 3], "little")
        packed >>= self._bit & 7
        mask = (1 << width) - 1
        self._bit = after
        return [packed >> shift & mask for shift in range(0, count * width, width)]

    def give_back(self, count: int, width: int) -> None:
        """Undo the last `take`."""
        self._bit -= count * width
